"""Which households may stand on a list of which kind: one table, judged over the whole list by sets.

A guard names the condition under which an entry is *bad*. ``refuse`` guards stop drafting, reviews and approval;
``warn`` guards are shown beside the row. Higher apps add theirs at start (``register_guard``), as for what a
household is owed before it may leave.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from households.eligibility.blockers import label as blocker_label
from households.models import Assessment, Batch, BatchEntry, Member
from households.models.template import Kind
from households.procedures.engine.errors import ProcedureError, listed

REGISTERED_POOR = ("0", "2", "3")  # 未脱贫、预脱贫、返贫
OUT_OF_POVERTY = "1"
LEAVING = frozenset({Kind.EXIT})
EVERY_KIND = frozenset(Kind)


@dataclass(frozen=True)
class RowGuard:
    """``bad(year)`` is the condition over BatchEntry; ``message`` completes the sentence "户… "."""

    code: str
    kinds: frozenset[str]
    bad: Callable[[int], Q]
    message: str
    refuses: bool = True


def judged(year: int, **facts: object) -> Q:
    """Whether the household's verdict of the year is such."""
    return Q(Exists(Assessment.objects.filter(household_id=OuterRef("household_id"), year=year, **facts)))


def headless(year: int) -> Q:
    """Whether the household has no present head."""
    heads = Member.objects.filter(household_id=OuterRef("household_id"), relation="01", left_on__isnull=True)
    return ~Q(Exists(heads))


_guards: dict[str, RowGuard] = {}


def register_guard(guard: RowGuard) -> None:
    """Add a guard, or replace the one of the same code."""
    _guards[guard.code] = guard


def guards_of(kind: str) -> list[RowGuard]:
    return [guard for guard in _guards.values() if kind in guard.kinds]


for _guard in (
    RowGuard("removed", EVERY_KIND - {Kind.IDENTIFICATION}, lambda _: Q(household__removed_on__isnull=False), "已销号"),
    RowGuard("moved", EVERY_KIND, lambda _: ~Q(household__village_id=F("batch__place_id")), "已迁到其他村"),
    RowGuard(
        "candidate",
        EVERY_KIND - {Kind.IDENTIFICATION, Kind.MONITOR_IN},
        lambda _: Q(household__candidate=True),
        "尚未识别，不在册",
    ),
    RowGuard(
        "already_in",
        frozenset({Kind.IDENTIFICATION}),
        lambda _: Q(household__candidate=False, household__removed_on=None) & ~Q(household__exit_status=""),
        "已在册，不用再识别（返贫请用返贫程序）",
    ),
    RowGuard("not_poor", LEAVING, lambda _: ~Q(household__exit_status__in=REGISTERED_POOR), "不是未脱贫户，不能退出"),
    RowGuard("verdict", LEAVING, lambda year: ~judged(year, verdict="pass"), "两不愁三保障未全部达标，不能退出"),
    RowGuard(
        "blocked", LEAVING, lambda year: judged(year, verdict="pass", eligible=False), "虽然达标，但有不得退出的情形"
    ),
    RowGuard(
        "same_year",
        LEAVING,
        lambda year: Q(household__identified_on__year=year) | Q(household__return_year=year),
        "当年识别或返贫，当年不得退出",
    ),
    RowGuard(
        "not_out",
        frozenset({Kind.RETURN}),
        lambda _: ~Q(household__exit_status=OUT_OF_POVERTY),
        "没有脱贫，不用返贫程序",
    ),
    RowGuard(
        "monitored",
        frozenset({Kind.MONITOR_IN}),
        lambda _: ~Q(household__monitor_type="") & ~Q(household__risk_cleared=True),
        "已是监测对象",
    ),
    RowGuard(
        "no_monitor_type",
        frozenset({Kind.MONITOR_IN}),
        lambda _: Q(monitor_type="") | Q(risks=[]),
        "没有填写监测对象类型或风险类型",
    ),
    RowGuard(
        "not_monitored",
        frozenset({Kind.MONITOR_OUT}),
        lambda _: Q(household__monitor_type="") | Q(household__risk_cleared=True),
        "不是监测对象，或风险已经消除",
    ),
    RowGuard(
        "unsafe",
        frozenset({Kind.MONITOR_OUT}),
        lambda year: judged(year, failed__len__gt=0),
        "两不愁三保障没有全部解决，不得标注风险消除",
    ),
    RowGuard(
        "backstop",
        frozenset({Kind.MONITOR_OUT}),
        lambda _: Q(household__no_labour_backstop=True),
        "整户无劳动能力，暂不标注风险消除",
    ),
    RowGuard("no_clear_way", frozenset({Kind.MONITOR_OUT}), lambda _: Q(clear_way=""), "没有填写风险消除方式"),
    RowGuard(
        "no_head",
        EVERY_KIND,
        headless,
        "没有户主，请先在农户信息中登记户主",
    ),
    RowGuard("borderline", LEAVING, lambda year: judged(year, borderline=True), "收入踩线", refuses=False),
    RowGuard(
        "consent_refused", LEAVING, lambda _: Q(consent=False), "本户不认可退出", refuses=True
    ),
):  # fmt: skip
    register_guard(_guard)

LATER = frozenset({"no_monitor_type", "no_clear_way"})
"""What may still be missing while a list is drafted."""


def findings(batch: Batch, entries: QuerySet[BatchEntry], *, refuses: bool) -> dict[int, list[RowGuard]]:
    """Entry id to the guards it fails, one query a guard."""
    found: dict[int, list[RowGuard]] = {}
    for guard in guards_of(batch.kind):
        if guard.refuses == refuses:
            for pk in entries.filter(guard.bad(batch.year)).values_list("pk", flat=True):
                found.setdefault(pk, []).append(guard)
    return found


def demand(batch: Batch, entries: QuerySet[BatchEntry], *, drafting: bool = False) -> None:
    """Raise ProcedureError naming the households that may not stand on this list, and why."""
    rows: dict[int, str] = {}
    for guard in guards_of(batch.kind):
        if not guard.refuses or (drafting and guard.code in LATER):
            continue
        for pk in entries.filter(guard.bad(batch.year)).values_list("pk", flat=True):
            rows.setdefault(pk, guard.message)
    if rows:
        raise ProcedureError(_sentence(rows), rows)


def _sentence(rows: dict[int, str]) -> str:
    numbers = dict(BatchEntry.objects.filter(pk__in=rows).values_list("pk", "household__household_no"))
    parts = [
        f"户 {listed(numbers[pk] for pk, text in rows.items() if text == message)}：{message}。"
        for message in dict.fromkeys(rows.values())
    ]
    return "".join(parts) + "请先改正，或把这些户取消、退回。"


def blockers_of(entry: BatchEntry, year: int) -> list[str]:
    """Labels of what keeps a household from leaving although it passes."""
    row = Assessment.objects.filter(household_id=entry.household_id, year=year).first()
    return [blocker_label(code) for code in row.blockers] if row else []
