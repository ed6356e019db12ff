"""Eras, working years, names of the office and programmes of a province (policy-2026.md section 1)."""

from datetime import date
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from tests import factories
from tests.factories import COUNTY, OTHER_COUNTY, OTHER_VILLAGE, VILLAGE
from villages.models import PovertyLine, WorkingYear
from villages.periods import hooks, services
from villages.periods.eras import eras
from villages.periods.selectors import era_of, offered_anywhere, office_name, working_year_set
from villages.periods.sql import line_kind
from villages.rights import Role

pytestmark = pytest.mark.django_db
SINCE = date(2019, 3, 1)


@pytest.fixture
def county():
    factories.place()
    return factories.place(COUNTY)


@pytest.fixture
def officer(county):
    return factories.posted(Role.COUNTY_OFFICER)


def refused(call, field, text):
    with pytest.raises(ValidationError, match=text) as fault:
        call()
    assert list(fault.value.message_dict) == [field]


# Eras


def test_the_eras_cover_every_year_once():
    found = eras()
    assert [each.code for each in found] == ["poverty", "transition", "regular"]
    assert all(after.year_from == before.year_to + 1 for before, after in pairwise(found))
    assert {each.line for each in found} <= set(PovertyLine.Kind.values)
    known = {*hooks.declared_procedures()}
    assert all(offered.code in known for each in found for offered in each.offered)


@pytest.mark.parametrize(
    ("year", "line", "offers", "refuses"),
    [
        (2016, "exit", {"identification", "exit", "return", "quotas", "village_exit"}, {"monitor_in"}),
        (2020, "exit", {"exit", "monitor_in", "monitor_out"}, set()),
        (2021, "monitor", {"monitor_in", "monitor_out", "removal"}, {"identification", "exit", "return", "quotas"}),
        (2026, "monitor", {"monitor_in", "monitor_out", "removal"}, {"identification", "exit", "return", "quotas"}),
    ],
)
def test_procedures_and_the_line_follow_from_the_year(year, line, offers, refuses):
    era = era_of(year, VILLAGE)
    assert era.line == line
    assert offers <= era.procedures and not refuses & era.procedures


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2020, 12, 31), "县扶贫办"),
        (date(2021, 1, 1), "县乡村振兴局"),
        (date(2023, 1, 1), "县农业农村局"),
        (date(2026, 11, 29), "县农业农村局"),
    ],
)
def test_the_office_is_called_as_on_the_day(day, name):
    assert office_name(VILLAGE, day) == name


def test_a_countys_own_name_holds_from_its_day_on_and_no_earlier(officer, county):
    services.name_office(
        by=officer, county=county, since=SINCE, name="区扶贫开发办公室", hotline="02312345", source="区发〔2019〕1号"
    )
    assert office_name(VILLAGE, date(2019, 2, 28)) == "县扶贫办"
    era = era_of(SINCE, VILLAGE)
    assert (era.office, era.hotline, era.group) == ("区扶贫开发办公室", "02312345", "扶贫开发领导小组")
    assert office_name(OTHER_VILLAGE, SINCE) == "县扶贫办"


# Programmes


def start(officer, county, **facts):
    usual = {"name": "低收入农户", "procedures": ["identification", "quotas"], "line_kind": "provincial"}
    usual |= {"year_from": 2026, "source": "省发〔2025〕9号"}
    return services.start_programme(by=officer, county=county, **usual | facts)


def kind_in_sql(village, year):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {line_kind('%(village)s::text')}", {"village": village, "year": year})
        return cursor.fetchone()[0]


def test_a_programme_offers_its_procedures_and_judges_by_its_line_in_its_county_and_years_only(officer, county):
    row = start(officer, county, year_to=2027)
    assert {"identification", "quotas", "monitor_in"} <= era_of(2026, VILLAGE).procedures
    assert "exit" not in era_of(2026, VILLAGE).procedures
    assert era_of(2026, VILLAGE).programmes == ("低收入农户",)
    assert "identification" not in era_of(2028, VILLAGE).procedures | era_of(2026, OTHER_VILLAGE).procedures
    assert "identification" in offered_anywhere(2026, [OTHER_COUNTY, VILLAGE])
    for year, village in ((2020, VILLAGE), (2026, VILLAGE), (2028, VILLAGE), (2026, OTHER_VILLAGE)):
        assert era_of(year, village).line == kind_in_sql(village, year)
    assert era_of(2026, VILLAGE).line == "provincial"
    services.withdraw_setting(by=officer, row=row, reason="停办")
    assert era_of(2026, VILLAGE).line == kind_in_sql(VILLAGE, 2026) == "monitor"


