"""Measures: what may be noted, its limits at their edges, what follows for the household."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from assistance.catalogue import services as catalogue
from assistance.catalogue.loading import shipped_items
from assistance.catalogue.selectors import in_force, limits_words, measures_at
from assistance.measures.selectors import summary
from assistance.measures.services import Given, correct_measure, deliver_measure, withdraw_measure
from households.eligibility.assess import recompute
from households.models import Assessment, Clearance
from tests import factories as make
from tests.factories_assistance import GRAIN, LOAN, RAIN, WATER, catalogue_item, measure, photo
from villages.codes.selectors import labels
from villages.rights import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
MONEY = {"payer": "农业农村局", "source": "county"}


def test_the_shipped_catalogue_counts_as_the_document_does(db: Any) -> None:
    rows = list(shipped_items())
    assert [sum(row["level"] == level for row in rows) for level in (1, 2, 3, 4)] == [4, 5, 21, 72]
    assert {code for row in rows for code in row["risks"]} <= set(labels("risk"))
    assert {code for row in rows for code in row["causes"]} <= set(labels("cause"))
    answered = {code for row in rows if row["level"] == 4 for code in row["risks"]}
    assert set(labels("risk")) == answered, "every risk has a measure that answers it"
    assert all(row["nature"] for row in rows if row["level"] == 4)


@pytest.mark.parametrize(
    ("code", "amount", "quantity", "fits"),
    [
        (GRAIN, "300", "5", True),  # 300 to 900 a household, whatever the area
        (GRAIN, "900", "5", True),
        (GRAIN, "299.99", "5", False),
        (GRAIN, "900.01", "5", False),
        (RAIN, "3000", "2", True),  # 1,500 a term
        (RAIN, "3000", "1", False),
        (RAIN, "1500", None, True),
    ],
)
def test_an_amount_keeps_to_the_limits_of_the_catalogue(
    code: str, amount: str, quantity: str | None, fits: bool
) -> None:
    helper = make.posted(Role.HELPER)
    given = Given(Decimal(amount), Decimal(quantity) if quantity else None, **MONEY)
    household = make.household(members=2)
    household.members.update(school_status="10")
    pupil = household.members.last() if code == RAIN else None
    item = catalogue_item(code)
    facts = {"by": helper, "household": household, "item": item, "delivered_on": TODAY(), "member": pupil}
    if fits:
        assert deliver_measure(**facts, given=given).amount == Decimal(amount)
        return
    with pytest.raises(ValidationError) as refused:
        deliver_measure(**facts, given=given)
    assert "amount" in refused.value.message_dict


def test_what_cannot_be_is_refused_beside_its_field() -> None:
    helper, household, other = make.posted(Role.HELPER), make.household(members=2), make.household(members=2)
    facts: dict[str, Any] = {"by": helper, "household": household, "item": catalogue_item(), "delivered_on": TODAY()}
    for field, more in (
        ("delivered_on", {"delivered_on": TODAY() + timedelta(days=1)}),
        ("delivered_on", {"delivered_on": date(2013, 12, 31)}),
        ("delivered_on", {"item": catalogue_item("210101"), "delivered_on": date(2021, 1, 1)}),  # ended with 2020
        ("member", {"member": other.members.first()}),
        ("source", {"given": Given(Decimal(600), payer="农业农村局")}),
        ("payer", {"given": Given(Decimal(600), source="county")}),
        ("ends_on", {"given": Given(ends_on=TODAY() - timedelta(days=1))}),
        ("quantity", {"given": Given(quantity=Decimal(0))}),
        ("item", {"item": catalogue_item("1101")}),
    ):
        with pytest.raises(ValidationError) as refused:
            deliver_measure(**{**facts, **more})
        assert field in refused.value.message_dict, field
    for nobody in (make.posted(Role.AUDITOR), make.posted(Role.COUNTY_LEADER), make.posted(Role.HELPER, "500101")):
        with pytest.raises(PermissionDenied):
            deliver_measure(**{**facts, "by": nobody})


def test_a_measure_is_corrected_and_taken_back_with_its_trace() -> None:
    helper = make.posted(Role.HELPER)
    row = measure(make.household())
    correct_measure(
        by=helper, measure=row, delivered_on=date(2020, 6, 1), given=Given(Decimal(900), Decimal(4), **MONEY), version=1
    )
    row.refresh_from_db()
    assert (row.amount, row.delivered_on, row.version) == (Decimal(900), date(2020, 6, 1), 2)
    with pytest.raises(ValidationError):
        withdraw_measure(by=helper, measure=row, reason=" ")
    withdraw_measure(by=helper, measure=row, reason="登记到了别家")
    with pytest.raises(ValidationError):
        withdraw_measure(by=helper, measure=row, reason="再来一次")
    verbs = [event.pgh_context.metadata["verb"] for event in row.history.filter(pgh_context__isnull=False)]
    assert verbs == ["correct_measure", "withdraw_measure"]


def test_a_county_changes_a_limit_and_what_was_given_before_keeps_the_old_one() -> None:
    officer, helper = make.posted(Role.COUNTY_OFFICER), make.posted(Role.HELPER)
    county, item, day = make.place(make.COUNTY), catalogue_item(), TODAY()
    limits = {"low": Decimal(500), "high": Decimal(1200)}
    row = catalogue.revise_item(by=officer, item=item, county=county, starts_on=day, **limits)
    assert limits_words(row) == "每户 500—1,200 元"
    assert row in measures_at(make.VILLAGE, day)
    assert item in measures_at(make.VILLAGE, day - timedelta(days=1))
    assert item in measures_at(make.OTHER_VILLAGE, day)
    household = make.household()
    deliver_measure(by=helper, household=household, item=row, delivered_on=day, given=Given(Decimal(1200), **MONEY))
    with pytest.raises(ValidationError):
        deliver_measure(by=helper, household=household, item=item, delivered_on=day, given=Given(Decimal(600), **MONEY))
    catalogue.end_item(by=officer, item=row, county=county, ends_on=day)
    assert GRAIN not in {each.code for each in in_force(make.VILLAGE, day + timedelta(days=1))}
    added = catalogue.add_item(
        by=officer, project=catalogue_item("1101"), county=county, starts_on=day, label="花椒种植奖补"
    )
    assert (added.code, added.nature, added.risks) == ("110106", "developing", ["10"])
    with pytest.raises(PermissionDenied):
        catalogue.revise_item(by=helper, item=item, county=county, starts_on=day)


def test_a_delivered_measure_counts_for_the_removal_of_its_risk() -> None:
    household = make.household()
    make.restand(household, monitor_type="2", risks=["05"], risk_identified_on=date(2026, 1, 5), risk_cleared=False)

    def lacking() -> bool:
        recompute(make.VILLAGE, TODAY().year)
        return "measure" in Clearance.objects.get(household=household).missing

    assert lacking()
    measure(household, WATER, delivered_on=date(2025, 12, 1), risks=["05"])  # before it was taken in
    measure(household, LOAN, delivered_on=date(2026, 2, 1), amount=None, risks=["10"])  # another risk
    assert lacking()
    row = measure(household, WATER, delivered_on=date(2026, 2, 1), amount=None, risks=["05"])
    assert not lacking()
    withdraw_measure(by=make.posted(Role.HELPER), measure=row, reason="登记错了")
    assert lacking()


def test_a_year_without_a_measure_blocks_only_who_has_measures() -> None:
    helped, never = make.household(), make.household()
    for each in (helped, never):
        make.annual_record(each)
    measure(helped, delivered_on=date(2019, 5, 1))

    def blocked() -> set[int]:
        recompute(make.VILLAGE, make.YEAR)
        return set(Assessment.objects.filter(blockers__contains=["no_measure"]).values_list("household", flat=True))

    assert blocked() == {helped.pk}
    measure(helped)
    assert blocked() == set()


def test_the_summary_counts_what_was_delivered_in_the_year() -> None:
    """Households and people once, those taken back and other years not at all."""
    first, second = make.household(members=3), make.household(members=2)
    for household in (first, first, second):
        measure(household, GRAIN, amount=Decimal(500))
    measure(second, WATER, amount=None)
    measure(first, GRAIN, delivered_on=date(2019, 5, 1))
    measure(first, GRAIN, withdrawn_on=date(2020, 7, 1), withdrawn_reason="登记错了")
    rows = {row["item__code"]: row for row in summary(make.posted(Role.COUNTY_OFFICER), 2020)}
    found = {code: (row["count"], row["households"], row["people"], row["amount"]) for code, row in rows.items()}
    assert found == {GRAIN: (3, 2, 5, Decimal(1500)), WATER: (1, 1, 2, None)}


def test_a_helper_notes_a_measure_with_its_paper_and_sees_it_on_the_household(client: Client) -> None:
    helper, household = make.posted(Role.HELPER), make.household(members=2)
    make.pairing(household, helper)
    client.force_login(helper)
    assert "粮油种植奖补" in client.get(f"/measures/new/{household.pk}/").content.decode()
    address = f"/measures/new/{household.pk}/{catalogue_item().pk}/"
    sent = {"delivered_on": TODAY().isoformat(), "amount": "1000", "quantity": "2", **MONEY}
    assert client.post(address, sent).status_code == 422
    answer = client.post(address, {**sent, "amount": "600", "paper": photo()}, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/households/{household.pk}/measures/"
    assert "600" in text
    assert "农业农村局" in text
    assert household.measures.get().evidence is not None
    stranger = make.household()
    assert client.get(f"/measures/new/{stranger.pk}/").status_code == 404
