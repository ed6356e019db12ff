"""The county at a glance, and every level below it down to the list (design.md section 4)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from households.eligibility.selectors import covers, last_job
from households.register.years import year_of
from povreg.kit.scopes import ancestors
from povreg.kit.views import require
from povreg.overview.dashboard import figures
from povreg.overview.dashboard.figures import Behind
from povreg.overview.dashboard.tallies import Counts, counts_of, counts_of_children
from villages.models import Place
from villages.people.rights import Right
from villages.people.signed_in import SignedInRequest
from villages.standards.selectors import criteria_set_for, line_for


@require(Right.DASHBOARD_VIEW)
@require_safe
def dashboard(request: SignedInRequest) -> HttpResponse:
    """The dashboard of the widest place the person may look at."""
    places = sorted(request.user.places_with(Right.DASHBOARD_VIEW), key=len)
    if not places:
        raise PermissionDenied
    return _page(request, places[0])


@require(Right.DASHBOARD_VIEW)
@require_safe
def dashboard_place(request: SignedInRequest, code: int) -> HttpResponse:
    """The dashboard of one place inside the person's postings."""
    return _page(request, _covered(request, code))


@require(Right.DASHBOARD_VIEW)
@require_safe
def progress(request: SignedInRequest, code: int) -> HttpResponse:
    """How far the running recompute is; when it has ended, the page is told to load again."""
    place = _covered(request, code)
    year = year_of(request)
    job = last_job(place, year)
    if job is None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "overview/dashboard_progress.html", {"job": job, "url": _progress_url(place, year)})


def _covered(request: SignedInRequest, code: int) -> str:
    place = str(code)
    if not covers(request.user, Right.DASHBOARD_VIEW, place):
        raise Http404
    return place


def _progress_url(code: str, year: int) -> str:
    return f"{reverse('dashboard-progress', args=[code])}?year={year}"


def _page(request: SignedInRequest, code: str) -> HttpResponse:
    place = get_object_or_404(Place, pk=code)
    year = year_of(request)
    counts = counts_of(code, year)
    behind = Behind(code, year)
    job = last_job(code, year)
    context = {
        "place": place,
        "year": year,
        "counts": counts,
        "crumbs": _crumbs(request, place, year),
        "job": job,
        "url": _progress_url(code, year),
        "flips_url": f"{reverse('flips')}?place={code}&year={year}",
        "may_recompute": request.user.can(Right.RECOMPUTE, code),
        **(_figures(counts, behind, place, year) if counts.rows else {}),
    }
    return render(request, "overview/dashboard.html", context)


def _figures(counts: Counts, behind: Behind, place: Place, year: int) -> dict[str, Any]:
    criteria_set = criteria_set_for(year, place.pk)
    line = line_for("exit", year, place.pk)
    return {
        "criteria_set": criteria_set,
        "cards": figures.cards(counts, behind),
        "unmet": figures.unmet_chart(counts, behind, figures.criteria_in(criteria_set)),
        "incomes": figures.income_chart(counts, behind, line),
        "causes": figures.cause_chart(counts, behind),
        **_table(place, year, counts),
    }


def _table(place: Place, year: int, counts: Counts) -> dict[str, Any]:
    """The places below with households; nothing under a village, whose rows are the list itself."""
    if place.level >= Place.Level.VILLAGE:
        return {"table": []}
    children = list(Place.objects.filter(parent=place))
    found = counts_of_children((child.pk for child in children), year)
    rows = [figures.table_row(child, found[child.pk], year) for child in children if child.pk in found]
    return {
        "table": rows,
        "level_name": children[0].get_level_display() if children else "",
        "sum": figures.table_row(place, counts, year),
    }


def _crumbs(request: SignedInRequest, place: Place, year: int) -> list[dict[str, str]]:
    """The places above, as far as the person may look at them."""
    codes = [code for code in ancestors(place.pk) if covers(request.user, Right.DASHBOARD_VIEW, code)]
    names = Place.objects.in_bulk(codes)
    return [{"label": str(names[code]), "url": Behind("", year).dashboard(code)} for code in codes if code in names]
