"""An income test in words: its figures, what it says, which classes it allows, what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from households.leads.income.services import outcome_of
from households.models import Household, IncomeRange, IncomeTest, Member
from households.register import income_range as rules
from povreg.kit.pages.columns import yuan_text
from villages.codes.selectors import label

TONES = {
    IncomeRange.INSIDE: "fail",
    IncomeRange.WATCH: "warn",
    IncomeRange.OUTSIDE: "pass",
    IncomeRange.UNRECORDED: "missing",
}


def field_label(name: str) -> str:
    """The name of an item."""
    return str(IncomeTest._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


@dataclass(frozen=True)
class ShownTest:
    """What pages and the print say of a test. ``sums`` are (label, words), ``items`` (part, rows of label, amount,
    whether it counts); ``classes`` those of :func:`households.register.income_range.possible_classes` with labels."""

    row: IncomeTest
    result: str
    tone: str
    words: str
    sums: list[tuple[str, str]]
    items: list[tuple[str, list[tuple[str, Decimal, bool]]]]
    people: str
    classes: list[tuple[str, bool, str]]
    change: str


def shown_test(row: IncomeTest, household: Household) -> ShownTest:
    """A saved test in words; one query for the names."""
    outcome = outcome_of(row, row.line_amount)
    return ShownTest(
        row=row,
        result=result_words(outcome, row),
        tone=TONES.get(IncomeRange(outcome.result), "missing") if outcome.result else "missing",
        words=compared(outcome),
        sums=sums_of(outcome),
        items=items_of(row),
        people=people_of(row),
        classes=classes_of(outcome, household, event=bool(row.event)),
        change=change_of(outcome),
    )


def result_words(outcome: rules.Outcome, row: IncomeTest) -> str:
    """The verdict; without a line what is missing: 还没有2026年标准线."""
    if not outcome.result:
        return f"还没有{row.asked_on.year}年监测线"
    return str(IncomeRange(outcome.result).label)


def compared(outcome: rules.Outcome) -> str:
    """人均 8,640 元，监测线 8,800 元，观察带到 9,680 元."""
    head = "人均纯收入没有记录" if outcome.per_head is None else f"人均 {yuan_text(outcome.per_head)} 元"
    if outcome.line is None:
        return head
    return f"{head}，监测线 {yuan_text(outcome.line)} 元，观察带到 {yuan_text(outcome.watch_until)} 元"


def sums_of(outcome: rules.Outcome) -> list[tuple[str, str]]:
    """The sums in the order of the formula; nothing where no income was recorded."""
    sums = outcome.sums
    if sums is None:
        return []
    persons = f"{outcome.persons} 人" if outcome.persons else "没有记录"
    return [
        ("收入合计", f"{yuan_text(sums.earned)} 元"),
        ("减：生产经营性支出", f"{yuan_text(sums.cost)} 元"),
        ("减：合规自付", f"{yuan_text(sums.paid)} 元"),
        ("加：理赔和救助", f"{yuan_text(sums.made_good)} 元"),
        ("家庭纯收入", f"{yuan_text(sums.net)} 元"),
        ("共同生活的人", persons),
        ("人均纯收入", f"{yuan_text(outcome.per_head)} 元" if outcome.per_head is not None else "没有记录"),
    ]


def items_of(row: IncomeTest) -> list[tuple[str, list[tuple[str, Decimal, bool]]]]:
    """The items that were recorded, by part."""
    found = []
    for title, names in rules.PARTS:
        rows = [(field_label(name), getattr(row, name), name not in row.left_out) for name in names]
        recorded = [each for each in rows if each[1] is not None]
        if recorded:
            found.append((title, recorded))
    return found


def people_of(row: IncomeTest) -> str:
    names = list(Member.objects.filter(pk__in=row.member_ids).order_by("person_no").values_list("name", flat=True))
    more = [f"没有登记的 {row.others} 人"] if row.others else []
    return "、".join([*names, *more])


def classes_of(outcome: rules.Outcome, household: Household, *, event: bool) -> list[tuple[str, bool, str]]:
    """Each class of monitoring: its name, whether the household may be taken into it, why."""
    standing = rules.standing_of(household.exit_status)
    found = rules.possible_classes(standing, outcome, event=event)
    return [(label("monitor_type", each.code), each.fits, each.why) for each in found]


def change_of(outcome: rules.Outcome) -> str:
    """What would change the verdict."""
    if outcome.reason == "no_line":
        return "县里登记当年的监测线后自动测算。"
    if outcome.reason == "no_income":
        return "填写至少一项计入的收入；只填支出不能判断。"
    if outcome.reason == "no_persons":
        return "选出共同生活的人，或填写没有登记的人数。"
    gap = yuan_text(outcome.gap)
    if outcome.result == IncomeRange.INSIDE:
        return f"全户再多 {gap} 元，就不在监测范围内。"
    return f"全户再少超过 {gap} 元，就进入监测范围。"
