"""One correction order: what is wrong, what is right, who asked, who decides."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.models import CorrectionOrder
from households.office.corrections.lists import TONES, state, wanted
from households.procedures.applications.selectors import head_name_of
from households.standing import selectors
from households.standing.words import period_words
from povreg.kit.views import require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def correction(request: SignedInRequest, pk: int) -> HttpResponse:
    """The order with the buttons of whoever may decide on it."""
    row: CorrectionOrder = scoped_or_404(selectors.orders(request.user), request.user, pk)
    is_open = state(row) == "open"
    may_decide = is_open and request.user.can(Right.COUNTY_REVIEW, row.village_id)
    context = {
        "row": row,
        "head_name": head_name_of(row.household),
        "tone": TONES[state(row)],
        "state": {"open": "待批准", "approved": "已批准", "refused": "不予批准"}[state(row)],
        "wanted": wanted(row),
        "wrong": f"{row.spell.klass}，{period_words(row.spell)}" if row.spell else "没有登记",
        "may_approve": may_decide and row.ordered_by_id != request.user.pk,
        "may_refuse": may_decide,
        "own": may_decide and row.ordered_by_id == request.user.pk,
    }
    return render(request, "households/office/correction.html", context)
