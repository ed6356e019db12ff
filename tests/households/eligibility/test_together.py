"""Several recomputes at once: nobody waits for ever, no flip is noted twice, the last facts win, counts add up."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from households.eligibility.assess import recompute, recompute_households
from households.models import AnnualRecord, Assessment, Flip, Tally
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = 2020
VILLAGES = (make.VILLAGE, make.NEXT_VILLAGE, "500154202200")


@pytest.fixture
def families():
    make.poverty_line()
    make.criteria_set(year_from=2013)
    rows = []
    for number in range(30):
        row = make.household(VILLAGES[number % 3], members=1)
        make.annual_record(row)
        make.member_year(row.members.get())
        rows.append(row)
    recompute(make.COUNTY, YEAR)
    return rows


def at_once(*work):
    """Run the functions side by side, each with a connection of its own; their failures fail the test."""

    def run(function):
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, each) for each in work]]


def test_two_recomputes_of_one_place_note_every_flip_once(families):
    AnnualRecord.objects.update(food=False)

    outcomes = at_once(*[lambda: recompute(make.COUNTY, YEAR)] * 4)

    assert sorted(each.changed for each in outcomes) == [0, 0, 0, 30]
    assert Flip.objects.count() == 30
    assert not Assessment.objects.exclude(verdict="fail").exists()


def test_saves_during_a_recompute_end_with_the_verdict_of_the_saved_facts(families):
    chosen = families[:12]

    def save(row):
        AnnualRecord.objects.filter(household=row).update(food=False)
        return recompute_households([row.pk], YEAR)

    at_once(*[lambda: recompute(make.COUNTY, YEAR)] * 2, *[lambda row=row: save(row) for row in chosen])

    failed = Assessment.objects.filter(verdict="fail").values_list("household_id", flat=True)
    assert set(failed) == {row.pk for row in chosen}
    assert Flip.objects.count() == len(chosen)
    for place in (make.COUNTY, "5001", "50"):
        tally = Tally.objects.get(place_id=place, year=YEAR, measure="verdict", bucket="fail")
        assert tally.households == len(chosen)
