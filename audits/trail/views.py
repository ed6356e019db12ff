"""Pages of the trail: acts, and one act with its changes."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.trail.forms import TrailForm
from audits.trail.lists import ACTS
from audits.trail.selectors import CHANGES, acts, changes_of
from povreg.kit.pages.listing import SHEET_PARAM
from povreg.kit.pages.sheet import workbook
from povreg.kit.pages.shown import ShownList
from povreg.kit.views import require
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require_safe
@require(Right.TRAIL_VIEW)
def trail(request: SignedInRequest) -> HttpResponseBase:
    """The newest acts that fit; as a workbook with ``sheet``."""
    form = TrailForm(request.GET or None)
    form.is_valid()
    found = acts(request.user, form.asked) if not form.errors else []
    shown = ShownList(ACTS, request, found)
    if SHEET_PARAM in request.GET:
        return workbook(shown, form.words(request.user))
    context = {"form": form, "list": shown, "words": form.words(request.user)}
    return render(request, "audits/trail/trail.html", context)


@require_safe
@require(Right.TRAIL_VIEW)
def trail_act(request: SignedInRequest, context: UUID) -> HttpResponse:
    """One act: what every row was before and is since."""
    found = changes_of(request.user, str(context))
    if found is None:
        raise Http404
    act, changes = found
    return render(request, "audits/trail/act.html", {"act": act, "changes": changes, "most": CHANGES})
