"""Every kind of procedure of the year at every state: drafted, at each of its steps, approved, stopped; an approval
that turned out to be wrong; an office that somebody looks after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from households.eligibility.clearing.conditions import MEASURE
from households.models import Batch, BatchEntry, Clearance, Household, TemplateStep
from households.models.template import DayRule, Kind, StepKind
from households.procedures.deputies.services import order_deputy
from households.procedures.engine import clock
from households.procedures.engine.compared import named_of
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.templates import steps_of, template_for
from households.procedures.lists import batches
from households.procedures.lists.corrected import correct_approval
from households.review.services import record_review
from povreg.demo.county import FIRST_DAY, SHOWCASE_TOWNSHIP
from povreg.demo.walk import YEAR, Walk
from povreg.kit.scopes import TOWNSHIP, within
from villages.models import Place, Posting, User
from villages.rights import Role

DRAFT, DONE, STOPPED = "draft", "done", "stopped"
LOW_INCOME, CLASSIFIED = "low_income", "classified"
HALF_A_YEAR_BEFORE, ASSESSED = date(YEAR, 4, 1), date(YEAR, 9, 1)
SPARE = 3  # days that a notice waits beside its own
MONTHS = timedelta(days=60)
Rows = QuerySet[Household]


@dataclass(frozen=True)
class Shown:
    """A kind: which households of the county may stand on its lists, the states that every demonstration has, and what
    is done before a list is drafted."""

    kind: str
    fit: Callable[[Rows], Rows]
    states: tuple[str, ...]
    prepare: Callable[[Walk, Household], object] = lambda walk, home: None


def bring_lists(officer: User, county: str, every: bool = False) -> int:
    """Bring a list of every kind to the states named, with ``every`` to each that none is at yet, a village each;
    returns how many."""
    made = 0
    for shown in SHOWN:
        steps, there = steps_of(template_for(shown.kind, county)), states_there(shown.kind)
        wanted = [state for state in (states_of(steps) if every else shown.states) if state not in there]
        for state, home in zip(wanted, one_a_village(shown, county), strict=False):
            _bring(Walk(officer, home.village_id), shown, home, state, steps)
            made += 1
    wrong_approval(officer, county)
    stand_in(officer, county)
    return made


def states_of(steps: list[TemplateStep]) -> list[str]:
    return [DRAFT, *(step.code for step in steps), DONE, STOPPED]


def states_there(kind: str) -> set[str]:
    """Where lists of a kind stand: at a step, or as a whole."""
    rows = Batch.objects.filter(kind=kind, year=YEAR)
    return {code or state for code, state in rows.values_list("step__code", "state")}


def one_a_village(shown: Shown, county: str) -> list[Household]:
    """A household of every village that has one to list and no list of the kind yet, the showcase township first. Who
    is named by a department's list is passed over."""
    rows = Household.objects.living().filter(within("village_id", county), procedure_of(shown.kind).fits, entries=None)
    taken = Batch.objects.filter(place=OuterRef("village_id"), kind=shown.kind, year=YEAR)
    fit = shown.fit(rows).filter(~Exists(taken)).order_by("village_id", "household_no")
    firsts: dict[str, Household] = {}
    for home in fit:
        firsts.setdefault(home.village_id, home)
    named = named_of([home.pk for home in firsts.values()])
    free = [home for home in firsts.values() if all(each.stands is False for each in named.get(home.pk, []))]
    showcase = f"{county}{SHOWCASE_TOWNSHIP}"
    return sorted(free, key=lambda home: (not home.village_id.startswith(showcase), home.village_id))


def _bring(walk: Walk, shown: Shown, home: Household, state: str, steps: list[TemplateStep]) -> None:
    walk.household_ids = [home.pk]
    shown.prepare(walk, home)
    if state == DRAFT:
        walk.draft(1, shown.kind)
        return
    at = steps[1].code if state == STOPPED else "" if state == DONE else state
    batch = walk.until(walk.start(days_to(at, steps), shown.kind), at)
    if state == STOPPED:
        with clock.at(walk.day):
            batches.stop_batch(by=walk.actor(batch), batch=batch, reason="本村正在核实收入数据，下月重新拟定。")
    elif batch.step is not None and batch.step.kind == StepKind.NOTICE:
        walk.post(batch)
        with clock.at(walk.day):
            walk.supply(batch)


