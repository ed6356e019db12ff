"""The reports: an index, a page each, and its workbook. Whoever sees the dashboard of a place sees its reports."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from households.closed.selectors import as_read, closing_of, late_count
from households.eligibility.selectors import covers
from households.figures.dimensions import HOUSEHOLD
from households.register.years import year_of
from povreg.kit.scopes import VILLAGE, ancestors
from povreg.kit.views import demand, holds, require
from povreg.overview.reports import charts, measured, splits
from povreg.overview.reports.asked import ITEMS, PLACES, Asked, filters_of
from povreg.overview.reports.columns import SHOWN
from povreg.overview.reports.declared import (
    AMOUNTS,
    BY_CODE,
    ENTRY,
    FILTERS,
    MARKS,
    PLACES_ONLY,
    SCALE,
    SPLIT,
    Report,
    grouped,
)
from povreg.overview.reports.grid import Grid
from povreg.overview.reports.sheet import write_report
from povreg.overview.reports.words import narrowed, rule
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

GRIDS = {
    SPLIT: splits.grid,
    SCALE: measured.scale_grid,
    MARKS: measured.marks_grid,
    AMOUNTS: measured.amounts_grid,
    ENTRY: measured.entry_grid,
}


@require(Right.DASHBOARD_VIEW)
@require_safe
def reports(request: SignedInRequest) -> HttpResponse:
    """The reports, group by group."""
    place, year = _place(request), year_of(request)
    groups = [
        {"title": title, "reports": [{"title": each.title, "url": _url(each, place, year)} for each in members]}
        for title, members in grouped()
    ]
    context = {"place": place, "year": year, "groups": groups}
    return render(request, "overview/reports/index.html", context)


@require(Right.DASHBOARD_VIEW)
@require_safe
def report(request: SignedInRequest, code: str) -> HttpResponse:
    """One report of a place and year: table, charts, what it may be narrowed by."""
    asked = asked_of(request, code)
    grid = GRIDS[asked.report.kind](asked, request.user)
    context = {
        "asked": asked,
        "place": asked.place,
        "year": asked.year,
        "grid": grid,
        "charts": charts.of(asked, grid),
        "rule": rule(asked),
        "closing": closing_of(asked.place.pk, asked.year),
        "late": late_count(asked.place.pk, asked.year),
        "late_url": f"{reverse('late-facts')}?{urlencode({'place': asked.place.pk, 'year': asked.year})}",
        "narrowed": narrowed(asked),
        "crumbs": _crumbs(request, asked),
        "controls": _controls(asked),
        "others": _others(asked),
        "clear_url": f"{reverse('report', args=[code])}?place={asked.place.pk}&year={asked.year}",
        "sheet_url": asked.address("report-sheet"),
    }
    return render(request, "overview/reports/report.html", context)


@require(Right.DASHBOARD_VIEW)  # type: ignore[arg-type]
@require_safe
def sheet(request: SignedInRequest, code: str) -> FileResponse:
    """The report as it stands on the page, as a workbook."""
    return as_workbook(asked_of(request, code), request.user)


def as_workbook(asked: Asked, user: User) -> FileResponse:
    """The answer that holds the workbook: figures only, so whoever may read the report may take it away. Raises
    PermissionDenied without DASHBOARD_VIEW at the place."""
    demand(user, Right.DASHBOARD_VIEW, asked.place.pk)
    grid: Grid = GRIDS[asked.report.kind](asked, user)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        write_report(path, asked, grid, user)
        name = f"{asked.report.title}-{asked.place}-{asked.year}.xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def asked_of(request: SignedInRequest, code: str) -> Asked:
    """What the address asks for. Raises Http404 for no report, and for a place outside the person's postings."""
    found = BY_CODE.get(code)
    if found is None:
        raise Http404
    place = _place(request)
    return Asked(
        report=found,
        place=place,
        year=as_read(year_of(request), place.pk),
        rows=_rows(found, request.GET.get("rows", "")),
        show=_show(found, request.GET.get("show", "")),
        filters=filters_of(request.GET),
        linked=holds(request.user, Right.HOUSEHOLD_VIEW, place.pk),
    )


def _place(request: SignedInRequest) -> Place:
    """The place asked for (a group's village), or the widest the person may look at. Raises Http404 outside."""
    code = request.GET.get("place", "").strip()[:VILLAGE]
    if not code:
        places = sorted(request.user.places_with(Right.DASHBOARD_VIEW), key=len)
        if not places:
            raise PermissionDenied
        code = places[0]
    if not code.isascii() or not code.isdigit() or not covers(request.user, Right.DASHBOARD_VIEW, code):
        raise Http404
    return get_object_or_404(Place, pk=code, level__lte=Place.Level.VILLAGE)


def _rows(found: Report, wanted: str) -> str:
    if found.kind == AMOUNTS and wanted in ("", ITEMS):
        return ITEMS
    return wanted if wanted in {each.code for each in found.across} else PLACES


def _show(found: Report, wanted: str) -> str:
    if found.kind != AMOUNTS:
        return ""
    return wanted if wanted in SHOWN else next(iter(SHOWN))


def _url(found: Report, place: Place, year: int) -> str:
    return f"{reverse('report', args=[found.code])}?place={place.pk}&year={year}"


def _crumbs(request: SignedInRequest, asked: Asked) -> list[dict[str, str]]:
    """The places above, as far as the person may look at them."""
    codes = [code for code in ancestors(asked.place.pk) if covers(request.user, Right.DASHBOARD_VIEW, code)]
    names = Place.objects.in_bulk(codes)
    return [{"label": str(names[code]), "url": asked.address("report", place=code)} for code in codes if code in names]


def _others(asked: Asked) -> list[dict[str, Any]]:
    """The reports of the same group, one click away."""
    members = dict(grouped())[asked.report.group]
    return [
        {"label": each.title, "url": _url(each, asked.place, asked.year), "active": each is asked.report}
        for each in members
    ]


def _controls(asked: Asked) -> list[dict[str, Any]]:
    """The selects above the table: what stands in the rows, what is shown, who is counted."""
    found = []
    if asked.report.code not in PLACES_ONLY:
        places = [(PLACES, f"{'本村' if asked.at_village else '下级地区'}")]
        rows = [(ITEMS, "项目"), *places] if asked.report.kind == AMOUNTS else places
        rows += [(each.code, each.label) for each in asked.report.across]
        found.append({"name": "rows", "label": "行", "choices": rows, "value": asked.rows})
    if asked.report.kind == AMOUNTS and asked.rows != ITEMS:
        found.append({"name": "show", "label": "各列显示", "choices": list(SHOWN.items()), "value": asked.show})
    for code in FILTERS:
        names = HOUSEHOLD[code].names().items()
        choices = [("", "全部"), *names]
        value = asked.filters.get(code, "")
        found.append({"name": code, "label": HOUSEHOLD[code].label, "choices": choices, "value": value})
    return found
