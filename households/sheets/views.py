"""Pages of sheets: uploads with their check and outcome, exports, blank templates."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.models import SheetImport
from households.register.years import year_of
from households.sheets import selectors, services
from households.sheets.blank import blank_workbook
from households.sheets.forms import ExportForm, UploadForm, choices_of
from households.sheets.layouts import LAYOUTS
from households.sheets.lists import EXPORTS, IMPORTS, TONES, TOUCHED
from households.sheets.outcome import QUESTIONS
from households.sheets.undo import plan_of
from households.standing.opening import is_opening
from households.standing.selectors import open_proposals
from povreg.jobs.models import Job
from povreg.kit.pages.shown import ShownList
from povreg.kit.sheets.reader import SUFFIXES
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.messages.services import mark_all_read
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

Status = SheetImport.Status
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require(Right.IMPORT, Right.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: SignedInRequest) -> HttpResponse:
    """Upload a workbook; the imports so far. Who may only export gets the templates and the way to the export."""
    may_import = request.user.can(Right.IMPORT)
    if request.method == "POST":
        demand(request.user, Right.IMPORT)
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user) if may_import else None
    if form is not None and form.is_valid():
        values = form.cleaned_data
        with refusals_into(form):
            row = services.upload_sheet(
                by=request.user, file=values["file"], county=values["county"].pk, layout=values["layout"]
            )
            return redirect("sheet-import", pk=row.pk)
    context = {
        "form": form,
        "list": ShownList(IMPORTS, request),
        "layouts": LAYOUTS.values(),
        "accept": ",".join(SUFFIXES),
        "departments": request.user.can(Right.JOB_VIEW_ALL),
        "opening": form is not None
        and request.user.can(Right.COUNTY_REVIEW)
        and any(is_opening(code) for code in form.counties),
    }
    return render(request, "households/sheets/index.html", context, status=422 if form and form.errors else 200)


def _row_or_404(request: SignedInRequest, pk: int) -> SheetImport:
    return scoped_or_404(SheetImport.objects.select_related("county", "by", "job"), request.user, pk)


@require(Right.IMPORT, Right.TRAIL_VIEW)
@require_GET
def sheet_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """One import: the columns found, what the check says, what became of the rows."""
    row = _row_or_404(request, pk)
    status = services.standing(row)
    if row.job_id and status not in AT_WORK:
        mark_all_read(by=request.user, url=reverse("job", args=[row.job_id]))  # who sees the outcome need not be told
    found = selectors.sheets_found(row, services.wishes_of(row)) if status in OPEN else []
    context = {
        "sheet": row,
        "status_label": Status(status).label,
        "layout": LAYOUTS[row.layout],
        "tone": TONES[Status(status)],
        "job": row.job if row.status in AT_WORK else None,
        "failed_job": status != row.status,
        "result": row.report or row.preview,
        "is_final": status in WRITTEN,
        "undone": row.report.get("undo") if status == Status.UNDONE else None,
        "may_undo": _may_undo(request, row),
        "found": found,
        "unsure": row.preview.get("unsure", []) if status in OPEN else [],
        "all_layouts": LAYOUTS.values(),
        "questions": QUESTIONS,
        "confirmed": services.wishes_of(row).confirmed,
        "may_confirm": status == Status.CHECKED and row.preview.get("importable") and request.user.can(Right.IMPORT),
        "may_map": status in OPEN and request.user.can(Right.IMPORT),
        "may_take": request.user.can(Right.IMPORT),
        "alike": request.user.can(Right.HOUSEHOLD_MOVE) and selectors.tells_of_doubles(row.report or row.preview),
        "same": selectors.same_file(row, request.user),
        "differing": open_proposals(request.user).filter(source=row).count() if status == Status.DONE else 0,
    }
    return render(request, "households/sheets/import.html", context)


OPEN = (Status.UPLOADED, Status.CHECKED, Status.FAILED)
AT_WORK = (Status.CHECKING, Status.IMPORTING, Status.UNDOING)
WRITTEN = (Status.DONE, Status.UNDOING, Status.UNDONE)


def _may_undo(request: SignedInRequest, row: SheetImport) -> bool:
    """Whether the person may take the import back, as it stands now."""
    standing = services.standing(row) == Status.DONE and row.context is not None
    return standing and request.user.can(Right.IMPORT) and services.may_undo(request.user, row)


@require(Right.IMPORT, Right.TRAIL_VIEW)
@require_GET
def sheet_households(request: SignedInRequest, pk: int) -> HttpResponse:
    """The households that an import changed; for whoever may take it back also how far that would go today."""
    row = _row_or_404(request, pk)
    may_undo = _may_undo(request, row)
    context = {
        "sheet": row,
        "layout": LAYOUTS[row.layout],
        "list": ShownList(TOUCHED, request, selectors.households_touched(row, request.user)),
        "plan": plan_of(row) if may_undo else None,
    }
    return render(request, "households/sheets/households.html", context)


@require(Right.IMPORT)
@require_POST
def sheet_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an import back as a whole, with a reason."""
    row = _row_or_404(request, pk)
    reason = request.POST.get("reason", "")
    return _attempt(request, row, lambda: services.undo_sheet(by=request.user, sheet=row, reason=reason))


