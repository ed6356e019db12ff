"""One difference: what the register holds beside what the roster said."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.models import StandingProposal
from households.office.proposals.lists import STATE_TONES, may_dismiss, may_take, settled, settled_url, take_words
from households.procedures.applications.selectors import head_name_of
from households.standing import selectors
from households.standing.proposals import differences
from povreg.kit.views import require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """The difference with the buttons of whoever may settle it."""
    row: StandingProposal = scoped_or_404(selectors.proposals(request.user), request.user, pk)
    is_error = row.kind == StandingProposal.Kind.ERROR
    context = {
        "row": row,
        "head_name": head_name_of(row.household),
        "tone": STATE_TONES[row.state],
        "differences": differences(row),
        "settled": settled(row),
        "settled_url": settled_url(row, request.user),
        "may_take": may_take(row, request.user),
        "may_dismiss": may_dismiss(row, request.user),
        "take_words": take_words(row),
        "may_correct": is_error and row.state == "open" and request.user.can(Right.COUNTY_REVIEW, row.village_id),
        "is_error": is_error,
    }
    return render(request, "households/office/proposal.html", context)
