"""Papers to print from the browser and the same as .docx."""

from __future__ import annotations

from functools import partial
from typing import Any

import segno
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from households.models import Application, Batch, Notice, Objection
from households.procedures.applications.selectors import head_name_of
from households.procedures.objections.selectors import may_know, may_read
from households.procedures.papers import declared as printing, letters, posted
from households.procedures.papers.blocks import Paper, Qr
from households.procedures.papers.docx import docx
from households.procedures.papers.forms import FORMS
from households.procedures.papers.whole import HouseholdFile
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.views import require, scoped_or_404
from povreg.proof.recording import record_content
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def notice_of(request: SignedInRequest, pk: int) -> Paper:
    rows = Notice.objects.select_related("batch__place__parent__parent", "step")
    notice = scoped_or_404(rows, request.user, pk, Right.BATCH_VIEW)
    return posted.notice_paper(notice, public_address(request, notice))


def public_address(request: HttpRequest, notice: Notice) -> str:
    """What the QR code holds."""
    return request.build_absolute_uri(reverse("public-notice", args=[notice.token]))


def form_of(request: SignedInRequest, pk: int, form: str) -> Paper:
    rows = Batch.objects.select_related("place__parent__parent")
    batch = scoped_or_404(rows, request.user, pk, Right.BATCH_VIEW)
    if form not in FORMS:
        raise Http404
    entry = request.GET.get("entry", "")
    return printing.form_paper(batch, form, FORMS[form], int(entry) if entry.isdecimal() else None)


def page(request: HttpRequest, paper: Paper, download: str, back: str, **more: Any) -> HttpResponse:
    """The paper to be printed from the browser. ``more``: ``pdf`` (its address), ``back_label``, and ``lacks``: what it
    would leave blank (title, words, url each)."""
    codes = {
        block.url: segno.make(block.url, error="m").svg_inline(border=2, omitsize=True)
        for sheet in paper.sheets
        for block in sheet.blocks
        if isinstance(block, Qr)
    }
    context = {"paper": paper, "codes": codes, "download": download, "back": back, **more}
    return render(request, "households/print/paper.html", context)


def attachment(request: SignedInRequest, paper: Paper, place: str) -> HttpResponse:
    """The paper as a file; that it left is recorded and signed."""
    content = docx(paper)
    record_content(Leaving(f"paper:{paper.file}"[:60], paper.file, request.user, place), content)
    response = HttpResponse(content, content_type=DOCX)
    response.headers["Content-Disposition"] = f'attachment; filename="{paper.file}.docx"'
    return response


@require_GET
@require(Right.BATCH_VIEW)
def notice_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """The posted list for the board, with QR code."""
    paper = notice_of(request, pk)
    batch = Notice.objects.values_list("batch_id", flat=True).get(pk=pk)
    return page(request, paper, reverse("notice-docx", args=[pk]), reverse("procedure", args=[batch]))


@require_GET
@require(Right.BATCH_VIEW)
def notice_docx(request: SignedInRequest, pk: int) -> HttpResponse:
    return attachment(request, notice_of(request, pk), Notice.objects.values_list("batch__place", flat=True).get(pk=pk))


@require_GET
@require(Right.BATCH_VIEW)
def form_page(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """A form of a batch; ``?entry=`` prints it for one household only."""
    paper = form_of(request, pk, form)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return page(request, paper, reverse("procedure-docx", args=[pk, form]) + query, reverse("procedure", args=[pk]))


@require_GET
@require(Right.BATCH_VIEW)
def form_docx(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    return attachment(request, form_of(request, pk, form), Batch.objects.values_list("place", flat=True).get(pk=pk))


LETTERS = ("register", "answer")


def letter_of(request: SignedInRequest, pk: int, form: str) -> Paper:
    rows = Objection.objects.select_related("notice__batch__place__parent__parent", "batch", "line", "place")
    row = scoped_or_404(rows, request.user, pk, Right.BATCH_VIEW)
    if form not in LETTERS:
        raise Http404
    if form == "answer":
        return letters.objection_answer(row)
    return letters.objection_register(row, reads=may_read(request.user, row), knows=may_know(request.user, row))


@require_GET
@require(Right.BATCH_VIEW)
def objection_page(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """The register sheet of an objection, or the answer to it."""
    paper = letter_of(request, pk, form)
    return page(request, paper, reverse("objection-docx", args=[pk, form]), reverse("objection", args=[pk]))


@require_GET
@require(Right.BATCH_VIEW)
def objection_docx(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    return attachment(request, letter_of(request, pk, form), "")


def refusal_of(request: SignedInRequest, pk: int) -> Paper:
    rows = Application.objects.select_related("household", "village")
    row = scoped_or_404(rows, request.user, pk, Right.BATCH_VIEW)
    if row.state not in (Application.State.REFUSED, Application.State.DECLINED):
        raise Http404
    return letters.refusal_letter(row, head_name_of(row.household))


@require_GET
@require(Right.BATCH_VIEW)
def refusal_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why an application was not granted (不予纳入告知书)."""
    paper = refusal_of(request, pk)
    return page(request, paper, reverse("refusal-docx", args=[pk]), reverse("procedure-application", args=[pk]))


@require_GET
@require(Right.BATCH_VIEW)
def refusal_docx(request: SignedInRequest, pk: int) -> HttpResponse:
    return attachment(request, refusal_of(request, pk), "")


@require_GET
@require(Right.EXPORT)
def household_file(request: SignedInRequest, pk: int, entry: int, kind: str) -> FileResponse:
    """The whole file of one household on a list, with its contents and what is missing: bound as one ``pdf``, or every
    paper by itself in a ``zip``; that it left is recorded."""
    from households.procedures.papers.bound import bound  # noqa: PLC0415 - a fifth of a second that few need

    batch = scoped_or_404(Batch.objects.select_related("place__parent__parent", "template"), request.user, pk)
    row = scoped_or_404(batch.entries.select_related("household"), request.user, entry)
    file = HouseholdFile(batch, row)
    address = partial(public_address, request)
    content = bound(file, address) if kind == "pdf" else file.written(address)
    number = row.household.household_no
    record_content(Leaving("paper:file", f"{number}卷宗", request.user, batch.place_id), content.read())
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=f"{number}.{kind}", content_type=f"application/{kind}")
