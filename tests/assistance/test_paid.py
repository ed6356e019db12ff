"""A measure with money is traced to the row of the ledger that paid it, and comes to no more than that."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from assistance.funds.ledger.services import reverse_payment
from assistance.measures.services import Given, correct_measure, deliver_measure
from assistance.models import Measure, ProjectBeneficiary
from tests import factories as make
from tests.assistance import moneyed
from tests.factories_assistance import WATER, catalogue_item, measure
from villages.rights import Role

pytestmark = pytest.mark.django_db
DAY = moneyed.DAY


def deliver(household: Any, payment: Any, by: Any = None, **given: Any) -> Measure:
    by = by or make.posted(Role.COUNTY_OFFICER)
    facts = {"household": household, "item": catalogue_item(WATER), "delivered_on": DAY}
    return deliver_measure(by=by, given=Given(payment=payment, **given), **facts)


def test_a_payment_says_source_unit_voucher_and_amount() -> None:
    household = make.household(members=1)
    source = moneyed.source(kind="paired", fund="paired")
    paid = moneyed.payment(household, allocation=moneyed.allocation(source=source), amount=Decimal("300.50"))
    row = deliver(household, paid)
    assert (row.amount, row.source, row.payer, row.voucher) == (
        Decimal("300.50"), "cooperation", "区交通局", paid.voucher,
    )  # fmt: skip
    row = correct_measure(by=make.posted(Role.HELPER), measure=row, delivered_on=DAY, given=Given(amount=Decimal(300)))
    assert row.payment == paid, "who says nothing of the payment leaves it"
    given = Given(amount=Decimal(300), source="bank", payer="银行", unlink=True)
    assert correct_measure(by=row.entered_by, measure=row, delivered_on=DAY, given=given).payment is None


def test_measures_of_a_payment_come_to_no_more_than_it() -> None:
    household = make.household(members=1)
    paid = moneyed.payment(household, amount=Decimal(100))
    deliver(household, paid, amount=Decimal("60"))
    with pytest.raises(ValidationError, match=r"只剩 40\.00 元"):
        deliver(household, paid, amount=Decimal("40.01"))
    row = deliver(household, paid, amount=Decimal("40"))
    with pytest.raises(IntegrityError, match="more than was paid"), transaction.atomic():
        Measure.objects.filter(pk=row.pk).update(amount=Decimal("40.01"))


def test_what_was_not_paid_to_the_household_is_refused() -> None:
    household, other = make.household(members=1), make.household(members=1)
    with pytest.raises(ValidationError, match="不是给本户的"):
        deliver(household, moneyed.payment(other))
    paid = moneyed.payment()  # to a unit
    with pytest.raises(ValidationError, match="受益户"):
        deliver(household, paid, amount=Decimal(10))
    ProjectBeneficiary.objects.create(project=paid.project, household=household, village_id=household.village_id)
    assert deliver(household, paid, amount=Decimal(10)).payment == paid
    back = moneyed.payment(household)
    reverse_payment(by=make.posted(Role.COUNTY_OFFICER), payment=back, on=DAY, voucher="", reason="户名不符")
    with pytest.raises(ValidationError, match="已经冲正"):
        deliver(household, back)


def test_one_comes_from_the_ledger_to_the_measure_and_sees_its_source_there(client: Client) -> None:
    household = make.household(members=1)
    paid = moneyed.payment(household, amount=Decimal(80))
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    assert "未登记" in client.get("/disbursements/?measure=no").content.decode()
    choose = client.get(f"/measures/new/{household.pk}/?payment={paid.pk}").content.decode()
    address = f"/measures/new/{household.pk}/{catalogue_item(WATER).pk}/?payment={paid.pk}"
    assert address in choose and paid.item in choose
    form = client.get(address).content.decode()
    assert re.search(f'<option[^>]*value="{paid.pk}"[^>]*selected', form) and 'value="80' in form
    sent = {"delivered_on": "2026-03-02", "payment": paid.pk, "amount": "80"}
    assert client.post(address, sent).status_code == 302
    shown = client.get(f"/households/{household.pk}/measures/").content.decode()
    assert paid.project.name in shown and paid.allocation.source.document in shown
    assert not client.get("/disbursements/?measure=no").context["list"].count


def test_who_may_not_see_the_payment_leaves_it_where_it_is(client: Client) -> None:
    """A unit's payment lies with the township; a cadre of the village corrects the day."""
    household = make.household(members=1)
    paid = moneyed.payment(allocation=moneyed.allocation(project=moneyed.project(at=make.TOWNSHIP, state="started")))
    row = measure(household, WATER, payment=paid, amount=Decimal(10), delivered_on=DAY)
    client.force_login(make.posted(Role.VILLAGE_CADRE))
    sent = {"delivered_on": "2026-03-03", "amount": "10", "source": "county", "payer": "水利局", "version": row.version}
    assert client.post(f"/measures/{row.pk}/", sent).status_code == 302
    row.refresh_from_db()
    assert (row.delivered_on.day, row.payment_id) == (3, paid.pk)
