"""Group 10 of dictionary.md 7: what income says, alone, against the people, against last year."""

from audits.checks.check import check
from audits.checks.rules.guarantees import NO_INCOME, judged
from households.models.annual import TRANSFER_FIELDS
from households.register.logic.money import NET_SQL

TRANSFERS = " + ".join(f"coalesce(h.{name}, 0)" for name in TRANSFER_FIELDS)
NO_EARLIER = f"({NO_INCOME} OR b.per_head IS NULL)"
EARLIER = (
    "EXISTS (SELECT FROM households_assessment x JOIN households_assessment b ON b.household_id = x.household_id "
    "AND b.year = x.year - 1 WHERE x.household_id = h.household_id AND x.year = %(year)s AND {})"
)
check(
    "expense-over", 10, "生产经营性支出大于收入", "h.business_expense > h.business_income",
    shows=("annual.business_income", "annual.business_expense"), source="policy.md 10.1(7)",
    advice="核对支出是不是当年的、单位是不是“元”。",
)  # fmt: skip
check(
    "only-transfers", 10, "转移性收入超过纯收入的 %(percent)s%%，家里有劳动力",
    f"h.able > 0 AND {NET_SQL} > 0 AND ({TRANSFERS}) * 100 > {NET_SQL} * %(percent)s", params={"percent": 80},
    source="policy.md 10.1(7)", advice="核对务工、经营收入是否漏记。",
)  # fmt: skip
check(
    "near-line", 10, "踩线：收入高于标准不多", judged("x.borderline"), source="policy.md 10",
    advice="逐项核实收入，看是否稳定。", unknown=NO_INCOME,
)  # fmt: skip
check(
    "income-jump", 10, "人均纯收入是上年的 %(times)s 倍以上",
    EARLIER.format("b.per_head > 0 AND x.per_head > b.per_head * %(times)s"), params={"times": 3},
    source="policy.md 10 数字脱贫", advice="核对增加的是哪一项，有没有凭据。", unknown=NO_EARLIER,
)  # fmt: skip
check(
    "income-fall", 10, "人均纯收入不到上年的 %(percent)s%%",
    EARLIER.format("b.per_head > 0 AND x.per_head < b.per_head * %(percent)s / 100"), params={"percent": 50},
    source="policy.md 6.1", advice="入户看看出了什么事；有风险的，登记线索。", unknown=NO_EARLIER,
)  # fmt: skip
check(
    "income-copied", 10, "与上年各项收入一模一样",
    "EXISTS (SELECT FROM households_annualrecord b WHERE b.household_id = h.household_id AND b.year = %(year)s - 1 "
    "AND (b.wage_income, b.business_income, b.property_income, b.tr_other, b.business_expense) IS NOT DISTINCT FROM "
    "(h.wage_income, h.business_income, h.property_income, h.tr_other, h.business_expense)) "
    "AND h.wage_income + h.business_income > 0", source="policy.md 10 数字脱贫", advice="重新入户调查当年的收入。",
    unknown="NOT h.recorded",
)  # fmt: skip
check(
    "pension-no-elder", 10, "有养老金收入，没有 60 岁以上的成员",
    "h.tr_pension > 0 AND h.people > 0 AND NOT EXISTS (SELECT FROM facts_people q WHERE "
    "q.household_id = h.household_id AND (q.age >= 60 OR q.age IS NULL))", shows=("annual.tr_pension",),
    source="policy.md 7", advice="核对是不是别的补助填到了养老保险金。",
)  # fmt: skip
check(
    "job-income-over", 9, "公益岗位收入大于工资性收入", "h.public_job_income > h.wage_income",
    shows=("annual.public_job_income", "annual.wage_income"), source="policy-2026.md 9",
    advice="公益岗位收入是工资性收入的一部分，请核对。",
)  # fmt: skip
check(
    "job-no-income", 9, "有人在公益性岗位，公益岗位收入为 0",
    "h.public_jobs > 0 AND h.public_job_income = 0", source="dictionary.md 7 第9组",
    advice="核对岗位是否到岗、工资是否发放。",
)  # fmt: skip
check(
    "job-income-no-job", 9, "有公益岗位收入，没有人在公益性岗位",
    "h.public_job_income > 0 AND h.people > 0 AND h.public_jobs = 0", shows=("annual.public_job_income",),
    source="dictionary.md 7 第9组", advice="核对岗位登记或收入。",
)  # fmt: skip
check(
    "dividend-over", 10, "分红大于财产性收入和其他转移性收入之和",
    "h.dividend_income > coalesce(h.property_income, 0) + coalesce(h.tr_other, 0)",
    shows=("annual.dividend_income", "annual.property_income"), source="policy-2026.md 9",
    advice="分红已经计入上面的某一项，请核对。",
)  # fmt: skip
check(
    "cleared-nothing-earned", 10, "风险已消除，工资、经营、转移收入全是 0",
    f"h.risk_cleared AND h.wage_income = 0 AND h.business_income = 0 AND ({TRANSFERS}) = 0", since=2021,
    source="dictionary.md 7 第10组", advice="核对收入是否漏填。",
)  # fmt: skip
check(
    "heavy-spending", 10, "合规自付支出超过纯收入的 %(percent)s%%，没有纳入监测",
    f"h.self_paid > 0 AND {NET_SQL} > 0 AND h.self_paid * 100 > {NET_SQL} * %(percent)s AND h.monitor_type = ''",
    since=2021, params={"percent": 40}, shows=("annual.self_paid",), source="policy-2026.md 4",
    advice="入户核实刚性支出；有风险的，登记线索。",
)  # fmt: skip
