"""Partners with what is covered, and one with its households."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assistance.models import Partner
from assistance.partners import services
from assistance.partners.forms import LinkForm
from assistance.partners.lists import LINKS, coverage, links, partners
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


class Partners(ListPage):
    """Partners, below how many registered households any of them takes along."""

    template = "assistance/partners/index.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        registered, along = coverage(self.request.user)
        return {"list": shown, "registered": registered, "along": along}


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.FUND_VIEW)
def partner(request: SignedInRequest, pk: int) -> HttpResponse:
    """One partner: its households, and more of them."""
    row: Partner = scoped_or_404(partners(request.user), request.user, pk, Right.FUND_VIEW)
    form = LinkForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound:
        demand(request.user, Right.PARTNER_EDIT, row.place_id)
    if form.is_bound and form.is_valid():
        with refusals_into(form):
            given = {name: form.cleaned_data[name] for name in ("form", "since", "effect")}
            added = services.link_households(by=request.user, partner=row, households=form.households, **given)
            messages.success(request, f"已登记带动 {added} 户。")
            return redirect("partner", pk=pk)
    context = {
        "partner": row,
        "form": form,
        "list": ShownList(LINKS, request, links(request.user).filter(partner=row), less=("partner_name",)),
        "may_edit": request.user.can(Right.PARTNER_EDIT, row.place_id),
    }
    return render(request, "assistance/partners/partner.html", context, status=422 if form.errors else 200)
