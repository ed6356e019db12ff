"""Comparisons: upload, one hit with what is to be done, the precision of each source."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits.comparisons import selectors, services
from audits.comparisons.forms import AnswerForm, UploadForm
from audits.comparisons.lists import TONES
from audits.comparisons.sources import sources
from audits.models import ComparisonHit
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

VIEW, IMPORT, ANSWER, OPEN = Right.COMPARE_VIEW, Right.COMPARE_IMPORT, Right.FINDING_ANSWER, Right.FINDING_OPEN
REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@require(IMPORT)
def upload(request: SignedInRequest) -> HttpResponse:
    """Take a department's list in."""
    sent = request.method == "POST"
    counties = [code for code in request.user.places_with(IMPORT) if len(code) == 6]
    initial = {"county": counties[0]} if len(counties) == 1 else {}
    form = UploadForm(
        request.POST if sent else None, request.FILES if sent else None, user=request.user, initial=initial
    )
    if sent and form.is_valid():
        demand(request.user, IMPORT, form.cleaned_data["county"].pk)
        with refusals_into(form):
            job = services.upload_list(by=request.user, **form.cleaned_data)
            return redirect("job", pk=job.pk)
    context = {"form": form, "sources": list(sources().values())}
    return render(request, "audits/comparisons/upload.html", context, status=REFUSED if form.errors else 200)


@require_GET
@require(VIEW)
def hit(request: SignedInRequest, pk: int) -> HttpResponse:
    """One hit."""
    return show(request, hit_or_404(request, pk))


def hit_or_404(request: SignedInRequest, pk: int) -> ComparisonHit:
    row: ComparisonHit = scoped_or_404(selectors.hits(request.user), request.user, pk, VIEW)
    return row


def show(request: SignedInRequest, row: ComparisonHit, form: forms.Form | None = None) -> HttpResponse:
    user, source = request.user, sources().get(row.source)
    may_answer = user.can(ANSWER, row.village_id) or user.can(IMPORT, row.village_id)
    context = {
        "hit": row,
        "source": source,
        "tone": TONES[row.severity],
        "detail": row.detail if selectors.may_read(user, row) else "",
        "readable": selectors.may_read(user, row),
        "form": (form or AnswerForm()) if may_answer and not row.answer else form,
        "may_open": not row.finding_id and row.answer not in ComparisonHit.FALSE and user.can(OPEN, row.village_id),
    }
    return render(request, "audits/comparisons/hit.html", context, status=REFUSED if form else 200)


@require_POST
@require(ANSWER, IMPORT)
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the field check found."""
    row = hit_or_404(request, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            services.answer_hit(by=request.user, hit=row, **form.cleaned_data)
            messages.success(request, "已登记核实结果。")
            return redirect("audit-hit", pk=pk)
    return show(request, row, form)


@require_POST
@require(OPEN)
def open_hit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have it put right."""
    row = hit_or_404(request, pk)
    demand(request.user, OPEN, row.village_id)
    try:
        found = services.open_from_hit(by=request.user, hit=row)
    except ValidationError as refused:
        messages.error(request, "；".join(refused.messages))
        return redirect("audit-hit", pk=pk)
    messages.success(request, "已开出。写明要求和期限后，交办给责任地。")
    return redirect("finding", pk=found.pk)


@require_GET
@require(VIEW)
def precision(request: SignedInRequest) -> HttpResponse:
    """How often each source was right, so that cadres are not sent out for nothing."""
    place = min(request.user.places_with(VIEW), key=len, default="")
    rows = selectors.precision(request.user, place)
    return render(request, "audits/comparisons/precision.html", {"rows": rows})
