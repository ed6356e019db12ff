"""The sections of the household page: what is shown, what a save does, and that nothing typed is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import AcceptedWarning, AnnualRecord
from households.models.annual import WORKSHEET_FIELDS
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR
SECTIONS = ("basic", "members", "living", "income", "guarantees", "files", "history")


@pytest.fixture
def cadre(client):
    account = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


@pytest.fixture
def household():
    row = factories.household(members=4)
    factories.annual_record(row)
    factories.annual_record(row, YEAR - 1, wage_income=20000)
    for person in row.members.all():
        factories.member_year(person)
    return row


def url(row, section, year=YEAR):
    return f"/households/{row.pk}/{section}/?year={year}"


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens(client, cadre, household, section):
    factories.assessment(household, failed=["housing"], missing=["water"])
    answer = client.get(url(household, section))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "王明海" in page
    assert "怎样才能达标" in page


def test_overview(client, cadre, household):
    assert "家庭成员" in client.get(f"/households/{household.pk}/").content.decode()


# -- saving ------------------------------------------------------------------------------------------------------------


def income(record=None, **typed):
    """The income section as the browser posts it: what was shown, and what was typed over it."""
    shown = {name: getattr(record, name) for name in WORKSHEET_FIELDS} if record else dict.fromkeys(WORKSHEET_FIELDS)
    texts = {name: "" if amount is None else str(amount) for name, amount in shown.items()}
    return {
        "version": record.version if record else 0,
        **{f"initial-{name}": text for name, text in texts.items()},
        **texts,
        **typed,
    }


def test_a_saved_section_keeps_what_was_not_typed(client, cadre, household):
    record = household.annual_records.get(year=YEAR)
    answer = client.post(url(household, "income"), income(record, property_income="１,２００.５元"))
    assert answer.status_code == 302
    record.refresh_from_db()
    assert record.property_income == Decimal("1200.50")
    assert record.wage_income == 24000


def test_a_refused_section_comes_back_as_it_was_typed(client, cadre, household):
    record = household.annual_records.get(year=YEAR)
    answer = client.post(url(household, "income"), income(record, property_income="约一千", tr_eco="300"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不是数字" in page
    assert 'href="#id_property_income"' in page
    assert 'value="约一千"' in page
    assert 'value="300"' in page
    record.refresh_from_db()
    assert record.tr_eco is None


def test_a_warning_that_was_ticked_lets_the_save_through_and_stays_ticked(client, cadre):
    row = factories.household(members=1)
    typed = income(business_income="5000")
    refused = client.post(url(row, "income"), typed)
    assert refused.status_code == 422
    asked = [w["code"] for part in refused.context["parts"] for line in part["rows"] for w in line["warnings"]]
    assert client.post(url(row, "income"), {**typed, "confirmed": asked}).status_code == 302
    page = client.get(url(row, "income"))
    shown = [w for part in page.context["parts"] for line in part["rows"] for w in line["warnings"]]
    assert shown
    assert all(w["confirmed"] for w in shown)


def test_a_standing_warning_is_answered_without_changing_anything(client, cadre):
    row = factories.household(members=1, main_cause="02")
    page = client.get(url(row, "basic"))
    [asked] = [w["code"] for group in page.context["groups"] for cell in group["cells"] for w in cell.warnings]
    assert client.post(url(row, "basic"), {"version": row.version, "confirmed": [asked]}).status_code == 302
    assert AcceptedWarning.objects.get(household=row).by == cadre


def test_two_changed_the_same_field(client, cadre, household):
    record = household.annual_records.get(year=YEAR)
    typed = income(record, wage_income="25000")
    AnnualRecord.objects.filter(pk=record.pk).update(wage_income=26000, version=record.version + 1)
    answer = client.post(url(household, "income"), typed)
    assert answer.status_code == 409
    [choice] = answer.context["conflict"].choices
    assert (choice["stored"], choice["typed"]) == ("26,000.00", "25,000")
    again = {**typed, "version": record.version + 1, "keep-wage_income": "theirs"}
    assert client.post(url(household, "income"), again).status_code == 302
    record.refresh_from_db()
    assert record.wage_income == 26000


def test_two_changed_different_fields_and_both_are_kept(client, cadre, household):
    record = household.annual_records.get(year=YEAR)
    typed = income(record, property_income="500")
    AnnualRecord.objects.filter(pk=record.pk).update(tr_eco=300, version=record.version + 1)
    assert client.post(url(household, "income"), typed).status_code == 302
    record.refresh_from_db()
    assert (record.property_income, record.tr_eco) == (500, 300)


def test_somebody_opened_the_year_meanwhile(client, cadre):
    row = factories.household(members=1)
    typed = income(property_income="500")
    factories.annual_record(row, property_income=700)
    answer = client.post(url(row, "income"), typed)
    assert answer.status_code == 409
    assert "700" in answer.content.decode()


def test_a_request_without_the_form_is_not_called_saved(client, cadre, household):
    for section in ("basic", "members", "living", "income", "guarantees"):
        assert client.post(url(household, section)).status_code == 400


def test_the_server_adds_up(client, cadre, household):
    factories.poverty_line("4000", YEAR)
    total = f"/households/{household.pk}/income/total/?year={YEAR}"
    answer = client.post(total, {"wage_income": "16,800", "business_income": "5150", "business_expense": "x"})
    page = answer.content.decode()
    assert "5,487.50" in page
    assert "高于标准 37.2%" in page
    exactly = client.post(total, {"wage_income": "16000"}).content.decode()
    assert "等于标准，未超过" in exactly


def test_save_and_next_goes_to_the_same_section_of_the_next_household(client, cadre):
    first, second = factories.household(members=1), factories.household(members=1)
    answer = client.post(url(first, "income"), {**income(property_income="100"), "then": "household"})
    assert answer.url == url(second, "income")
    answer = client.post(url(second, "income"), {**income(property_income="100"), "then": "household"})
    assert answer.url.startswith("/households/?place=")


def test_save_and_next_section(client, cadre, household):
    record = household.annual_records.get(year=YEAR)
    answer = client.post(url(household, "income"), {**income(record, tr_eco="300"), "then": "section"})
    assert answer.url == url(household, "guarantees")


def test_last_year_is_taken_over_and_changed_cells_are_marked(client, cadre):
    row = factories.household(members=1)
    factories.annual_record(row, YEAR - 1)
    assert "沿用上年" in client.get(url(row, "income")).content.decode()
    client.post(f"/households/{row.pk}/copy/?year={YEAR}", {"section": "income"})
    record = row.annual_records.get(year=YEAR)
    assert record.wage_income == 24000
    page = client.get(url(row, "income"))
    assert not any(line["marked"] for part in page.context["parts"] for line in part["rows"])
    AnnualRecord.objects.filter(pk=record.pk).update(wage_income=26000)
    page = client.get(url(row, "income"))
    assert [line["name"] for part in page.context["parts"] for line in part["rows"] if line["marked"]] == [
        "wage_income"
    ]


def test_guarantees_save_the_household_and_its_people_together(client, cadre):
    row = factories.household(members=2)
    record = factories.annual_record(row, food=None)
    people = list(row.members.order_by("person_no"))
    for person in people:
        factories.member_year(person)
    child = f"m{people[1].pk}"
    typed = {
        "version": record.version, "initial-food": "", "food": "true",
        "line": [child], f"{child}-version": people[1].version,
        f"initial-{child}-school_status": "01", f"{child}-school_status": "03",
        f"initial-{child}-medical": "resident", f"{child}-medical": "none",
    }  # fmt: skip
    assert client.post(url(row, "guarantees"), typed).status_code == 302
    record.refresh_from_db()
    year_row = people[1].years.get(year=YEAR)
    assert record.food is True
    assert (year_row.school_status, year_row.ins_resident, year_row.ins_employee) == ("03", False, False)


def test_guarantees_are_saved_whole_or_not(client, cadre):
    row = factories.household(members=1)
    record = factories.annual_record(row, food=None)
    head = row.members.get()
    typed = {
        "version": record.version, "initial-food": "", "food": "true",
        "line": [f"m{head.pk}"], f"m{head.pk}-school_status": "77",
    }  # fmt: skip
    assert client.post(url(row, "guarantees"), typed).status_code == 422
    record.refresh_from_db()
    assert record.food is None


# -- who sees what -----------------------------------------------------------------------------------------------------


def test_a_leader_reads_and_cannot_save(client, household):
    client.force_login(factories.posted(Role.COUNTY_LEADER))
    page = client.get(url(household, "income")).content.decode()
    assert "<fieldset disabled" in page
    assert "data-save" not in page
    assert client.post(url(household, "income"), income(property_income="1")).status_code == 403


def test_a_cadre_of_another_village_finds_nothing(client, household):
    client.force_login(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE))
    assert client.get(url(household, "income")).status_code == 404
    assert client.post(url(household, "income"), income(property_income="1")).status_code == 404


def test_a_household_that_was_struck_off_is_read_only(client, cadre, household):
    type(household).objects.filter(pk=household.pk).update(removed_on="2021-01-01", removed_reason="误录")
    assert "<fieldset disabled" in client.get(url(household, "income")).content.decode()


@pytest.mark.parametrize("section", [*SECTIONS, "overview"])
def test_statements_do_not_grow_with_the_household(client, cadre, section):
    def opened(row):
        address = f"/households/{row.pk}/?year={YEAR}" if section == "overview" else url(row, section)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    small, large = factories.household(members=1), factories.household(members=9)
    for row in (small, large):
        factories.annual_record(row)
        factories.assessment(row, failed=["medical"])
        for person in row.members.all():
            factories.member_year(person)
    for _ in range(5):
        factories.attachment(large, by=cadre)
    factories.attachment(small, by=cadre)
    for row in (small, large):
        opened(row)  # that somebody looked is written once a day
    assert opened(large) <= opened(small)
