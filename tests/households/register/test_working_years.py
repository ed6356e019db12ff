"""Which year pages open on: what the county set, else the latest year with a handful of records."""

import pytest
from django.core.cache import caches

from households.register import years
from tests import factories
from tests.factories import COUNTY, OTHER_VILLAGE, VILLAGE
from villages.periods import services
from villages.rights import Role

pytestmark = pytest.mark.django_db


def recorded(year, count=1, village=VILLAGE):
    for _ in range(count):
        factories.annual_record(factories.household(village), year=year)


@pytest.fixture
def cadre():
    factories.place()
    return factories.posted(Role.VILLAGE_CADRE)


def fresh():
    caches["process"].clear()


def test_one_record_of_2026_makes_no_working_year_and_takes_none_out_of_the_menu(cadre):
    recorded(2020, 12)
    recorded(2026)
    assert years.default_year(cadre) == years.working_year(VILLAGE) == 2020
    assert years.years_to_choose(cadre) == [2026, 2020]


def test_a_handful_of_records_makes_a_working_year(cadre):
    recorded(2020, 12)
    recorded(2026, years.HANDFUL)
    assert years.default_year(cadre) == 2026


def test_where_there_are_few_records_the_year_that_has_most_is_worked_on(cadre):
    recorded(2019, 3)
    recorded(2020, 3)
    recorded(2026, 2)
    assert years.default_year(cadre) == 2020


def test_without_records_it_is_this_calendar_year(cadre):
    assert years.default_year(cadre) == years.calendar_year()
    assert years.years_to_choose(cadre) == [years.calendar_year()]


def test_what_the_county_set_goes_before_what_was_recorded(cadre):
    recorded(2020, 12)
    officer = factories.posted(Role.COUNTY_OFFICER)
    assert years.default_year(cadre) == 2020
    row = services.set_working_year(by=officer, county=factories.place(COUNTY), year=2026, source="办公会")
    assert years.default_year(cadre) == years.working_year(VILLAGE) == 2026
    assert 2020 in years.years_to_choose(cadre)
    services.withdraw_setting(by=officer, row=row, reason="写错")
    assert years.default_year(cadre) == 2020


def test_a_verdict_alone_puts_its_year_into_the_menu_the_county_next_door_does_not(cadre):
    factories.assessment(factories.household(), year=2016)
    recorded(2018, 12, OTHER_VILLAGE)
    assert years.years_to_choose(cadre) == [years.calendar_year(), 2016]


@pytest.mark.parametrize("asked", ["abc", "1999", "2099", "²⁰²⁰", "2020.5"])
def test_a_year_that_is_none_is_said_politely_and_the_page_shows_the_default(cadre, client, asked):
    recorded(2020, 12)
    client.force_login(cadre)
    answer = client.get("/households/", {"year": asked})
    page = answer.content.decode()
    assert answer.status_code == 200 and answer.context["year"] == 2020
    assert page.count("地址中的年度不对") == 1 and "现在显示的是 2020 年" in page
    assert "地址中的年度不对" not in client.get("/households/").content.decode()


def test_the_filter_of_another_page_is_no_working_year(client):
    factories.place()
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    page = client.get("/standards/?kind=nbs&year=2011").content.decode()
    assert "地址中的年度不对" not in page
    client.get("/standards/?kind=exit&year=2015")
    assert client.session.get(years.SESSION_KEY) is None


@pytest.mark.parametrize("path", ["households", "assessments", "annual-records", "batches"])
@pytest.mark.parametrize("asked", ["abc", "1999", "2099"])
def test_the_api_refuses_a_year_that_is_none_beside_its_name(cadre, client, path, asked):
    client.force_login(cadre)
    answer = client.get(f"/api/v1/{path}/", {"year": asked})
    assert answer.status_code == 400 and list(answer.json()["fields"]) == ["year"]


def test_a_household_says_that_nothing_was_registered_instead_of_what_is_true_now(cadre, client):
    row = factories.household(members=2, household_attr="01")
    factories.annual_record(row, year=2020)
    client.force_login(cadre)
    page = client.get(f"/households/{row.pk}/?year=2016").content.decode()
    assert "2016年没有登记" in page and "不用现在的情况代替" in page and f"/households/{row.pk}/?year=2020" in page
    assert "与户主关系" not in page
    now = client.get(f"/households/{row.pk}/?year=2020").content.decode()
    assert "没有登记成员" not in now and "不用现在的情况代替" not in now and "与户主关系" in now