def days_to(code: str, steps: list[TemplateStep]) -> int:
    """How many days ago a list began that comes to a step now: a day a step, a notice its days."""
    days = SPARE
    for step in steps:
        if step.code == code:
            break
        hangs = step.days * (2 if step.day_rule == DayRule.WORKING else 1) + SPARE
        days += 1 + (hangs if step.kind == StepKind.NOTICE else 0)
    return days


# Which households, and what comes before.


def _former(rows: Rows) -> Rows:
    return rows.filter(in_register=True, exit_status="1", monitor_type="", annual_records__year=YEAR)


def _ordinary(rows: Rows) -> Rows:
    return rows.filter(in_register=False)


def _near(rows: Rows) -> Rows:
    """Monitored for half a year, and nothing stands against the end of it but, at most, the paper of a measure."""
    near = Clearance.objects.filter(year=YEAR, failed=[], missing__contained_by=[MEASURE])
    rows = rows.filter(assessments__year=YEAR, assessments__verdict="pass", risk_identified_on__lt=HALF_A_YEAR_BEFORE)
    return rows.filter(in_register=True, pk__in=near.values("household_id"))


def _assess(walk: Walk, home: Household) -> None:
    """The comprehensive assessment that sorting rests on, from before any list."""
    economy, proposal = (("stable", "end"), ("weak", "go_on"))[home.pk % 2]
    record_review(
        by=walk.cadre, household=home, year=YEAR, economy=economy, ability="part", proposal=proposal,
        evidence="入户查看收支账和住房、就业情况", assessors=f"{walk.cadre.name}、{walk.township.name}",
        assessed_on=min(ASSESSED, timezone.localdate()),
    )  # fmt: skip


SHOWN = (
    Shown(Kind.MONITOR_IN, _former, (STOPPED,)),
    Shown(Kind.MONITOR_OUT, _near, ("notice_1", DONE), Walk.deliver),
    Shown(Kind.REMOVAL, _former, ("county_review",)),
    Shown(LOW_INCOME, _ordinary, ("survey", DONE)),
    Shown(CLASSIFIED, _former, ("township_review", DONE), _assess),
)
"""Every kind that the year offers. All of its states take a minute: ``load_demo --every-state``."""


# What an office has to do besides.


def wrong_approval(officer: User, county: str) -> None:
    """A second officer found an approval to be wrong: the order waits for the first one's approval."""
    entry = BatchEntry.objects.filter(batch__kind=LOW_INCOME, batch__state=Batch.State.DONE, state="listed").first()
    if entry is None:
        return
    other, _ = User.objects.get_or_create(
        username="xian-2",
        defaults={
            "name": "贺建军", "place_id": county, "password": make_password(None), "must_change_password": False,
            "password_changed_at": timezone.now(),
        },
    )  # fmt: skip
    Posting.objects.get_or_create(
        user=other, role=Role.COUNTY_OFFICER, place_id=county, defaults={"starts_on": FIRST_DAY}
    )
    reason = "复核发现本户有城镇商品房，认定时没有比对到。"
    correct_approval(by=other, entry=entry, document=f"渝农〔{YEAR}〕9号", reason=reason)


def stand_in(officer: User, county: str) -> None:
    """A township's officer looks after the office of the next one, which is vacant; the order waits to be granted."""
    deputy = User.objects.filter(username="zhen").first()
    vacant = Place.objects.under(county).current().filter(level=Place.Level.TOWNSHIP).exclude(postings__isnull=False)
    place = vacant.order_by("code").last()
    if deputy is None or place is None or len(place.pk) != TOWNSHIP:
        return
    since = timezone.localdate()
    order_deputy(
        by=officer, place=place, role=Role.TOWNSHIP_OFFICER, deputy=deputy, since=since, until=since + MONTHS,
        document=f"开农函〔{YEAR}〕12号", reason="岗位空缺，正在招录",
    )  # fmt: skip
