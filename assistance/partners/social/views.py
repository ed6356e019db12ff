"""One need with the offers that fit, and the public list of needs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from assistance.models import SocialNeed
from assistance.partners.social import services
from assistance.partners.social.forms import DonateForm
from assistance.partners.social.lists import needs
from households.procedures.notices.views import missing, public_page
from povreg.kit.scopes import within
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.FUND_VIEW)
def need(request: SignedInRequest, pk: int) -> HttpResponse:
    """A need: what is wanted, what came, which offers fit; a donation is noted here."""
    row: SocialNeed = scoped_or_404(needs(request.user), request.user, pk, Right.FUND_VIEW)
    may = request.user.can(Right.PARTNER_EDIT, row.village_id)
    found = services.fitting(row) if may else []
    form = DonateForm(request.POST if request.method == "POST" else None, need=row, offers=found)
    if form.is_bound:
        demand(request.user, Right.PARTNER_EDIT, row.village_id)
    if form.is_bound and form.is_valid():
        with refusals_into(form):
            given = services.donate(by=request.user, need=row, **form.cleaned_data)
            messages.success(request, f"已登记 {given.amount:,.2f} 元，票据号 {given.receipt}。")
            return redirect("social-need", pk=pk)
    context = {
        "need": row,
        "donations": row.donations.select_related("offer").order_by("-delivered_on", "-pk"),
        "offers": found,
        "form": form,
        "may_donate": may and row.state == SocialNeed.State.OPEN and bool(found),
        "may_close": row.state == SocialNeed.State.OPEN and request.user.can(Right.NEED_EDIT, row.village_id),
    }
    return render(request, "assistance/partners/need.html", context, status=422 if form.errors else 200)


@require_GET
@public_page(keep=True)
def public_needs(request: HttpRequest, code: int) -> HttpResponse:
    """The open needs of a county, township or village, for whoever wants to help: no person is named."""
    place = Place.objects.filter(code=str(code)).first()
    if place is None or len(place.code) not in (6, 9, 12):
        return missing(request)
    rows = SocialNeed.objects.filter(within("village_id", place.code), state=SocialNeed.State.OPEN)
    found = [
        {"title": row.title, "content": row.content, "kind": row.get_kind_display(), "left": row.amount - row.met,
         "village": str(row.village), "on": row.published_on}
        for row in rows.select_related("village").order_by("-published_on", "-pk")[:SHOWN]
    ]  # fmt: skip
    return render(request, "assistance/partners/public_needs.html", {"place": place, "needs": found})
