"""What was seen on the old register and must not be seen again: years and reports."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from households.closing.services import verify_closing
from households.eligibility.assess import recompute, recompute_households
from households.models import Assessment
from households.register import moves
from tests import factories as make
from tests.factories import COUNTY, VILLAGE, YEAR
from tests.households.closing.closing_world import close, family
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    client = Client()
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    return client


def report(client, code, year, **more):
    """The columns of a report's whole, by code, and its size."""
    grid = client.get(reverse("report", args=[code]), {"place": COUNTY, "year": year, **more}).context["grid"]
    if grid.is_empty:
        return {}
    found = {head.code: cell.value for head, cell in zip(grid.heads, grid.total.cells, strict=True)}
    return {code: size for code, size in found.items() if size}


def listed(client, year, **filters):
    answer = client.get(reverse("households"), {"place": COUNTY, "year": year, **filters})
    return {row.household_no for row in answer.context["page"].rows}


SPELLS_SQL = """
SELECT s.code, count(DISTINCT s.household_id) FROM households_spell s
WHERE s.axis = 'poverty' AND (s.since IS NULL OR s.since <= %(day)s) AND (s.until IS NULL OR s.until > %(day)s)
GROUP BY 1
"""


def by_spells(day):
    with connection.cursor() as cursor:
        cursor.execute(SPELLS_SQL, {"day": day})
        return dict(cursor.fetchall())


def lives():
    """Three households: left in 2020, left in 2016, poor to this day."""
    return [
        make.household(members=1, identified_on=date(2014, 1, 1), exit_status="1", exit_year=2020),
        make.household(members=1, identified_on=date(2014, 1, 1), exit_status="1", exit_year=2016),
        make.household(members=1, identified_on=date(2015, 1, 1), exit_status="0"),
    ]


@pytest.mark.parametrize("year", [2015, 2016, 2018, 2020])
def test_standing_of_a_year_is_that_at_its_end(year, office):
    lives()
    recompute(COUNTY, year)
    assert report(office, "exit_status", year) == by_spells(date(year, 12, 31))


def test_who_left_in_2020_is_no_former_poor_of_2018(office):
    late, early, poor = lives()
    recompute(COUNTY, 2018)
    assert report(office, "exit_status", 2018) == {"1": 1, "0": 2}
    assert report(office, "scale", 2018)["homes_poor"] == 2
    assert report(office, "size", 2018, exit_status="1") == {"1": 1}
    assert listed(office, 2018, exit_status="1") == {early.household_no}
    assert listed(office, 2018, exit_status="0") == {late.household_no, poor.household_no}
    page = office.get(reverse("households"), {"place": COUNTY, "year": 2018}).context["page"]
    assert {row.household_no: row.standing.exit_status for row in page.rows}[late.household_no] == "0"


def test_a_household_registered_in_2026_is_not_judged_for_2018(office):
    family(year=2018)
    new = make.household(members=1, identified_on=date(2026, 3, 1), exit_status="0")
    recompute(COUNTY, 2018)
    recompute_households([new.pk], 2018)
    assert not Assessment.objects.filter(household=new).exists()
    assert report(office, "scale", 2018)["homes"] == 1
    assert new.household_no not in listed(office, 2018)


def test_a_split_of_today_leaves_a_closed_verdict_alone(office):
    row = family(members=3, record={"wage_income": 12000, "business_income": None, "tr_pension": None})
    closing = close()
    before = Assessment.objects.get(household=row, year=YEAR)
    child = row.members.order_by("person_no").last()
    moves.split_household(
        by=make.posted(Role.TOWNSHIP_OFFICER), household=row, member_ids=[child.pk], new_head=child, relations={},
        on=date(2026, 11, 1), reason="成年分户",
    )  # fmt: skip
    recompute(COUNTY, YEAR)
    after = Assessment.objects.get(household=row, year=YEAR)
    assert (after.verdict, after.persons, after.per_head) == (before.verdict, before.persons, before.per_head)
    assert report(office, "scale", YEAR)["people"] == 3
    assert verify_closing(closing).holds


# Reports and lists of a closed year are what was closed.


def test_reports_of_a_closed_year_are_what_was_closed(office):
    row = family(members=3)
    other = family()
    close()
    before = {code: report(office, code, YEAR) for code in ("scale", "sex", "age", "health", "exit_status", "able")}
    row.members.update(sex="2", birth_date=date(1990, 1, 1), health="02", labour="05")
    child = row.members.order_by("person_no").last()
    child.left_on, child.left_reason = date(2019, 5, 1), "01"
    child.save()
    moves.void_household(by=make.posted(Role.COUNTY_OFFICER), household=other, reason="误录")
    assert {code: report(office, code, YEAR) for code in before} == before
    assert before["scale"]["people"] == 5
    people = office.get(reverse("people"), {"place": COUNTY, "year": YEAR}).context["rows"]
    assert len(people) == 5
    assert {person["sex"] for person in people} == {"男"}
    narrowed = office.get(reverse("people"), {"place": COUNTY, "year": YEAR, "figure": "sex.2"}).context["rows"]
    assert narrowed == []
    assert listed(office, YEAR) == {row.household_no, other.household_no}
    assert listed(office, YEAR, figure="health.02") == set()


def test_a_closed_year_says_so_on_figures_and_in_the_trend(office):
    row = family()
    close()
    make.late_fact(row)
    address = reverse("dashboard-place", args=[COUNTY])
    page = office.get(address, {"year": YEAR})
    assert "封存后更正 1 处" in page.content.decode()
    assert page.context["charts"]["trend"]["categories"] == [f"{YEAR}年（已封存）"]
    assert not page.context["may_recompute"]
    shown = office.get(reverse("report", args=["scale"]), {"place": COUNTY, "year": YEAR}).content.decode()
    assert "封存后更正 1 处" in shown
    assert "按封存时的数" in shown


def test_a_province_adds_closed_and_open_counties(office):
    family(members=3)
    close()
    other = family(make.OTHER_VILLAGE)
    recompute("50", YEAR)
    assert other.village_id != VILLAGE
    client = Client()
    client.force_login(make.posted(Role.COUNTY_LEADER, "50"))
    grid = client.get(reverse("report", args=["sex"]), {"place": "50", "year": YEAR}).context["grid"]
    assert grid.total.total.value == 5
