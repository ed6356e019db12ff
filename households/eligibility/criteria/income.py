"""人均纯收入稳定超过标准: net income a head is greater than the line of the year for the place."""

from households.eligibility.criterion import FAIL, MISSING, PASS, Case, Criterion, Remedy, no_line_words, yuan
from households.models.annual import WORKSHEET_FIELDS
from households.register.completeness import item
from households.register.income_range import whole_gap
from villages.periods.selectors import office_name


def value(case: Case) -> str:
    if case.per_head is None or case.net_income is None:
        return "十项收支都没有记录"
    persons = case.assessment.persons
    return f"家庭纯收入 {yuan(case.net_income)} 元 ÷ {persons} 人 = 人均 {yuan(case.per_head)} 元"


def chip(case: Case) -> str:
    if case.per_head is None or case.line is None:
        return CRITERION.short
    return f"收入 {yuan(case.per_head)} 元 {'>' if case.result == PASS else '≤'} {yuan(case.line)} 元"


def remedy(case: Case) -> list[Remedy]:
    row, line, per_head = case.assessment, case.line, case.per_head
    if line is None:
        asked = office_name(row.village_id)
        return case.remedy(f"{no_line_words(row.year)}，收入暂不能评定：请{asked}在“标准与规则”中登记。", "", "")
    if per_head is None:
        return case.remedy(f"{row.year}年收入支出没有记录：现在填写。", "income", "wage_income")
    net = per_head * row.persons if case.net_income is None else case.net_income
    gap = whole_gap(net, row.persons, line)
    lacking = f"全户 {row.persons} 人还要再多出 {yuan(gap)} 元以上" if gap > 0 else "正好等于标准，高于标准才算通过"
    return case.remedy(
        f"人均纯收入 {yuan(per_head)} 元，不高于标准 {yuan(line)} 元：{lacking}。"
        "请落实增收措施，或核对收入支出各项有无漏记。",
        "income",
        "wage_income",
    )


CRITERION = Criterion(
    order=10,
    code="income",
    label="人均纯收入超过标准",
    short="收入",
    section="income",
    # A place without a line cannot be judged; the rounded figure is compared (contract.md section 4).
    result=f"CASE WHEN n.per_head > r.line_amount THEN '{PASS}' WHEN n.per_head <= r.line_amount THEN '{FAIL}' "
    f"ELSE '{MISSING}' END",
    record=WORKSHEET_FIELDS,
    keeps_record=False,  # net income, persons, line and the figure a head are columns of the verdict
    asks=tuple(item("income", f"annual.{name}") for name in WORKSHEET_FIELDS),
    value=value,
    chip=chip,
    failing=lambda _evidence: "收入不高于线",
    remedy=remedy,
    against_line=True,
)
