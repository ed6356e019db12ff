"""The years of a county: closed ones with their digests, the count sheet before one is closed, and whether it holds."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from households.closing import services
from households.closing.forms import CloseForm
from households.closing.selectors import closings, years_to_close
from households.models import Household, YearClosing
from povreg.kit.pages.edit import Edit, EditPage, home, posted
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.views import require, scoped_or_404
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

SHOWN = 100
"""Households that differ, shown by number at most."""


class Closings(ListPage):
    template = "households/closing/list.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        open_years = [
            {"county": county, "years": [(year, reverse("close-year", args=[county.pk, year])) for year in years]}
            for county, years in years_to_close(self.request.user)
        ]
        return {"list": shown, "open": open_years}


def year_asked(request: HttpRequest) -> int:
    match = request.resolver_match
    assert match is not None
    return int(match.kwargs["year"])


def counties() -> QuerySet[Place]:
    return Place.objects.filter(level=Place.Level.COUNTY)


CLOSE = Edit(
    code="close-year",
    title=lambda county: f"封存年度：{county}",
    right=Right.COUNTY_REVIEW,
    rows=counties,
    place="pk",
    key="county",
    form=lambda request, county: CloseForm(posted(request), county=county, year=year_asked(request)),
    save=lambda by, county, form: services.close_year(
        by=by, county=county, year=form.year, reason=form.cleaned_data.get("reason", "")
    ),
    done=lambda row: f"{row.year}年度已封存：{row.households:,} 户，{row.people:,} 人。",
    after=lambda request, row: reverse("closings"),
    crumbs=home("年度封存", "closings"),
    label="封存",
    wide=("reason",),
)


class ClosePage(EditPage):
    template = "households/closing/close.html"


@require(Right.STANDARD_VIEW)
@require_safe
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whether a closed year still is what was closed; which households and places are not."""
    closing: YearClosing = scoped_or_404(closings(request.user), request.user, pk)
    found = services.verify_closing(closing)
    rows = Household.objects.visible_to(request.user).filter(pk__in=found.households)
    context = {
        "closing": closing,
        "found": found,
        "crumbs": home("年度封存", "closings")(request, closing),
        "households": rows.select_related("village").order_by("village_id", "household_no")[:SHOWN],
        "places": Place.objects.filter(pk__in=found.places).order_by("pk")[:SHOWN],
    }
    return render(request, "households/closing/verify.html", context)
