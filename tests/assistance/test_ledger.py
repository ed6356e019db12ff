"""The ledger of funds: nothing is overdrawn, nothing paid twice, no cent made or lost, whoever writes."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Sum
from hypothesis import given, settings, strategies as st

from assistance.funds.ledger.services import (
    Overdrawn,
    PaidAlready,
    Payee,
    allocate,
    change_allocation,
    disburse,
    reverse_payment,
)
from assistance.models import Allocation, Disbursement, FundSource, Project
from povreg.kit.reach import EVERYWHERE, reaching
from tests import factories
from tests.assistance import moneyed
from tests.owner import owner
from tests.standings import settle
from villages.rights import Role

pytestmark = pytest.mark.django_db
DAY = moneyed.DAY


@pytest.fixture
def xian():
    return factories.posted(Role.COUNTY_OFFICER)


def pay(by, allocation, amount, household=None, item="2026年奖补", voucher="凭1"):
    payee = Payee(Decimal(amount), household=household) if household else Payee(Decimal(amount), unit="某施工队")
    return disburse(by=by, allocation=allocation, payees=[payee], item=item, paid_on=DAY, voucher=voucher)


def test_money_goes_from_the_source_to_the_household(xian):
    source, project = moneyed.source(), moneyed.project(state="listed")
    household = factories.household()
    given_to = allocate(by=xian, source=source, project=project, amount=Decimal("30000.01"), document="下1", on=DAY)
    Project.objects.filter(pk=project.pk).update(state="planned")
    pay(xian, given_to, "300.05", household)
    settle()
    source.refresh_from_db(), project.refresh_from_db(), given_to.refresh_from_db()
    assert (source.allocated, project.allocated, project.paid, given_to.paid) == (
        Decimal("30000.01"), Decimal("30000.01"), Decimal("300.05"), Decimal("300.05"),
    )  # fmt: skip


def test_more_than_is_left_is_refused_in_words(xian):
    source, project = moneyed.source(amount=Decimal("100")), moneyed.project(state="listed")
    give = {"by": xian, "source": source, "project": project, "document": "下1", "on": DAY}
    with pytest.raises(Overdrawn, match=r"只剩 100\.00 元"):
        allocate(amount=Decimal("100.01"), **give)
    given_to = allocate(amount=Decimal("100"), **give)
    Project.objects.filter(pk=project.pk).update(state="started")
    pay(xian, given_to, "60")
    with pytest.raises(Overdrawn, match=r"只剩 40\.00 元"):
        pay(xian, given_to, "40.01", voucher="凭2")
    with pytest.raises(Overdrawn, match="已拨付"):
        change_allocation(by=xian, allocation=given_to, amount=Decimal("59.99"), reason="压减")
    assert change_allocation(by=xian, allocation=given_to, amount=Decimal("60"), reason="压减").amount == 60


def test_a_household_gets_an_item_of_a_project_once_and_anew_after_a_reversal(xian):
    household, given_to = factories.household(), moneyed.allocation()
    (paid,) = pay(xian, given_to, "500", household)
    with pytest.raises(PaidAlready, match=household.household_no):
        pay(xian, given_to, "500", household, voucher="凭2")
    back = reverse_payment(by=xian, payment=paid, on=DAY, voucher="", reason="户名不符")
    assert back.amount == -500
    with pytest.raises(PaidAlready, match="已经冲正"):
        reverse_payment(by=xian, payment=paid, on=DAY, voucher="", reason="再来")
    pay(xian, given_to, "500", household, voucher="凭3")
    settle()
    given_to.refresh_from_db()
    assert given_to.paid == 500


def test_money_is_paid_in_its_state_at_its_place_by_who_may(xian):
    early, here = moneyed.allocation(project=moneyed.project(state="listed")), moneyed.allocation()
    with pytest.raises(ValidationError, match="列入年度计划以后"):
        pay(xian, early, "1")
    with pytest.raises(ValidationError, match="不在项目实施地点"):
        pay(xian, here, "1", factories.household(factories.NEXT_VILLAGE))
    with pytest.raises(PermissionDenied):
        pay(factories.posted(Role.TOWNSHIP_OFFICER), here, "1")
    stranger = factories.posted(Role.DEPARTMENT_OFFICER, factories.OTHER_COUNTY)
    with pytest.raises(PermissionDenied):
        pay(stranger, here, "1")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda row: Allocation.objects.filter(pk=row.pk).update(amount=10), "allocation_not_overdrawn"),
        (lambda row: moneyed.payment(allocation=row, amount=29_901), "allocation_not_overdrawn"),
        (lambda row: FundSource.objects.filter(pk=row.source_id).update(amount=1), "source_not_overdrawn"),
        (lambda row: Allocation.objects.filter(pk=row.pk).update(paid=1), "paid_in_balance"),
        (lambda row: FundSource.objects.filter(pk=row.source_id).update(allocated=1), "allocated_in_balance"),
        (lambda row: Project.objects.filter(pk=row.project_id).update(budget=1), "project_within_budget"),
        (lambda row: Disbursement.objects.filter(allocation=row).update(is_reversed=True), "reversed_by_a_row"),
        (lambda row: Disbursement.objects.filter(allocation=row).update(amount=1), ""),
        (lambda row: Allocation.objects.filter(pk=row.pk).delete(), ""),
    ],
)
def test_the_database_refuses_it_whatever_the_tool(change, name):
    row = moneyed.allocation()
    moneyed.payment(factories.household(), allocation=row)
    settle()
    refusals = (IntegrityError, ProgrammingError) if name else (Exception,)
    with owner(), pytest.raises(refusals, match=name or "."), transaction.atomic():
        change(row)
        settle()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("apr"), st.integers(1, 4000)), min_size=1, max_size=12))
def test_no_cent_is_made_or_lost(steps):
    """Allocations, payments and reversals in any order: what the totals say is what the rows say, and no more."""
    with transaction.atomic():
        by = factories.posted(Role.COUNTY_OFFICER)
        source = moneyed.source(amount=Decimal("60"))
        project = moneyed.project(state="started", budget=Decimal("50"))
        for number, (kind, cents) in enumerate(steps):
            amount = Decimal(cents) / 100
            try:
                if kind == "a":
                    give = {"document": f"下{number}", "on": DAY}
                    allocate(by=by, source=source, project=project, amount=amount, **give)
                elif kind == "p":
                    pay(by, project.allocations.earliest("pk"), amount, voucher=f"凭{number}")
                else:
                    reverse_payment(by=by, payment=project.payments.latest("pk"), on=DAY, voucher="", reason="错付")
            except (ValidationError, Allocation.DoesNotExist, Disbursement.DoesNotExist):
                continue
        settle()
        project.refresh_from_db(), source.refresh_from_db()
        assert project.paid == (project.payments.aggregate(sum=Sum("amount"))["sum"] or 0)
        assert source.allocated == project.allocated == (project.allocations.aggregate(sum=Sum("amount"))["sum"] or 0)
        assert 0 <= project.paid <= project.allocated <= min(source.amount, project.budget)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_fifty_pay_at_once_to_the_cent():
    """Fifty pay 33.33 yuan each out of 1,000: thirty are paid, the rest is refused, a cent is left."""
    row = moneyed.allocation("1000")
    by = factories.posted(Role.COUNTY_OFFICER)
    homes = [factories.household() for _ in range(50)]
    said: list[str] = []
    ready = threading.Barrier(50)

    def one(household):
        try:
            ready.wait()
            with reaching(EVERYWHERE):
                pay(by, row, "33.33", household)
            said.append("paid")
        except Overdrawn:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(home,)) for home in homes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reaching(EVERYWHERE):
        row.refresh_from_db()
        assert (said.count("paid"), said.count("refused")) == (30, 20)
        assert row.paid == Disbursement.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal("999.90")
