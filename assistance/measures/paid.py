"""Measures and the ledger: which payment a measure was paid with, what is left of it, which payments name none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from assistance.models import Disbursement, FundSource, Measure, ProjectBeneficiary
from assistance.models.measure import Source
from households.models import Household
from households.register.errors import refusal
from villages.models import User

NOTHING = Decimal(0)
OF_LEDGER = {kind: str(kind) for kind in FundSource.Kind.values} | {FundSource.Kind.PAIRED: str(Source.COOPERATION)}
"""The source of a measure by the source of the money in the ledger."""


def measured() -> Coalesce:
    """Yuan of the standing measures of a payment, to annotate payments with."""
    standing = Q(measures__withdrawn_on__isnull=True)
    return Coalesce(Sum("measures__amount", filter=standing), NOTHING)


def payments_for(user: User, household: Household, also: int | None = None) -> QuerySet[Disbursement]:
    """Payments that a measure of the household may name, the latest first: those to it, and those to units for a
    project it is meant for, while something is left of them; ``also`` one by its key. ``measured`` is added."""
    meant = ProjectBeneficiary.objects.filter(household=household).values("project_id")
    own = Q(household=household) | Q(household=None, project__in=meant)
    rows = Disbursement.objects.visible_to(user).filter(own, reverses=None, is_reversed=False)
    rows = rows.annotate(measured=measured()).filter(Q(measured__lt=F("amount")) | Q(pk__in=[also] if also else []))
    return rows.select_related("project", "allocation__source").order_by("-paid_on", "-pk")


def left_of(payment: Disbursement, but: Measure) -> Decimal:
    """Yuan of a payment that no other standing measure has."""
    others = Measure.objects.standing().filter(payment=payment).exclude(pk=but.pk)
    return payment.amount - (others.aggregate(sum=Sum("amount"))["sum"] or NOTHING)


def taken_from(row: Measure, amount: Decimal | None, *, payer: str, voucher: str) -> dict[str, Any]:
    """What the ledger says of a measure's payment: its source; the rest of the payment where no amount is given, the
    unit in charge and the voucher where none is named. Nothing where the person may not see the payment."""
    payments = Disbursement.objects.select_related("project", "allocation__source")
    payment = payments.filter(pk=row.payment_id).first() if row.payment_id else None
    if payment is None or payment.project is None:
        return {}
    return {
        "amount": left_of(payment, row) if amount is None and payment.household_id else amount,
        "source": OF_LEDGER[payment.allocation.source.kind],
        "payer": payer.strip() or payment.project.supervisor[:60],
        "voucher": voucher.strip() or payment.voucher,
    }


def check_paid(row: Measure) -> None:
    """Raises ValidationError for a payment that came back, went to somebody else, or is less than the measures that
    name it."""
    if row.payment_id is None:
        return
    payment = Disbursement.objects.select_for_update(of=("self",), no_key=True).filter(pk=row.payment_id).first()
    if payment is None:  # of a unit, beyond the person's places; the database holds the sum
        return
    if payment.is_reversed or payment.reverses_id:
        raise refusal("这一笔拨付已经冲正，请另选，或不选拨付。", field="payment")
    if not is_meant(payment, row.household_id):
        raise refusal("这一笔拨付不是给本户的；拨给单位的，请先把本户登记为项目受益户。", field="payment")
    if not row.amount:
        raise refusal("选了资金拨付的，请填写金额。", field="amount")
    left = left_of(payment, row)
    if row.amount > left:
        raise refusal(f"这一笔拨付只剩 {left:,.2f} 元没有登记成措施，请核对金额。", field="amount")


def is_meant(payment: Disbursement, household: int) -> bool:
    if payment.household_id is not None:
        return payment.household_id == household
    return ProjectBeneficiary.objects.filter(project=payment.project_id, household=household).exists()
