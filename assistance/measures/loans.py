"""Arithmetic of micro-loans: interest, months of the term, the county's terms of a day."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum

from assistance.models import LoanTerms, Measure
from povreg.kit.scopes import COUNTY

CENT = Decimal("0.01")
MONTHS, PERCENT = 12, 100


def terms_of(village: str, day: date) -> LoanTerms | None:
    """What loans of the place's county begun on a day hold to; None where the county has entered nothing."""
    rows = LoanTerms.objects.filter(place=village[:COUNTY], starts_on__lte=day)
    return rows.order_by("-starts_on").first()


def interest(amount: Decimal, rate: Decimal, months: Decimal) -> Decimal:
    """Yuan of simple interest on an amount, at per cent a year, for so many months, half up to the cent."""
    return (amount * rate * months / (PERCENT * MONTHS)).quantize(CENT, ROUND_HALF_UP)


def term_months(row: Measure) -> int:
    """Whole months of a loan's term, one begun counting."""
    assert row.ends_on is not None
    first, last = row.delivered_on, row.ends_on
    return (last.year - first.year) * MONTHS + last.month - first.month + (last.day > first.day)


def subsidised(loan: Measure, but: int | None = None) -> Decimal:
    """Months of a loan's interest that were subsidised, by others than the measure ``but``."""
    rows = Measure.objects.standing().filter(serves=loan).exclude(pk=but)
    return rows.aggregate(sum=Sum("quantity"))["sum"] or Decimal(0)
