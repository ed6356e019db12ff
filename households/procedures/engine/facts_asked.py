"""What facts decide who may stand on a list (policy.md 1, policy-2026.md 3, 4, 8). Not recorded refuses like not met.

Conditions over BatchEntry, for the year of its list. Those marked ``excusable`` may be outweighed by an exception with
reason and evidence, as the line is no sole test: for taking in only, never for leaving.
"""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from households.models import AnnualRecord, Assessment, Clearance, ComparisonHit, IncomeTest, Paper
from households.models.codes import EDGE, OUT_OF_POVERTY, SUDDEN, UNSTABLE
from households.models.template import PaperKind
from households.procedures.engine.guard_rows import judged
from households.procedures.engine.procedure import RowGuard

TESTED_SINCE = 2021
"""The year since which an income test of twelve months judges who is at risk (policy-2026.md 1, 4)."""
EXCEPTION_WORDS = "经评议和审核认定符合条件"


def _of_household(model: type, **facts: object) -> Q:
    rows = model._default_manager.filter(household_id=OuterRef("household_id"), **facts)  # type: ignore[attr-defined]
    return Q(Exists(rows))


def recorded(year: int) -> Q:
    """Whether anything was recorded of the household for the year."""
    return _of_household(AnnualRecord, year=year)


def income_recorded(year: int) -> Q:
    """Whether the verdict of the year knows the income."""
    rows = Assessment.objects.filter(household_id=OuterRef("household_id"), year=year, per_head__isnull=False)
    return Q(Exists(rows.exclude(missing__contains=["income"])))


def tested(year: int, **facts: object) -> Q:
    """Whether the latest income test of the year or the one before is such."""
    known = {"per_head__isnull": False, "asked_on__year__in": (year - 1, year)}
    newer = IncomeTest.objects.filter(household_id=OuterRef("household_id"), pk__gt=OuterRef("pk"), **known)
    rows = IncomeTest.objects.filter(household_id=OuterRef("household_id"), **known).exclude(Exists(newer))
    return Q(Exists(rows.filter(**facts)))


def with_evidence() -> Q:
    """Whether evidence was attached to the entry itself."""
    rows = Paper.objects.filter(entry_id=OuterRef("pk"), kind=PaperKind.EVIDENCE, removed_at=None)
    return Q(Exists(rows))


def no_test(year: int) -> Q:
    return ~tested(year) if year >= TESTED_SINCE else ~income_recorded(year)


def not_inside(year: int) -> Q:
    """In a class that goes by income, which lies outside the range."""
    if year < TESTED_SINCE:
        return Q(pk=None)
    return Q(monitor_type__in=(UNSTABLE, EDGE)) & tested(year) & ~tested(year, result="inside")


def not_sudden(year: int) -> Q:
    """Taken in for a sudden event that the test does not show."""
    if year < TESTED_SINCE:
        return Q(pk=None)
    shown = tested(year, is_heavy=True) | tested(year, is_sharp_fall=True)
    return Q(monitor_type=SUDDEN) & tested(year) & ~shown


NO_RECORD = RowGuard("no_record", lambda year: ~recorded(year), "没有年度记录，请先登记收入、住房、教育、医疗等情况")
NO_INCOME = RowGuard(
    "no_income",
    lambda year: recorded(year) & ~income_recorded(year),
    "收入没有记录，不能判断是否低于标准，请先补录",
)
INCOME_ABOVE = RowGuard(
    "income_above",
    lambda year: income_recorded(year) & ~judged(year, failed__contains=["income"]),
    "收入不低于标准",
    excusable=True,
)
NOTHING_UNMET = RowGuard(
    "nothing_unmet",
    lambda year: income_recorded(year) & ~judged(year, failed__len__gt=0),
    "收入和保障没有低于标准的",
    excusable=True,
)
HARD_FACTS = RowGuard(
    "hard_facts",
    lambda _: _of_household(ComparisonHit, state=ComparisonHit.State.OPEN),
    "比对发现车辆、商品房、经商办企业或财政供养等情形，还没有核实说明",
)
NO_TEST = RowGuard("no_test", no_test, "没有收入测算，请先测算近十二个月的收入和自付支出", later=True)
NOT_INSIDE = RowGuard("not_inside", not_inside, "测算的收入不在监测范围内", later=True, excusable=True)
NOT_SUDDEN = RowGuard("not_sudden", not_sudden, "测算没有显示刚性支出过大或收入骤减", later=True, excusable=True)
NOT_FORMER = RowGuard(
    "not_former",
    lambda _: Q(monitor_type=UNSTABLE) & ~Q(household__exit_status=OUT_OF_POVERTY),
    "不是脱贫户，不能列为脱贫不稳定户",
    later=True,
)
FORMER = RowGuard(
    "former",
    lambda _: Q(monitor_type=EDGE, household__exit_status=OUT_OF_POVERTY),
    "是脱贫户，不能列为边缘易致贫户",
    later=True,
)
NO_GROUNDS = RowGuard("no_grounds", lambda _: Q(grounds=""), "没有写明清退理由", later=True)
NO_EVIDENCE = RowGuard("no_evidence", lambda _: ~with_evidence(), "没有上传佐证材料", later=True)
NOT_CLEAR = RowGuard(
    "not_clear",
    lambda year: ~_of_household(Clearance, year=year, eligible=True),
    "风险消除的条件没有全部具备（收入稳定、支出解决、保障达标、措施落实），没有记录的不算具备",
)
UNSAFE = RowGuard(
    "unsafe",
    lambda year: ~judged(year, verdict="pass"),
    "两不愁三保障没有全部解决，或没有记录，不得标注风险消除",
)
LACKS_EVIDENCE = RowGuard(
    "exception_evidence", lambda _: ~Q(exception="") & ~with_evidence(), "按例外列入，没有上传佐证材料", later=True
)


def unmet_words(year: int, households: Collection[int]) -> dict[int, str]:
    """What the verdicts found, in the words a villager reads; nothing of a disease (policy.md 11.4)."""
    rows = Assessment.objects.filter(household__in=households, year=year).values_list("household_id", "failed")
    return {pk: "收入低于标准" if "income" in failed else "保障未达标" for pk, failed in rows if failed}


def risk_words(year: int, households: Collection[int]) -> dict[int, str]:
    """What the latest income tests found."""
    rows = IncomeTest.objects.filter(household__in=households, per_head__isnull=False)
    found: dict[int, str] = {}
    for each in rows.filter(asked_on__year__in=(year - 1, year)).order_by("pk"):
        sudden = each.is_heavy or each.is_sharp_fall
        found[each.household_id] = (
            "收入在监测范围内" if each.result == "inside" else "突发情况，生活困难" if sudden else ""
        )
    return {pk: text for pk, text in found.items() if text}
