"""Rules of particular measures, each at its edge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from assistance.catalogue.selectors import limits_words
from assistance.catalogue.services import revise_item
from assistance.catalogue.tiers import read_tiers
from assistance.measures.kinds import months_after, term_of
from assistance.measures.services import Given, deliver_measure
from households.models import Household, Member
from tests import factories as make
from tests.factories_assistance import LOAN, RAIN, catalogue_item
from villages.rights import Role

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 15)
POST, CONCENTRATED = "120201", "210101"
PAID: dict[str, Any] = {"payer": "农村商业银行", "source": "bank"}


def deliver(household: Household, code: str, member: Member | None = None, day: date = DAY, **given: Any) -> str:
    """The field that refuses; nothing where it was saved."""
    try:
        deliver_measure(
            by=make.posted(Role.COUNTY_OFFICER),
            household=household,
            item=catalogue_item(code),
            delivered_on=day,
            member=member,
            given=Given(**given),
        )
    except ValidationError as refused:
        return next(iter(refused.message_dict))
    return ""


def born(household: Household, day: date) -> Member:
    person = household.members.order_by("person_no").first()
    person.birth_date = day
    person.save()
    return person


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, ""),
        ({"amount": Decimal("50000.01")}, "amount"),
        ({"amount": None}, "amount"),
        ({"ends_on": date(2027, 3, 16)}, "ends_on"),
        ({"ends_on": None}, "ends_on"),
        ({"use": ""}, "use"),
        ({"settled_on": date(2024, 3, 14)}, "settled_on"),
    ],
)
def test_a_micro_loan(more: dict[str, Any], field: str) -> None:
    """Fifty thousand for three years to the day, for production."""
    facts = {"amount": Decimal(50000), "ends_on": date(2027, 3, 15), "use": "breeding", **PAID, **more}
    assert deliver(make.household(), LOAN, **facts) == field


@pytest.mark.parametrize(("birth", "field"), [(date(1958, 3, 16), ""), (date(1958, 3, 15), "member")])
def test_the_oldest_borrower_is_sixty_five(birth: date, field: str) -> None:
    household = make.household(members=2)
    facts = {"amount": Decimal(10000), "ends_on": date(2026, 3, 15), "use": "planting", **PAID}
    assert deliver(household, LOAN, born(household, birth), **facts) == field


def test_what_a_household_owes_counts_together_until_it_is_paid() -> None:
    household = make.household()
    facts = {"ends_on": date(2026, 3, 15), "use": "planting", **PAID}
    assert deliver(household, LOAN, amount=Decimal(30000), **facts) == ""
    assert deliver(household, LOAN, amount=Decimal(20001), **facts) == "amount"
    assert deliver(household, LOAN, amount=Decimal(20000), **facts) == ""
    household.measures.update(settled_on=date(2024, 6, 1))
    assert deliver(household, LOAN, day=date(2024, 6, 2), amount=Decimal(50000), **facts) == ""


def test_nobody_holds_two_public_posts_at_once() -> None:
    household = make.household(members=2)
    first, second = household.members.order_by("person_no")
    assert deliver(household, POST) == "member"
    assert deliver(household, POST, first) == "ends_on"
    assert deliver(household, POST, first, ends_on=date(2024, 12, 31)) == ""
    assert deliver(household, "120401", first, ends_on=date(2024, 5, 1)) == "member"
    assert deliver(household, POST, second, ends_on=date(2024, 12, 31)) == ""
    assert deliver(household, POST, first, date(2025, 1, 1), ends_on=date(2025, 12, 31)) == ""


@pytest.mark.parametrize(
    ("people", "area", "amount", "field"),
    [(2, "50", "32000", ""), (2, "50.01", "32000", "area"), (3, "50", "48000", "quantity"),
     (2, None, "16000", ""), (2, None, "24000", "amount"), (2, None, "32002", "amount"),
     (2, None, "15998", "amount"), (None, None, None, "quantity")],
)  # fmt: skip
def test_a_removal_has_twenty_five_square_metres_a_head(
    people: int | None, area: str | None, amount: str | None, field: str
) -> None:
    household = make.household(members=2)
    given = {
        "quantity": Decimal(people) if people else None,
        "area": Decimal(area) if area else None,
        "amount": Decimal(amount) if amount else None,
        **PAID,
    }
    assert deliver(household, CONCENTRATED, day=date(2018, 5, 1), **given) == field


@pytest.mark.parametrize(
    ("tier", "amount", "field", "kept"),
    [("深度贫困户", None, "", ("深度贫困户", "32000")), ("一般贫困户", None, "", ("一般贫困户", "16000")),
     ("", "32000", "", ("深度贫困户", "32000")), ("一般贫困户", "32000", "amount", None),
     ("特困户", None, "tier", None), ("", None, "", ("", None))],
)  # fmt: skip
def test_a_removal_is_paid_by_class_and_nothing_between(
    tier: str, amount: str | None, field: str, kept: tuple[str, str | None] | None
) -> None:
    """8,000 yuan a head, 16,000 for the deeply poor (county.json): one follows from the other."""
    household = make.household(members=2)
    given = {"quantity": Decimal(2), "tier": tier, "amount": Decimal(amount) if amount else None, **PAID}
    assert deliver(household, CONCENTRATED, day=date(2018, 5, 1), **given) == field
    if kept:
        row = household.measures.get()
        assert (row.tier, row.amount) == (kept[0], None if kept[1] is None else Decimal(kept[1]))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("一般户 8000； 深度户 16000 元", "一般户 8000；深度户 16000"), ("", ""), ("一般户 8000", None), ("八千", None),
     ("一般户 8000；一般户 9000", None), ("一般户 0；深度户 1", None)],
)  # fmt: skip
def test_classes_of_a_county(typed: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(ValidationError):
            read_tiers(typed)
    else:
        assert read_tiers(typed) == kept


def test_a_county_names_classes_instead_of_a_range() -> None:
    xian, county = make.posted(Role.COUNTY_OFFICER), make.place(make.COUNTY)
    facts: dict[str, Any] = {"county": county, "starts_on": date(2026, 1, 1), "tiers": "甲档 500；乙档 700"}
    with pytest.raises(ValidationError, match="请留空"):
        revise_item(by=xian, item=catalogue_item("110101"), **facts, low=Decimal(300))
    row = revise_item(by=xian, item=catalogue_item("110101"), **facts, low=None, high=None)
    assert limits_words(row) == "每户 500 元（甲档）、700 元（乙档）"


def test_a_pupil_gets_a_grant_once_a_term() -> None:
    household = make.household(members=2)
    pupil, other = household.members.order_by("person_no")
    Member.objects.filter(pk=pupil.pk).update(school_status="10")
    Member.objects.filter(pk=other.pk).update(school_status="01")
    for each in (pupil, other):
        each.refresh_from_db()
    facts = {"amount": Decimal(1500), **PAID}
    assert deliver(household, RAIN, **facts) == "member"
    assert deliver(household, RAIN, other, **facts) == "member"
    assert deliver(household, RAIN, pupil, **facts) == ""
    assert deliver(household, RAIN, pupil, date(2024, 7, 31), **facts) == "delivered_on"
    assert deliver(household, RAIN, pupil, date(2024, 8, 1), **facts) == ""
    assert [term_of(date(2024, *day)) for day in ((1, 31), (2, 1), (8, 1))] == [(2023, 8), (2024, 2), (2024, 8)]


def test_a_month_has_its_last_day() -> None:
    assert months_after(date(2023, 2, 28), 36) == date(2026, 2, 28)
    assert months_after(date(2024, 2, 29), 36) == date(2027, 2, 28)


def test_the_form_asks_what_the_kind_needs(client: Client) -> None:
    household = make.household()
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    loan = client.get(f"/measures/new/{household.pk}/{catalogue_item(LOAN).pk}/").content.decode()
    plain = client.get(f"/measures/new/{household.pk}/{catalogue_item().pk}/").content.decode()
    assert "贷款用途" in loan
    assert "贷款用途" not in plain
    assert client.get("/measures/?kind=loan&due=30").status_code == 200
