"""Closing a year: what it takes, what it keeps, and that nothing changes what was closed."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.closed.selectors import as_read, closed_years
from households.closing.selectors import missing_items
from households.closing.services import close_year, verify_closing
from households.eligibility import selectors, services
from households.eligibility.assess import recompute, recompute_households
from households.models import AnnualRecord, Assessment, Batch, MemberYear, Tally, YearClosing
from households.register import village_rows
from households.standing.opening import close_opening
from povreg.jobs.models import Job
from tests import factories as make
from tests.api import rows
from tests.factories import COUNTY, NEXT_VILLAGE, YEAR
from tests.households.closing.closing_world import REASON, close, family
from tests.owner import owner
from villages.rights import Role
from villages.standards import services as standards

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.posted(Role.COUNTY_OFFICER)


def tallies(year=YEAR):
    return sorted(Tally.objects.filter(year=year).values_list("place_id", "measure", "bucket", "households", "people"))


# What it takes.


def test_the_count_sheet_says_what_is_missing(office):
    family()
    unrecorded = make.household(members=1)
    rows.batch(family(), year=YEAR)
    recompute(COUNTY, YEAR)
    unjudged = make.household(members=1)
    found = {item.code: item.count for item in missing_items(COUNTY, YEAR)}
    assert found == {"record": 1, "unjudged": 1, "lists": 1, "opening": 1}
    with pytest.raises(ValidationError) as refused:
        close_year(by=office, county=make.place(COUNTY), year=YEAR)
    assert "清点表上还有缺项" in refused.value.message_dict["reason"][0]
    closing = close_year(by=office, county=make.place(COUNTY), year=YEAR, reason=REASON)
    assert (closing.sheet, closing.reason, closing.households) == (found, REASON, 3)
    assert unrecorded.closed_years.count() == 1
    assert unjudged.closed_years.count() == 0


def test_nothing_missing_wants_no_reason(office):
    family(members=3)
    recompute(COUNTY, YEAR)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    close_opening(by=None, county=COUNTY)
    closing = close_year(by=office, county=make.place(COUNTY), year=YEAR)
    assert (closing.households, closing.people, closing.reason) == (1, 3, "")
    assert not any(closing.sheet.values())


@pytest.mark.parametrize(
    ("county", "year", "field"),
    [(COUNTY, timezone.localdate().year, "year"), ("500154201", YEAR, "county"), (COUNTY, 2017, "year")],
)
def test_only_a_year_of_a_county_that_is_over_and_judged(county, year, field, office):
    family()
    recompute(COUNTY, YEAR)
    with pytest.raises(ValidationError) as refused:
        close_year(by=office, county=make.place(county), year=year, reason=REASON)
    assert set(refused.value.message_dict) == {field}


def test_a_year_is_closed_once(office):
    family()
    close(by=office)
    with pytest.raises(ValidationError):
        close_year(by=office, county=make.place(COUNTY), year=YEAR, reason=REASON)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_OFFICER, Role.COUNTY_LEADER, Role.AUDITOR])
def test_only_the_county_office_closes(role):
    family()
    recompute(COUNTY, YEAR)
    with pytest.raises(PermissionDenied):
        close_year(by=make.posted(role), county=make.place(COUNTY), year=YEAR, reason=REASON)


# What it keeps.


def test_a_closed_year_is_what_was_closed(office):
    row = family(members=2)
    closing = close(by=office)
    assert closed_years(COUNTY) == {YEAR}
    assert as_read(YEAR, row.village_id) == YEAR
    assert verify_closing(closing).holds
    assert len(closing.digest) == 64
    kept = row.closed_years.get()
    assert (kept.counted_in, kept.household_no, kept.head_name) == (row.village_id, row.household_no, "王明海")


def test_who_gets_past_the_guard_is_found_out(office):
    rows_ = [family(), family()]
    closing = close(by=office)
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE households_annualrecord SET wage_income = 1 WHERE household_id = %s", [rows_[1].pk])
        cursor.execute("UPDATE households_tally SET households = 9 WHERE place_id = %s AND measure = 'total'", [COUNTY])
        cursor.execute("SET session_replication_role = origin")
    found = verify_closing(closing)
    assert (found.holds, found.households, found.places) == (False, [rows_[1].pk], [COUNTY])


def test_a_recompute_of_a_closed_year_writes_nothing(office, capsys):
    row = family(members=2)
    closing = close(by=office)
    before, judged = tallies(), Assessment.objects.get(household=row).assessed_at
    make.poverty_line("90000")
    outcome = recompute(COUNTY, YEAR)
    assert (outcome.expected, outcome.assessed, outcome.changed, outcome.closed) == (1, 1, 0, 1)
    recompute_households([row.pk], YEAR)
    assert (tallies(), Assessment.objects.get(household=row).assessed_at) == (before, judged)
    call_command("recompute", place=COUNTY, year=YEAR)
    assert "该年度已封存" in capsys.readouterr().out
    with pytest.raises(ValidationError, match="该年度已封存"):
        services.recompute_place(by=office, place=make.place(COUNTY), year=YEAR)
    assert verify_closing(closing).holds


def test_a_changed_standard_asks_for_nothing_in_a_closed_year(office, django_capture_on_commit_callbacks):
    family()
    close(by=office)
    with django_capture_on_commit_callbacks(execute=True):
        standards.add_line(
            by=office, kind="exit", amount=Decimal(5000), year=YEAR, place=make.place(COUNTY), source="测试依据"
        )
    assert YEAR not in selectors.years_judged(COUNTY)
    assert not Job.objects.filter(kind="recompute", params__year=YEAR).exists()


def test_another_county_of_the_province_goes_on(office):
    family()
    close(by=office)
    family(make.OTHER_VILLAGE)
    outcome = recompute("50", YEAR)
    assert (outcome.expected, outcome.changed, outcome.closed) == (2, 1, 1)
    assert Tally.objects.get(place_id="50", year=YEAR, measure="total").households == 2


# Whatever the tool.


def refused(work):
    with pytest.raises(IntegrityError, match=r"year_closed|year is closed"), transaction.atomic():
        work()


@pytest.mark.parametrize("model", [Assessment, Tally, AnnualRecord, MemberYear])
def test_the_database_refuses_rows_of_a_closed_year(model, office):
    row = family()
    close(by=office)
    of_year = model.objects.filter(year=YEAR)
    field = {"Assessment": "persons", "Tally": "people", "AnnualRecord": "wage_income"}.get(model.__name__, "health")
    refused(lambda: of_year.update(**{field: 1}))
    refused(lambda: of_year.update(year=2019))
    refused(lambda: of_year.all()._raw_delete(of_year.db))
    other = make.household(members=1)
    refused(lambda: make.annual_record(other))
    refused(lambda: make.assessment(other))
    refused(lambda: make.tally(row.village_id, measure="x"))
    refused(lambda: make.member_year(other.members.get()))
    make.annual_record(other, 2019)
    refused(lambda: other.annual_records.update(year=YEAR))


def test_a_closing_stays(office):
    family()
    close(by=office)
    for work in (lambda: YearClosing.objects.update(reason="x"), lambda: YearClosing.objects.all().delete()):
        with pytest.raises(Exception, match=r"closed_once|Cannot|permission denied"), transaction.atomic():
            work()


def test_rows_of_a_closed_year_follow_their_household_to_another_village(office):
    row = family()
    closing = close(by=office)
    make.place(NEXT_VILLAGE)
    village_rows.move([row.pk], NEXT_VILLAGE)
    assert Assessment.objects.get(household=row).village_id == NEXT_VILLAGE
    assert row.closed_years.get().counted_in == row.village_id
    assert verify_closing(closing).holds


def test_other_years_and_lists_go_on(office):
    row = family()
    close(by=office)
    make.annual_record(row, 2021)
    assert recompute(COUNTY, 2021).changed == 1
    assert not Batch.objects.exists()
    assert row.identified_on == date(2014, 1, 1)


def test_a_closed_year_counts_households_where_they_were_surveyed(office):
    """One that moved away before the closing is counted in its village of that year, on dashboards as in reports."""
    row, _stays = family(members=3), family()
    home = row.village_id
    recompute(COUNTY, YEAR)
    make.place(NEXT_VILLAGE)
    village_rows.move([row.pk], NEXT_VILLAGE)
    recompute(COUNTY, YEAR)
    close(by=office)
    total = Tally.objects.filter(year=YEAR, measure="total")
    assert dict(total.values_list("place_id", "households")) == {
        home: 2, home[:9]: 2, COUNTY: 2, "5001": 2, "50": 2,
    }  # fmt: skip
    client = Client()
    client.force_login(office)
    grid = client.get(reverse("report", args=["scale"]), {"place": home[:9], "year": YEAR}).context["grid"]
    assert [line.cells[0].value for line in grid.lines] == [2]
    people = client.get(reverse("people"), {"place": home, "year": YEAR}).context["rows"]
    assert len(people) == 5
