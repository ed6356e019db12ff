"""Standing as dated spells: what a household is follows from them, and nobody writes otherwise."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from households.models import Episode, Household, OpeningStock, RegisterEvent, Spell
from households.standing import selectors, services
from households.standing.opening import close_opening, count_sheet, is_opening
from tests import factories
from tests.factories import COUNTY, VILLAGE

pytestmark = pytest.mark.django_db


def stood(**said):
    return factories.household(**{"identified_on": None, "exit_status": ""} | said)


def bounds(household):
    rows = household.spells.order_by("axis", "since")
    return [(row.klass_id, row.since, row.until, row.since_known, row.until_known) for row in rows]


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_household_out_of_poverty_since_an_unknown_day():
    row = stood(identified_on=date(2014, 5, 1), exit_status="1", data_date=date(2020, 9, 30))
    assert bounds(row) == [
        ("poor", date(2014, 5, 1), date(2020, 9, 30), "day", "unknown"),
        ("out", date(2020, 9, 30), None, "unknown", ""),
    ]
    assert (row.exit_status, row.household_type, row.identified_on) == ("1", "01", date(2014, 5, 1))
    assert row.in_register and row.exit_year is None


def test_between_identification_and_the_roster_nobody_knows():
    row = stood(identified_on=date(2014, 5, 1), exit_status="1", data_date=date(2020, 9, 30))
    rows = Household.objects.all()
    assert list(selectors.with_exit_status(rows, "1", 2020)) == [row]
    assert not selectors.with_exit_status(rows, "0", 2017).exists()
    assert not selectors.with_exit_status(rows, "1", 2017).exists()
    assert list(rows.filter(selectors.had_class(2017))) == [row]
    assert not rows.filter(selectors.had_class(2013)).exists()


def test_exit_and_return_by_year_stand_on_31_december():
    row = stood(identified_on=date(2014, 1, 1), exit_status="3", exit_year=2016, return_year=2018)
    assert [(klass, since, until) for klass, since, until, *_ in bounds(row)] == [
        ("poor", date(2014, 1, 1), date(2016, 12, 31)),
        ("out", date(2016, 12, 31), date(2018, 12, 31)),
        ("returned", date(2018, 12, 31), None),
    ]
    assert (row.exit_status, row.exit_year, row.return_year, row.household_type) == ("3", 2016, 2018, "03")
    for year, code in ((2015, "0"), (2017, "1"), (2019, "3")):
        assert list(selectors.with_exit_status(Household.objects.all(), code, year)) == [row]


def test_a_cleared_household_keeps_what_it_was_monitored_as():
    row = stood(
        household_type="04", monitor_type="2", risk_identified_on=date(2019, 3, 1), risk_cleared=True,
        risk_cleared_on=date(2020, 6, 1), risks=["01", "03"], risk_clear_way="1",
    )  # fmt: skip
    assert (row.monitor_type, row.risk_identified_on, row.risk_cleared, row.risk_cleared_on) == (
        "2", date(2019, 3, 1), True, date(2020, 6, 1),
    )  # fmt: skip
    assert (row.risks, row.risk_clear_way, row.household_type, row.in_register) == (["01", "03"], "1", "04", True)


def test_a_second_episode_stands_beside_the_first():
    row = stood(monitor_type="3", household_type="02", risk_identified_on=date(2019, 3, 1), risk_cleared=True,
                risk_cleared_on=date(2019, 12, 1))  # fmt: skip
    spell = Spell.objects.create(household=row, village_id=VILLAGE, klass_id="edge", since=date(2020, 5, 1),
                                 origin="opening")  # fmt: skip
    Episode.objects.create(spell=spell, risks=["02"])
    row.refresh_from_db()
    assert (row.monitor_type, row.risk_cleared, row.risks) == ("2", False, ["02"])
    assert row.spells.count() == 2
    check_now()


@pytest.mark.parametrize(
    "said", [{"exit_status": "0"}, {"exit_status": "2"}, {"household_type": "03"}, {"monitor_type": "1"}, {}]
)
def test_what_a_roster_says_comes_back(said):
    row = stood(**said)
    for name, value in said.items():
        assert getattr(row, name) == value
    assert row.in_register


@pytest.mark.parametrize(
    "said",
    [{"exit_status": "1", "exit_year": 2018}, {"exit_status": "3", "exit_year": 2016, "return_year": 2018}],
)
def test_a_day_of_exit_is_no_day_of_identification(said: dict[str, Any]) -> None:
    row = stood(**said)
    assert (row.identified_on, row.exit_year) == (None, said["exit_year"])


def test_one_class_an_axis_and_day():
    row = stood(exit_status="0", identified_on=date(2014, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Spell.objects.create(
            household=row, village_id=VILLAGE, klass_id="out", since=date(2018, 1, 1), origin="opening"
        )


@pytest.mark.parametrize(
    "change",
    [
        {"exit_status": "1"}, {"household_type": "01"}, {"identified_on": date(2013, 1, 1)}, {"exit_year": 2018},
        {"monitor_type": "1"}, {"risk_cleared": True}, {"in_register": False},
    ],
)  # fmt: skip
def test_nobody_writes_what_a_household_is(change):
    row = stood(exit_status="0", identified_on=date(2014, 1, 1))
    with pytest.raises(IntegrityError, match="standing"), transaction.atomic():
        Household.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError, match="standing"), transaction.atomic():
        Household.objects.create(household_no="X1", village_id=VILLAGE, **change | {"in_register": True})


def closed():
    OpeningStock.objects.create(county_id=COUNTY, closed_on=timezone.localdate())


@pytest.mark.parametrize(
    "origin", ["opening", "list", "department", "correction", "carried", "split", "next", "closed"]
)
def test_a_spell_without_its_origin_is_refused_at_commit(origin):
    row = factories.ordinary()
    closed()
    with pytest.raises(IntegrityError, match="no origin"), transaction.atomic():
        Spell.objects.create(household=row, village_id=VILLAGE, klass_id="poor", since=date(2020, 1, 1), origin=origin)
        check_now()


@pytest.mark.parametrize("end", ["opening", "list", "department", "correction", "carried", "split", "next", "closed"])
def test_a_spell_ends_by_no_other_way_either(end):
    row = stood(exit_status="0", identified_on=date(2014, 1, 1))
    check_now()
    closed()
    with pytest.raises(IntegrityError, match="no origin"), transaction.atomic():
        row.spells.update(until=date(2020, 1, 1), until_known="day", end_origin=end)
        check_now()
    with pytest.raises(IntegrityError, match="no origin"), transaction.atomic():
        row.spells.all().delete()
        check_now()


def test_raw_sql_is_refused_as_well():
    row = stood(exit_status="0", identified_on=date(2014, 1, 1))
    with pytest.raises(IntegrityError, match="standing"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE households_household SET exit_status = '1' WHERE id = %s", [row.pk])


def test_the_office_closes_the_opening_stock_once():
    stood(exit_status="0", identified_on=date(2014, 1, 1))
    factories.ordinary()
    office = factories.posted("county_officer")
    assert is_opening(VILLAGE)
    check_now()
    counts = count_sheet(COUNTY)
    assert counts == {"households": 2, "registered": 1, "ordinary": 1, "classes": {"贫困户": 1}}
    assert close_opening(by=office, county=COUNTY).counts == counts
    assert not is_opening(VILLAGE)
    with pytest.raises(Exception, match="不能重复办理"):
        close_opening(by=office, county=COUNTY)


def test_a_split_inherits_the_past_by_its_origin():
    row = stood(exit_status="1", identified_on=date(2014, 1, 1), exit_year=2018)
    check_now()
    closed()
    target = factories.ordinary()
    RegisterEvent.objects.create(
        household=target, village_id=VILLAGE, household_change="02", happened_on=date(2019, 1, 1), other=row
    )
    services.inherit(row, target)
    check_now()
    target.refresh_from_db()
    assert (target.exit_status, target.exit_year, target.identified_on) == ("1", 2018, date(2014, 1, 1))


def test_an_ended_household_is_in_no_class():
    row = stood(exit_status="0", identified_on=date(2014, 1, 1))
    check_now()
    closed()
    row.removed_on, row.removed_reason = date(2019, 5, 1), "并入"
    row.save()
    services.end_all(row, date(2019, 5, 1))
    check_now()
    row.refresh_from_db()
    assert not row.in_register and row.exit_status == ""
    assert list(Household.objects.filter(selectors.had_class(2018))) == [row]
