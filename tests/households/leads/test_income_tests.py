"""Saving an income test: the line of its year, the suggestion, the version, and what follows a new line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from households.leads.income.services import line_changed, save_income_test, suggested
from households.models import AnnualRecord, IncomeTest, Lead
from povreg.kit.stale import Conflict
from tests import factories
from tests.api import rows
from villages.models import PovertyLine
from villages.rights import Role
from villages.standards.hooks import StandardChange

pytestmark = pytest.mark.django_db
MONITOR = PovertyLine.Kind.MONITOR


@pytest.fixture
def home():
    return factories.household(members=2, exit_status="1")


@pytest.fixture
def lead(home):
    return factories.lead(home)


@pytest.fixture
def cadre():
    return factories.posted(Role.VILLAGE_CADRE)


def saved(cadre, lead, version=None, **facts) -> IncomeTest:
    people = [person.pk for person in lead.household.members.all()]
    facts = {"wage_income": Decimal("15000"), "member_ids": people} | facts
    return save_income_test(by=cadre, about=lead, facts=facts, version=version)


def test_it_is_judged_by_the_line_of_its_year(cadre, lead):
    factories.poverty_line("6000", year=2025, kind=MONITOR)
    line = factories.poverty_line("8800", year=2026, kind=MONITOR)
    test = saved(cadre, lead)
    assert (test.since, test.until) == (date(2025, 6, 1), date(2026, 5, 31))
    assert (test.line, test.persons, test.per_head, test.result) == (line, 2, Decimal("7500.00"), "inside")


def test_nothing_is_written_into_a_yearly_record(cadre, lead, home):
    record = factories.annual_record(home, 2026)
    saved(cadre, lead)
    assert AnnualRecord.objects.get() == record
    assert AnnualRecord.objects.get().wage_income == Decimal("24000")


def test_without_a_line_there_is_no_verdict_until_the_county_enters_one(cadre, lead):
    test = saved(cadre, lead)
    assert (test.result, test.reason) == ("", "no_line")
    factories.poverty_line("8800", year=2026, kind=MONITOR)
    line_changed(StandardChange("monitor", 2026, 2026, factories.COUNTY), None)
    test.refresh_from_db()
    assert (test.result, test.reason) == ("inside", "")


def test_a_decided_one_keeps_its_line(cadre, lead):
    factories.poverty_line("8800", year=2026, kind=MONITOR)
    test = saved(cadre, lead)
    Lead.objects.filter(pk=lead.pk).update(
        state="decided", outcome="dismissed", outcome_reason="不属实。", decided_on=date(2026, 7, 1)
    )
    factories.poverty_line("7000", year=2026, kind=MONITOR)
    line_changed(StandardChange("monitor", 2026, 2026, ""), None)
    test.refresh_from_db()
    assert test.line_amount == Decimal("8800")
    with pytest.raises(ValidationError):
        saved(cadre, lead)


def test_a_set_may_widen_the_watch_band(cadre, lead):
    factories.poverty_line("7000", year=2026, kind=MONITOR)
    assert saved(cadre, lead).result == "watch"
    factories.criteria_set(place=factories.place(factories.COUNTY), params={"watch": "0.05"})
    assert saved(cadre, lead, version=1).result == "outside"


def test_a_stale_form_is_refused(cadre, lead):
    saved(cadre, lead)
    saved(cadre, lead, version=1, wage_income=Decimal("16000"))
    with pytest.raises(Conflict):
        saved(cadre, lead, version=1)


@pytest.mark.parametrize("facts", [{"paid_medical": Decimal(-1)}, {"others": 21}, {"left_out": ["rent"]}])
def test_what_cannot_be_is_refused_beside_its_field(cadre, lead, facts):
    with pytest.raises(ValidationError) as fault:
        saved(cadre, lead, **facts)
    assert list(facts) == list(fault.value.message_dict)


def test_people_of_another_household_are_refused(cadre, lead):
    other = factories.household(members=1).members.get()
    with pytest.raises(ValidationError):
        saved(cadre, lead, member_ids=[other.pk])


@pytest.mark.parametrize(
    ("role", "code"), [(Role.HELPER, ""), (Role.AUDITOR, ""), (Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)]
)
def test_only_who_checks_there_tests(lead, role, code):
    with pytest.raises(PermissionDenied):
        saved(factories.posted(role, code), lead)


def test_an_application_has_a_test_of_its_own(cadre, home):
    row = rows.application(home, applied_on=date(2026, 3, 3))
    test = save_income_test(by=cadre, about=row, facts={"wage_income": Decimal("1"), "others": 1})
    assert (test.application, test.lead, test.since) == (row, None, date(2025, 3, 1))


def test_the_suggestion_is_of_the_latest_record(home):
    factories.annual_record(home, 2024, wage_income=Decimal("1"))
    factories.annual_record(home, 2025, wage_income=Decimal("2"))
    factories.annual_record(home, 2027, wage_income=Decimal("3"))
    amounts, year = suggested(home, 2026)
    assert (year, amounts["wage_income"]) == (2025, Decimal("2"))
    assert "tr_dibao" not in amounts


def browse(person):
    client = Client()
    client.force_login(person)
    return client


def test_the_page_shows_the_suggestion_as_such_and_saves_what_was_typed(cadre, lead, home):
    factories.annual_record(home, 2025)
    factories.poverty_line("8800", year=2026, kind=MONITOR)
    client, url = browse(cadre), reverse("lead-income", args=[lead.pk])
    page = client.get(url).content.decode()
    assert "2025年度登记 24,000" in page
    assert "只是参考" in page
    people = [person.pk for person in home.members.all()]
    sent = {"wage_income": "15,000", "count_wage_income": "on", "sale_income": "9000", "members": people}
    assert "7,500" in client.post(f"{url}total/", sent).content.decode()
    assert not IncomeTest.objects.exists()
    assert client.post(url, sent).status_code == 302
    test = IncomeTest.objects.get()
    assert (test.per_head, test.result) == (Decimal("7500.00"), "inside")
    assert "sale_income" in test.left_out
    page = client.get(reverse("lead", args=[lead.pk])).content.decode()
    assert "全户再多 2,600 元，就不在监测范围内" in page
    assert "可以认定脱贫不稳定户" in page
    printed = client.get(f"{url}print/").content.decode()
    assert "出售财物所得" in printed
    assert "不计入" in printed


def test_a_page_without_a_line_says_so(cadre, lead):
    saved(cadre, lead)
    assert "还没有2026年监测线" in browse(cadre).get(reverse("lead", args=[lead.pk])).content.decode()
