"""The page of a file, the report of gaps, the sheet for many villages and its import."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from povreg.kit.fields import YuanField
from povreg.kit.pages.columns import yuan_text
from povreg.kit.pages.listing import Listing
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.reader import SheetError
from povreg.kit.sheets.writer import HEADER_LABEL, SheetOut, write_workbook
from povreg.kit.values import plain
from povreg.kit.views import holds, require, scoped_or_404
from villages.models import Place, User, VillageYear
from villages.models.signed_in import SignedInRequest
from villages.places.selectors import profile_of, roots
from villages.rights import Right
from villages.yearbook import lists, selectors
from villages.yearbook.edits import called
from villages.yearbook.forms import ImportForm, ReportForm
from villages.yearbook.gaps import gaps_of
from villages.yearbook.importing import import_years
from villages.yearbook.parts import COLLECTIVE, FUNDS, PARTS, Part, field_of, recorded, total
from villages.yearbook.sheet import SPEC, rows_of


class Files(ListPage):
    def usual(self) -> dict[str, str]:
        return {"year": str(selectors.usual_year(self.request.user))}


@dataclass(frozen=True)
class Fact:
    """A fact as the page of a file shows it, with that of the file before beside it."""

    label: str
    value: str
    before: str


@dataclass(frozen=True)
class Section:
    part: Part
    facts: list[Fact]
    done: int
    asked: int
    edit: str


def said(row: VillageYear | None, name: str) -> str:
    value = getattr(row, name) if row else None
    if value is None or value == "":
        return ""
    return yuan_text(value) if isinstance(field_of(name), YuanField) else plain(value)


def sections(row: VillageYear, before: VillageYear | None, may_edit: bool) -> Iterator[Section]:
    for part in PARTS:
        facts = [Fact(str(field_of(name).verbose_name), said(row, name), said(before, name)) for name in part.facts]
        edit = reverse(f"village-file-{part.code}", args=[row.pk]) if may_edit else ""
        yield Section(part, facts, recorded(row, part.asked), len(part.asked), edit)


@require_safe
@require(Right.VILLAGE_FILE_VIEW)
def file_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """One village's file of a year: its seven parts with last year beside them, gaps, what was changed."""
    row: VillageYear = scoped_or_404(selectors.files(request.user), request.user, pk)
    before = selectors.latest_before(row.village, row.year)
    may_edit = holds(request.user, Right.VILLAGE_FILE_EDIT, row.village_id)
    context = {
        "row": row,
        "title": called(row),
        "before": before,
        "sections": list(sections(row, before, may_edit)),
        "gaps": gaps_of(row),
        "profile": profile_of(row.village),
        "collective": total(row, COLLECTIVE),
        "funds": total(row, FUNDS),
        "other_files": VillageYear.objects.filter(village=row.village).exclude(pk=row.pk),
        "changes": ShownList(lists.CHANGES, request, selectors.changes_of(row), "changes"),
        "may_edit": may_edit,
    }
    return render(request, "villages/yearbook/file.html", context)


def asked_place(user: User, form: ReportForm) -> Place | None:
    """Where the report looks: what was asked for, else where the person is posted."""
    given = form.cleaned_data.get("place") if form.is_valid() else None
    return given or next(iter(roots(user)), None)


@require_safe
@require(Right.VILLAGE_FILE_VIEW)
def gaps_page(request: SignedInRequest) -> HttpResponse:
    """The report: by township (of a township: by village) how many villages lack what."""
    form = ReportForm(request.GET or None, user=request.user)
    place = asked_place(request.user, form)
    year = (form.is_valid() and form.cleaned_data["year"]) or selectors.usual_year(request.user)
    listing: Listing = lists.report_of(year)
    lines = selectors.gap_lines(request.user, place, year) if place else []
    shown = ShownList(listing, request, lines)
    context = {"list": shown, "place": place, "year": year, "form": form}
    return render(request, "villages/yearbook/gaps.html", context)


@require_safe
@require(Right.EXPORT)
def sheet(request: SignedInRequest) -> FileResponse:
    """The workbook of all one's villages for a year, filled with what is recorded: template and export in one."""
    form = ReportForm(request.GET or None, user=request.user)
    year = (form.is_valid() and form.cleaned_data["year"]) or selectors.usual_year(request.user)
    user = request.user
    villages = Place.objects.current().visible_to(user).filter(level=Place.Level.VILLAGE).select_related("parent")
    files = {row.village_id: row for row in VillageYear.objects.visible_to(user).filter(year=year)}
    about = [
        ("表格", "村情台账"), ("年度", year), ("填写", "一行一个村；空白的格表示不修改，没有的填 0"),
        ("导出人", f"{user.name}（{user.username}）"), ("导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
        (HEADER_LABEL, "1"),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "villages.xlsx"
        rows = rows_of(villages.order_by("code").iterator(chunk_size=500), year, files)
        leaving = Leaving("village-files", "村情台账", user)
        write_workbook(path, [SheetOut(SPEC.name, SPEC.listed, rows)], about, leaving)
        file = path.open("rb")  # stays readable after its folder is gone; the answer closes it
    return FileResponse(file, as_attachment=True, filename=f"村情台账-{year}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.IMPORT)
def import_page(request: SignedInRequest) -> HttpResponse:
    """Upload a workbook; what became of each row stands below."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "outcome": None}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            context["outcome"] = taken(request.user, form)
        status = 200 if context["outcome"] else 422
    return render(request, "villages/yearbook/import.html", context, status=status)


def taken(user: User, form: ImportForm) -> Any:
    """The outcome of the import; None with the form's error where the file cannot be read."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in form.cleaned_data["file"].chunks():
            kept.write(chunk)
        kept.flush()
        try:
            return import_years(by=user, path=Path(kept.name))
        except SheetError as fault:
            form.add_error("file", str(fault))
            return None