@require(Right.IMPORT)
@require_POST
def sheet_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what the columns and sheets of the file are, answer its questions, and check again."""
    row = _row_or_404(request, pk)
    given = choices_of(request.POST)
    return _attempt(request, row, lambda: services.check_sheet(by=request.user, sheet=row, **given))


@require(Right.IMPORT)
@require_POST
def sheet_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Import what was checked, once."""
    row, sure = _row_or_404(request, pk), "sure" in request.POST
    return _attempt(request, row, lambda: services.confirm_sheet(by=request.user, sheet=row, sure=sure))


@require(Right.IMPORT)
@require_POST
def sheet_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put an upload aside."""
    row = _row_or_404(request, pk)
    return _attempt(request, row, lambda: services.discard_sheet(by=request.user, sheet=row))


def _attempt(request: SignedInRequest, row: SheetImport, verb: Any) -> HttpResponse:
    try:
        verb()
    except ValidationError as fault:
        messages.warning(request, "；".join(fault.messages))
    return redirect("sheet-import", pk=row.pk)


@require(Right.IMPORT)
@require_GET
def sheet_rejects(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The rejected rows as a workbook, to be corrected and uploaded again."""
    row = _row_or_404(request, pk)
    if not row.rejects:
        raise Http404(reverse("sheet-import", args=[pk]))
    name = f"退回-{LAYOUTS[row.layout].label}-{timezone.localtime(row.created_at):%Y%m%d}.xlsx"
    return FileResponse(row.rejects.open("rb"), as_attachment=True, filename=name)


@require(Right.IMPORT, Right.EXPORT)
@require_GET
def sheet_template(request: SignedInRequest, layout: str) -> HttpResponseBase:
    """The blank workbook of a layout, with a sheet that says how to fill it."""
    if layout not in LAYOUTS:
        raise Http404(layout)
    name = f"{LAYOUTS[layout].label}-空白模板.xlsx"
    return FileResponse(blank_workbook(LAYOUTS[layout]), as_attachment=True, filename=name, content_type=XLSX)


@require(Right.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_export(request: SignedInRequest) -> HttpResponse:
    """Choose layout and place; the job's page then offers the file."""
    places = request.user.places_with(Right.EXPORT)
    initial = {"place": places[0], "year": year_of(request)} if places else {}
    form = ExportForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        with refusals_into(form):
            job = services.request_export(by=request.user, **form.cleaned_data)
            return redirect("job", pk=job.pk)
    chosen = form["place"].value() or ""
    context = {
        "form": form,
        "place": Place.objects.visible_to(request.user).filter(pk=chosen).first(),
        "recent": ShownList(EXPORTS, request, list(Job.objects.filter(owner=request.user, kind=services.EXPORT)[:10])),
    }
    return render(request, "households/sheets/export.html", context, status=422 if form.errors else 200)
