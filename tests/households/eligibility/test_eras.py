"""The line that judges follows from the year; where none was entered nothing is made up."""

from decimal import Decimal

import pytest

from households.eligibility import services
from households.eligibility.assess import recompute
from households.eligibility.explain import chips, lines_beside, remedies, rows
from households.eligibility.reports import assessments_report
from households.models import Assessment, Tally
from povreg.kit.workbench import Viewer
from povreg.overview.workbench import january
from tests import factories
from tests.factories import COUNTY, VILLAGE
from villages.models import PovertyLine
from villages.rights import Role
from villages.standards import services as standards

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    factories.place()
    return factories.posted(Role.COUNTY_OFFICER)


def judged(year, income="50000", **facts):
    row = factories.household(members=1)
    amounts = {"wage_income": Decimal(income), "business_income": 0, "tr_pension": 0, "business_expense": 0}
    factories.annual_record(row, year=year, **amounts | facts)
    recompute(VILLAGE, year)
    return Assessment.objects.get(household=row, year=year)


def county_line(kind, year, amount):
    return factories.poverty_line(amount, year=year, kind=kind, place=factories.place(COUNTY))


def test_from_2021_the_monitor_line_judges_and_the_same_seven_criteria(officer):
    before, after = judged(2020), judged(2021)
    assert (before.line.kind, before.line_amount) == ("exit", 4000)
    assert (after.line.kind, after.line_amount) == ("monitor", 6000)
    assert after.criteria_set.name == "两不愁三保障及饮水安全"
    assert after.criteria_set.criteria == before.criteria_set.criteria


def test_without_a_line_income_is_missing_for_that_reason(officer, client):
    """An exit line of the year is none of these, and another year's is not borrowed."""
    county_line("exit", 2026, "4000")
    found = judged(2026)
    assert "income" in found.missing and found.line is None and found.reasons == {"income": "no_line"}
    assert assessments_report(VILLAGE, 2026)[0]["reasons"] == {"income": "no_line"}
    said = "还没有2026年标准线"
    income = next(row for row in rows(found) if row.criterion.code == "income")
    chip = next(each for each in chips(found) if each.code == "income")
    assert income.missing == said and chip.text == f"收入 {said}"
    assert any(said in each.text and "县农业农村局" in each.text for each in remedies(found))
    client.force_login(officer)
    own = f"/households/{found.household_id}/"
    for path in (own, f"{own}verdict/", f"{own}income/", "/households/", f"/dashboard/{COUNTY}/"):
        page = client.get(f"{path}?year=2026").content.decode()
        assert said in page and "收入 未记录" not in page and "收入未记录" not in page, path


def test_what_was_recorded_keeps_its_reason_where_there_is_a_line(officer):
    county_line("monitor", 2026, "9000")
    row = factories.household(members=1)
    recompute(VILLAGE, 2026)
    found = Assessment.objects.get(household=row, year=2026)
    assert "income" in found.missing and found.reasons == {}
    assert next(chip.text for chip in chips(found) if chip.code == "income") == "收入 未记录"


def test_a_new_line_of_a_later_kind_judges_the_county_again(officer, monkeypatch, django_capture_on_commit_callbacks):
    judged(2026)
    told = []
    monkeypatch.setattr(services, "place_changed", lambda code, years, by: told.append((code, list(years))))
    with django_capture_on_commit_callbacks(execute=True):
        standards.add_line(
            by=officer, kind="monitor", year=2026, place=factories.place(COUNTY), amount=Decimal(9000), source="省文件"
        )
    assert told == [(COUNTY, [2026])]


def test_lines_of_a_country_and_a_province_stand_side_by_side(officer, client):
    county_line("provincial", 2021, "8000")
    low, middle, high = (judged(2021, income) for income in ("5000", "7000", "9000"))
    assert [(low.line_amount, low.national_amount, low.provincial_amount)] == [(6000, 6000, 8000)]
    assert [[each.words for each in lines_beside(found)] for found in (low, middle, high)] == [
        ["低于", "低于"], ["高于", "低于"], ["高于", "高于"],
    ]  # fmt: skip
    counts = dict(Tally.objects.filter(place=COUNTY, year=2021, measure="below").values_list("bucket", "households"))
    assert counts == {"both": 3, "national": 1, "provincial": 2}
    client.force_login(officer)
    page = client.get(f"/households/{middle.household_id}/verdict/?year=2021").content.decode()
    assert "国标 6,000 元：高于" in page and "省标 8,000 元：低于" in page
    page = client.get(f"/dashboard/{COUNTY}/?year=2021").content.decode()
    assert "未超过国标" in page and "未超过省标" in page
    assert client.get(f"/households/?year=2021&place={COUNTY}&figure=below.provincial").context["page"].count == 2
    report = client.get(f"/reports/two_lines/?place={COUNTY}&year=2021").content.decode()
    assert "只未超过省标" in report


def test_where_only_one_line_exists_there_is_nothing_beside_it(officer):
    assert lines_beside(judged(2020)) == []
    assert not Tally.objects.filter(measure="below").exists()


def test_a_programme_judges_by_the_provinces_line(officer):
    county_line("provincial", 2026, "12000")
    county_line("monitor", 2026, "9000")
    assert judged(2026, "10000").line_amount == 9000
    factories.programme(year_from=2026)
    found = judged(2026, "10000")
    assert (found.line.kind, found.line_amount, found.national_amount) == ("provincial", 12000, 9000)
    assert "income" in found.failed


def test_verdicts_by_a_line_withdrawn_by_an_update_are_made_anew_at_night(officer, monkeypatch):
    judged(2018)
    judged(2020)
    PovertyLine.objects.filter(kind="exit", year=2018).update(withdrawn_at="2026-01-01T00:00Z")
    told = []
    monkeypatch.setattr(services, "place_changed", lambda code, years: told.extend([*years]) or [])
    services.nightly()
    assert told == [2020, 2018]


# The line of the new year


def dues(officer):
    return january.line_of_the_year(Viewer(officer, Role.COUNTY_OFFICER, (COUNTY,), 2020))


def test_the_office_is_asked_for_this_years_line_until_it_is_there(officer, client, django_capture_on_commit_callbacks):
    (due,) = dues(officer)
    assert due.title == "还没有2026年标准线"
    client.force_login(officer)
    form = client.get(due.url).context["form"]
    assert (form["kind"].value(), form["year"].value(), form["place"].value()) == ("monitor", "2026", COUNTY)
    assert due.title in client.get("/").content.decode()
    given = {"kind": "monitor", "year": "2026", "place": COUNTY, "amount": "9000", "source": "省文件"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/standards/lines/new/", given).status_code == 302
    assert dues(officer) == []


def test_nobody_else_is_asked(client):
    factories.place()
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    assert "还没有2026年标准线" not in client.get("/").content.decode()