@pytest.mark.parametrize(
    ("facts", "field", "text"),
    [
        ({"year_from": 2020}, "year_from", "2021 年到明年"),
        ({"year_to": 2025}, "year_to", "早于起始年度"),
        ({"procedures": []}, "procedures", "至少选择一项"),
        ({"procedures": ["magic"]}, "procedures", "列出的事项"),
        ({"line_kind": "nbs"}, "line_kind", "评定所用的标准"),
        ({"name": " "}, "name", "项目名称"),
        ({"source": " "}, "source", "依据"),
    ],
)
def test_a_programme_that_cannot_be_is_refused_beside_the_field(officer, county, facts, field, text):
    refused(lambda: start(officer, county, **facts), field, text)


def test_a_year_has_one_programme(officer, county):
    start(officer, county)
    refused(lambda: start(officer, county, name="另一个", year_from=2027), "year_from", "重叠")


def test_who_judges_is_told_of_a_programme(officer, county, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(hooks, "_listeners", [lambda *change: told.append(change)])
    with django_capture_on_commit_callbacks(execute=True):
        start(officer, county)
    assert told == [(COUNTY, 2026, None, officer)]


# The working year


def set_year(officer, county, year=2026):
    return services.set_working_year(by=officer, county=county, year=year, source="县政府办公会")


def test_the_latest_working_year_holds_until_it_is_withdrawn(officer, county):
    assert working_year_set([COUNTY]) is None
    set_year(officer, county, 2025)
    row = set_year(officer, county, 2026)
    assert working_year_set([COUNTY, OTHER_COUNTY]) == 2026
    services.withdraw_setting(by=officer, row=row, reason="写错")
    assert working_year_set([COUNTY]) == 2025


def test_a_working_year_keeps_its_history(officer, county):
    row = set_year(officer, county)
    event = WorkingYear.history.rel.related_model.objects.get(pgh_obj_id=row.pk)
    assert event.pgh_context.metadata["verb"] == "set_working_year"
    assert event.pgh_context.metadata["user"] == officer.pk


@pytest.mark.parametrize("year", [2012, 2099])
def test_a_working_year_out_of_range_is_refused(officer, county, year):
    refused(lambda: set_year(officer, county, year), "year", "工作年度应在 2013 到")


def test_a_working_year_set_already_is_refused(officer, county):
    set_year(officer, county)
    refused(lambda: set_year(officer, county), "year", "没有需要修改")


def test_settings_are_made_for_counties(officer):
    refused(lambda: set_year(officer, factories.place(VILLAGE)), "county", "请选择县")


@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_LEADER])
def test_only_the_county_office_sets_them(county, role):
    with pytest.raises(PermissionDenied):
        set_year(factories.posted(role), county)


def test_not_in_the_county_next_door(officer):
    factories.place(OTHER_VILLAGE)
    with pytest.raises(PermissionDenied):
        set_year(officer, factories.place(OTHER_COUNTY))


# Pages


def test_the_page_shows_what_was_set_and_the_form_sets_it(officer, client):
    client.force_login(officer)
    given = {"county": COUNTY, "year": "2019", "source": "县政府办公会"}
    answer = client.post("/periods/year/new/", given, follow=True)
    page = answer.content.decode()
    assert "2019 年" in page and "县政府办公会" in page and "一分钟内对全县生效" in page
    programme = {"county": COUNTY, "name": "低收入农户", "procedures": ["identification"], "line_kind": "provincial",
                 "year_from": "2026", "source": "省发〔2025〕9号"}  # fmt: skip
    page = client.post("/periods/programme/new/", programme, follow=True).content.decode()
    assert "低收入农户" in page and "贫困户识别" in page
    row = WorkingYear.objects.get()
    client.post(f"/periods/working-year/{row.pk}/withdraw/", {"reason": "写错"})
    row.refresh_from_db()
    assert row.withdrawn_reason == "写错" and row.withdrawn_by == officer


def test_what_is_refused_stands_beside_the_field(officer, client):
    client.force_login(officer)
    answer = client.post("/periods/year/new/", {"county": COUNTY, "year": "1999", "source": "x"})
    assert answer.status_code == 422 and "工作年度应在 2013 到" in answer.content.decode()
