"""The opening of a county's register: the count sheet, and the button that closes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from households.models import OpeningStock
from households.office.opening import selectors
from households.office.opening.lists import SEEN
from households.standing.opening import close_opening
from povreg.kit.pages.views import ListPage
from povreg.kit.views import demand, require
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


class Openings(ListPage):
    """Whoever has one county is led to its page."""

    def get(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        codes = list(selectors.counties(request.user).values_list("pk", flat=True)[:2])
        return redirect("opening", code=codes[0]) if len(codes) == 1 else super().get(request, **kwargs)


def _county(request: SignedInRequest, code: int) -> Place:
    return get_object_or_404(selectors.counties(request.user), pk=str(code))


@require(*SEEN)
@require_safe
def opening(request: SignedInRequest, code: int) -> HttpResponse:
    """What the county's register holds, and whether rosters may still write standing."""
    county = _county(request, code)
    stock = OpeningStock.objects.filter(pk=county.pk).select_related("closed_by").first()
    closed = stock if stock and stock.closed_on else None
    context = {
        "county": county,
        "closed": closed,
        "counts": selectors.counts_of(county),
        "may_close": closed is None and request.user.can(Right.COUNTY_REVIEW, county.pk),
    }
    return render(request, "households/office/opening.html", context)


@require(Right.COUNTY_REVIEW)
@require_POST
def close(request: SignedInRequest, code: int) -> HttpResponse:
    """Close it, once."""
    county = _county(request, code)
    demand(request.user, Right.COUNTY_REVIEW, county.pk)
    try:
        close_opening(by=request.user, county=county.pk)
        messages.success(request, f"{county}的建库期已结束。此后身份只经名单、部门名单和更正令改变。")
    except ValidationError as refusal:
        messages.warning(request, "；".join(refusal.messages))
    return redirect("opening", code=county.pk)
