"""Pairings with what is covered, a proposal to be taken over, limits by rank."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assistance.models import PairingChoice, PairingProposal
from assistance.pairing import rules, selectors, services
from assistance.pairing.forms import AcceptForm, LimitForm
from assistance.pairing.lists import CHOICES, choices
from assistance.pairing.matching import services as matching
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.scopes import COUNTY
from povreg.kit.views import refusals_into, require, scoped_or_404
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

EDIT = Right.PAIRING_EDIT
SAID_AT_MOST = 5


class Pairings(ListPage):
    """Pairings, below how many households are covered."""

    template = "assistance/pairing/index.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        user = self.request.user
        covered = selectors.coverage(user)
        return {"list": shown, "coverage": covered, "open": covered["must"] - covered["have"]}


def proposal_or_404(request: SignedInRequest, pk: int) -> PairingProposal:
    rows = PairingProposal.objects.select_related("place", "made_by")
    found: PairingProposal = scoped_or_404(rows, request.user, pk, EDIT)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@require(EDIT)
def proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """A proposal, pair by pair; what is ticked (or all) is taken over."""
    row = proposal_or_404(request, pk)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_into(form):
            begun, faults = matching.accept(
                by=request.user, proposal=row, rows=chosen(request, row), **form.cleaned_data
            )
            tell(request, begun, faults)
            return redirect("pairing-proposal", pk=pk)
    shown = ShownList(CHOICES, request, choices(row, request.user))
    waiting = row.choices.filter(state=PairingChoice.State.OPEN, helper__isnull=False).count()
    context = {"proposal": row, "list": shown, "form": form, "waiting": waiting}
    return render(request, "assistance/pairing/proposal.html", context, status=422 if form.errors else 200)


def chosen(request: SignedInRequest, row: PairingProposal) -> list[PairingChoice]:
    """The pairs of a proposal that wait and lie in the person's places."""
    rows = choices(row, request.user).filter(state=PairingChoice.State.OPEN, helper__isnull=False)
    return list(rows)


def tell(request: SignedInRequest, begun: int, faults: list[str]) -> None:
    if begun:
        messages.success(request, f"已确认 {begun:,} 对结对。")
    for fault in faults[:SAID_AT_MOST]:
        messages.warning(request, fault)
    if len(faults) > SAID_AT_MOST:
        messages.warning(request, f"还有 {len(faults) - SAID_AT_MOST:,} 户没有确认，原因相同的请先办理后再确认。")


@require_http_methods(["GET", "HEAD", "POST"])
@require(EDIT)
def limits(request: SignedInRequest) -> HttpResponse:
    """How many households a helper of each rank may take in the person's county."""
    county = next((code[:COUNTY] for _role, code in request.user.postings_today() if len(code) >= COUNTY), "")
    form = LimitForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        place = Place.objects.filter(pk=county).first()
        if place is None:
            raise PermissionDenied
        with refusals_into(form):
            services.set_limit(by=request.user, county=place, **form.cleaned_data)
            messages.success(request, "已保存上限。")
            return redirect("pairing-limits")
    context = {
        "rows": rules.limits_of(county),
        "form": form,
        "most": rules.most_of_all(),
        "may_edit": bool(county) and request.user.can(EDIT, county),
    }
    return render(request, "assistance/pairing/limits.html", context, status=422 if form.errors else 200)
