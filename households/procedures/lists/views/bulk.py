"""Many lists in one act: choose all that match, look at the drawn ones, confirm with numbers, one paper, one job."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from households.models import Batch, BulkAct, TemplateStep
from households.models.template import Capacity, StepKind
from households.procedures.lists import bulk, jobs, selectors
from households.procedures.lists.forms.bulk import ActForm
from households.procedures.lists.looked import RIGHT_OF
from households.procedures.lists.views.board import filters
from povreg.kit.values import digits_of
from povreg.kit.views import refusals_into, require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

REVIEWERS = (Right.TOWNSHIP_REVIEW, Right.COUNTY_REVIEW)


@require(*REVIEWERS)
@require_POST
def choose(request: SignedInRequest) -> HttpResponse:
    """The lists that were ticked, or all that the filter matches, at one step."""
    step = request.POST.get("step", "")
    if step not in RIGHT_OF:
        raise Http404(step)
    right = RIGHT_OF[StepKind(step)]
    place = next(iter(sorted(request.user.places_with(right), key=len)), "")
    try:
        row = bulk.prepare(by=request.user, place=place, step_kind=step, batch_ids=_chosen(request, step))
    except ValidationError as fault:
        messages.warning(request, "".join(fault.messages))
        return redirect(request.POST.get("back") or reverse("procedures"))
    return redirect("procedures-act", pk=row.pk)


def _chosen(request: SignedInRequest, step: str) -> list[int]:
    if request.POST.get("which") != "all":
        return [pk for text in request.POST.getlist("batch") if (pk := digits_of(text)) is not None]
    request.GET = request.POST  # type: ignore[assignment]
    kind, year, place = filters(request)
    rows = selectors.batches(request.user, kind=kind, year=year, place=place).filter(step__kind=step, state="running")
    return list(rows.values_list("pk", flat=True))


@require(*REVIEWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """What will happen, in numbers; what has to be looked at first; the paper and its signatures; then the job."""
    row: BulkAct = scoped_or_404(BulkAct, request.user, pk, bulk_right(request, pk))
    form = ActForm(request.POST or None, request.FILES or None, capacities=_capacities(row), posts=_posts(row))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            row = bulk.sign_act(by=request.user, row=row, signed=form.signed(), file=form.cleaned_data["file"])
            job = jobs.launch_act(by=request.user, row=row, **form.texts())
            return redirect("job", pk=job.pk)
    context = {"act": row, "form": form, "drawn": _drawn(row), **_numbers(row), "is_approval": _approves(row)}
    return render(request, "households/procedures/act.html", context, status=422 if form.errors else 200)


def bulk_right(request: SignedInRequest, pk: int) -> Right:
    step = BulkAct.objects.filter(pk=pk).values_list("step_kind", flat=True).first()
    return RIGHT_OF[StepKind(step)] if step else Right.COUNTY_REVIEW


def _approves(row: BulkAct) -> bool:
    return row.step_kind in (StepKind.FILING, StepKind.ANNOUNCEMENT)


def _posts(row: BulkAct) -> bool:
    return row.step_kind == StepKind.ANNOUNCEMENT


def _capacities(row: BulkAct) -> list[str]:
    """In what capacities the steps of the act are signed, an approval's announcement and filing together."""
    rows = Batch.objects.filter(pk__in=row.batch_ids).values("template_id").distinct()
    kinds = (StepKind.ANNOUNCEMENT, StepKind.FILING) if _approves(row) else (row.step_kind,)
    steps = TemplateStep.objects.filter(template__in=rows, kind__in=kinds, enabled=True)
    asked = {each for signers in steps.values_list("signers", flat=True) for each in signers}
    return [str(each) for each in Capacity if each in asked]


def _drawn(row: BulkAct) -> list[dict[str, Any]]:
    left = {batch.pk for batch in bulk.still_to_open(row)}
    found = Batch.objects.filter(pk__in=row.drawn_ids).select_related("place__parent").order_by("place_id")
    return [{"batch": batch, "seen": batch.pk not in left} for batch in found]


def _numbers(row: BulkAct) -> dict[str, int]:
    return bulk.numbers_of(Batch.objects.filter(pk__in=row.batch_ids, step__kind=row.step_kind))
