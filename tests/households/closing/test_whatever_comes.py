"""Whatever is entered later, with whatever day, the figures of closed years are what they were."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from households.closing.services import verify_closing
from households.eligibility.assess import recompute, recompute_households
from households.models import Assessment, CountedPerson, Household, Tally, YearClosing
from households.register import member_changes, moves, services
from households.register.errors import FormErrors
from households.standing.corrections import approve_correction, order_correction
from tests import factories as make
from tests.factories import COUNTY, NEXT_VILLAGE, VILLAGE
from tests.households.closing.closing_world import close, family
from villages.rights import Role

pytestmark = pytest.mark.django_db
CLOSED = (2018, 2019, 2020)
WHY = "补登以前的事项"


class World:
    """Three households in two villages, three closed years, and who enters."""

    def __init__(self) -> None:
        self.office = make.posted(Role.COUNTY_OFFICER)
        self.other = make.posted(Role.COUNTY_OFFICER)
        for code in (VILLAGE, VILLAGE, NEXT_VILLAGE):
            row = family(code, members=4, year=CLOSED[0], identified_on=date(2014, 1, 1))
            for year in CLOSED[1:]:
                make.annual_record(row, year)
        for year in CLOSED:
            close(year, by=self.office)

    def some(self, rng: Random) -> Household:
        return rng.choice(list(Household.objects.filter(removed_on__isnull=True).order_by("pk")))

    def young(self, row: Household, rng: Random) -> Any:
        return rng.choice(list(row.members.present().exclude(relation="01").order_by("pk")) or [None])


def record(world: World, row: Household, on: date, rng: Random) -> None:
    known = row.annual_records.filter(year=on.year).first()
    facts = {"wage_income": rng.choice([0, 3000, 90000]), "house_grade": rng.choice("ACD")}
    services.edit_annual(by=world.office, household=row, year=on.year, version=known.version if known else None,
                         facts=facts, reason=WHY)  # fmt: skip


def death(world: World, row: Household, on: date, rng: Random) -> None:
    if member := world.young(row, rng):
        member_changes.record_leaving(by=world.office, member=member, kind="01", on=on, reason=WHY)


def birth(world: World, row: Household, on: date, rng: Random) -> None:
    facts = {"name": "王新生", "relation": "03", "sex": "1", "birth_date": on, "id_no": make.id_number(on)}
    member_changes.record_birth(by=world.office, household=row, year=on.year, facts=facts, reason=WHY)


def split(world: World, row: Household, on: date, rng: Random) -> None:
    if member := world.young(row, rng):
        moves.split_household(by=world.office, household=row, member_ids=[member.pk], new_head=member, relations={},
                              on=on, reason=WHY)  # fmt: skip


def transfer(world: World, row: Household, on: date, rng: Random) -> None:
    village = VILLAGE if row.village_id == NEXT_VILLAGE else NEXT_VILLAGE
    moves.transfer_household(by=world.office, household=row, village=village, on=on, reason=WHY)


def correction(world: World, row: Household, on: date, rng: Random) -> None:
    order = order_correction(by=world.office, household=row, document="更正1号", reason=WHY, klass="out", since=on,
                             spell=row.spells.filter(axis="poverty").order_by("since").last())  # fmt: skip
    approve_correction(by=world.other, order=order)


def struck(world: World, row: Household, on: date, rng: Random) -> None:
    moves.void_household(by=world.office, household=row, reason=WHY)


def judge(world: World, row: Household, on: date, rng: Random) -> None:
    recompute(COUNTY, on.year)
    recompute_households([row.pk], on.year)


DEEDS: tuple[Callable[[World, Household, date, Random], None], ...] = (
    record, death, birth, split, transfer, correction, struck, judge,
)  # fmt: skip
DEED = st.tuples(st.sampled_from(DEEDS), st.dates(date(2016, 1, 1), date(2026, 10, 31)), st.integers(0, 99))


def figures() -> dict[str, list[tuple[Any, ...]]]:
    of = {"year__in": CLOSED}
    return {
        "tally": sorted(Tally.objects.filter(**of).values_list("year", "place_id", "measure", "bucket", "households",
                                                               "people", "amount")),
        "verdicts": sorted(Assessment.objects.filter(**of).values_list("household_id", "year", "verdict", "persons",
                                                                       "exit_status")),
        "people": sorted(CountedPerson.objects.filter(**of).values_list("member_id", "household_id", "year",
                                                                        "counted_in")),
    }  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=st.lists(DEED, min_size=1, max_size=6))
def test_the_figures_of_closed_years_stay(deeds):
    with transaction.atomic():
        world = World()
        before = figures()
        for deed, on, seed in deeds:
            rng = Random(seed)
            try:
                with transaction.atomic():
                    deed(world, world.some(rng), on, rng)
            except (ValidationError, FormErrors):
                continue  # refused by a rule of its own
        assert figures() == before
        assert all(verify_closing(row).holds for row in YearClosing.objects.all())
        transaction.set_rollback(True)
