"""The section of the household page: what money the household got, from which source, for what."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assistance.funds.ledger.lists import PAYMENTS
from assistance.funds.ledger.selectors import of_household
from assistance.models import ProjectBeneficiary
from households.entry.sections.views import opened
from povreg.kit.pages.shown import ShownList
from povreg.kit.views import require
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require_safe
@require(Right.HOUSEHOLD_VIEW)
def money_section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    page = opened(request, pk, section)
    rows = of_household(request.user, page.household.pk)
    by_year = rows.order_by("-paid_on__year").values("paid_on__year").annotate(sum=Sum("amount"))
    meant = ProjectBeneficiary.objects.visible_to(request.user).filter(household=page.household)
    context = {
        "page": page,
        "by_year": [(each["paid_on__year"], each["sum"]) for each in by_year],
        "total": rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0),
        "payments": ShownList(PAYMENTS, request, rows, less=("payee_name", "place_name")),
        "meant": meant.select_related("project").order_by("-project__year", "pk"),
    }
    return render(request, "assistance/funds/section.html", context)
