"""One source with what was given of it; how the money of a year lies over the places."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assistance.funds import catalogue
from assistance.funds.ledger import selectors
from assistance.funds.ledger.lists import ALLOCATIONS
from assistance.funds.projects.selectors import unit_costs
from households.register.years import year_of
from povreg.kit.pages.shown import ShownList
from povreg.kit.scopes import TOWNSHIP, covers
from povreg.kit.views import require, scoped_or_404
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require_safe
@require(Right.FUND_VIEW)
def source(request: SignedInRequest, pk: int) -> HttpResponse:
    """A source: received, given to which projects, how much of it into industry."""
    row = scoped_or_404(selectors.sources(request.user), request.user, pk, Right.FUND_VIEW)
    context = {
        "source": row,
        "fund": catalogue.label_of_fund(row.fund),
        "share": selectors.industry_share(row),
        "list": ShownList(ALLOCATIONS, request, selectors.allocations_of(row)),
        "may_edit": request.user.can(Right.FUND_MANAGE, row.place_id),
    }
    return render(request, "assistance/funds/source.html", context)


@require_safe
@require(Right.FUND_VIEW)
def spread(request: SignedInRequest) -> HttpResponse:
    """The money of a year by township or village: what was asked for, given and paid, and how much a head."""
    user, year = request.user, year_of(request)
    codes = [code for _role, code in user.postings_today()]
    asked = request.GET.get("place", "")
    place = asked if any(covers(code, asked) for code in codes) and asked else ""
    below = selectors.level_below([place] if place else codes)
    rows = selectors.spread(user, year, place, below=below)
    given = [row.per_head for row in rows if row.per_head]
    context = {
        "rows": rows,
        "year": year,
        "place": Place.objects.filter(pk=place).first() if place else None,
        "leads_on": below == TOWNSHIP,
        "without": [row for row in rows if row.people and not row.allocated],
        "most": max(given, default=0),
        "total": {name: sum(getattr(row, name) for row in rows) for name in TOTALS},
        "costs": unit_costs(user, year),
        "this_year": timezone.localdate().year,
    }
    return render(request, "assistance/funds/spread.html", context)


TOTALS = ("asked", "allocated", "paid", "gap", "projects", "households", "people")
