"""Lists of the demonstration county in many states, walked there by the same verbs that people use.

The dates lie around the day of loading, so that notices run and deadlines come up; the year is the last one recorded.
One village's households left poverty in 2020 by a list of that time; what is on its way now is what 2026 offers.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from households.models import Household
from households.models.template import Kind
from households.procedures.engine import clock
from households.procedures.engine.compared import named_of
from households.procedures.engine.procedure import procedure_of
from households.procedures.lists import (
    batches,
    reviews,
    watch,
)
from povreg.demo.county import SHOWCASE_TOWNSHIP
from povreg.demo.facts import LAST_OF_POVERTY
from povreg.demo.states import bring_lists
from povreg.demo.walk import Walk
from villages.models import Place, User
from villages.rights import Right

LIST_OF_2020 = date(2020, 10, 12)
FEWEST = 2  # households that a village must be able to list


def run_procedures(county: str, every: bool = False) -> int:
    """Walk lists of the county into many states, with ``every`` each kind into each; returns how many. Fewer where the
    county has too few households, none where the demonstration's accounts have no posting."""
    officer = User.objects.filter(username="xian").first()
    if officer is None or not officer.can(Right.COUNTY_REVIEW, county):
        return 0
    made = 0
    for scene, village in zip(SCENES, _villages(county), strict=False):
        walk = Walk(officer, village)
        walk.household_ids = at_risk(village)
        scene(walk)
        made += 1
    made += bring_lists(officer, county, every)
    watch.tick()
    return made


def _villages(county: str) -> Iterator[str]:
    """Villages that have households to list, the showcase township first."""
    rows = Place.objects.under(county).current().filter(level=Place.Level.VILLAGE).order_by("code")
    codes = list(rows.values_list("code", flat=True))
    showcase = f"{county}{SHOWCASE_TOWNSHIP}"
    for code in sorted(codes, key=lambda code: (not code.startswith(showcase), code)):
        if len(at_risk(code)) >= FEWEST:
            yield code


def at_risk(village: str) -> list[int]:
    """Households of a village that a list for monitoring may take: two that were poor, one that never was."""
    fit = Household.objects.living().filter(procedure_of(Kind.MONITOR_IN).fits, village_id=village)
    fit = fit.exclude(entries__is_open=True).order_by("household_no")
    out, never = fit.filter(exit_status="1", monitor_type=""), fit.filter(in_register=False)
    return [*_unnamed(out)[:2], *_unnamed(never)[:1]]


def _unnamed(homes: QuerySet[Household]) -> list[int]:
    """Those whom no department's list names for what speaks against taking them in."""
    ids = list(homes.values_list("pk", flat=True))
    named = named_of(ids)
    return [pk for pk in ids if all(each.stands is False for each in named.get(pk, []))]


def leave_poverty(county: str, village: str) -> None:
    """Have the households of a village that are still poor leave in 2020, those that the verdict lets by a list of that
    time."""
    officer = User.objects.filter(username="xian").first()
    walk = Walk(officer, village, LAST_OF_POVERTY) if officer and officer.can(Right.COUNTY_REVIEW, county) else None
    if walk is None:
        return
    walk.household_ids = list(batches.eligible(village, walk.year).values_list("pk", flat=True))
    if walk.household_ids:
        walk.until(walk.start((timezone.localdate() - LIST_OF_2020).days, Kind.EXIT), "")


def noticed(walk: Walk) -> None:
    """In its village notice, an objection waits."""
    batch = walk.until(walk.start(9), "notice_1")
    walk.day = timezone.localdate() - timedelta(days=3)
    posted = walk.post(batch)
    with clock.at(walk.day):
        walk.supply(batch)
    walk.day += timedelta(days=1)
    walk.object(posted, "这一户的儿子在县城有固定工作，家中另有商品房，请核实。")


def settled(walk: Walk) -> None:
    """In its village notice, one objection rejected and, where more than one household is listed, one upheld."""
    batch = walk.until(walk.start(12), "notice_1")
    walk.day = timezone.localdate() - timedelta(days=5)
    posted = walk.post(batch)
    with clock.at(walk.day):
        walk.supply(batch)
    walk.day += timedelta(days=2)
    one = walk.object(posted, "听说这一户在镇上有门面房，收入不低。")
    walk.settle(one, "rejected", "两人入户查看，并查询登记，没有门面房。", "经入户核查和查询，情况不属实，异议不成立。")
    if posted.entries_count < FEWEST:
        return
    two = walk.object(posted, "这一户的儿子今年已经在县里考上事业单位。", position=2, name="谭某")
    walk.settle(two, "upheld", "入户查看属实，家庭收入稳定。", "经入户核查，情况属实，该户不列入本次监测对象。")


def late(walk: Walk) -> None:
    """A notice whose time is over without the photo of the board: overdue."""
    batch = walk.until(walk.start(20), "notice_1")
    walk.day = timezone.localdate() - timedelta(days=14)
    walk.post(batch)


def returned(walk: Walk) -> None:
    """Returned by the township, in its second round."""
    batch = walk.until(walk.start(24), "township_review")
    with clock.at(walk.day):
        reviews.township_review(
            by=walk.township, batch=batch, outcome=reviews.RETURNED, remark="会议签到不全，请重新评议。"
        )


def up_to(code: str, days_ago: int) -> Callable[[Walk], None]:
    def scene(walk: Walk) -> None:
        walk.until(walk.start(days_ago), code)

    return scene


SCENES: tuple[Callable[[Walk], object], ...] = (
    noticed,
    up_to("township_review", 14),
    up_to("county_review", 17),
    up_to("appraisal", 6),
    up_to("", 25),
    settled,
    late,
    lambda walk: walk.draft(1),
    up_to("survey", 4),
    up_to("comparison", 5),
    returned,
)
"""What happens to a list on its way; :mod:`povreg.demo.states` adds the other kinds and states."""
