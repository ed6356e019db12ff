"""A new list, the households put on it, and the reasons of those who stay."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from households.procedures.engine.kinds import drafted
from households.procedures.engine.offers import first_on_offer
from households.procedures.engine.procedure import procedure_of
from households.procedures.lists import batches, rows
from households.procedures.lists.candidates import candidates
from households.procedures.lists.forms.members import DraftForm, PickForm, StayForm
from households.procedures.lists.views.batch import BATCHES
from households.register.years import year_of
from povreg.kit.scopes import VILLAGE
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.codes.selectors import label
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require(Right.BATCH_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_procedure(request: SignedInRequest) -> HttpResponse:
    """Draft a list; then on to its page."""
    form = DraftForm(request.POST or None, user=request.user, initial=_initial(request))
    if form.is_valid():
        with refusals_into(form):
            batch = batches.draft_batch(by=request.user, **form.cleaned_data)
            messages.success(request, "名单已拟定，请核对后启动。")
            chosen = form.cleaned_data["source"] == "chosen" and not procedure_of(batch.kind).of_village
            return redirect("procedure-add" if chosen else "procedure", pk=batch.pk)
    code = form["village"].value() or ""
    place = Place.objects.visible_to(request.user).filter(pk=code).first()
    context = {"form": form, "village_text": str(place) if place else request.POST.get("village_text", "")}
    return render(request, "households/procedures/new.html", context, status=422 if form.errors else 200)


def _initial(request: SignedInRequest) -> dict[str, Any]:
    villages = [code for code in request.user.places_with(Right.BATCH_DRAFT) if len(code) == VILLAGE]
    year = year_of(request)
    asked = request.GET.get("kind", "") or first_on_offer(drafted(), year, request.user)
    eligible = asked in dict(drafted()) and procedure_of(asked).by_verdict
    return {
        "kind": asked,
        "year": year,
        "source": "eligible" if eligible else "chosen",
        "village": villages[0] if len(villages) == 1 else request.GET.get("place", ""),
    }


@require(Right.BATCH_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def add_entries(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose households of the village for a list that has not left its first step."""
    batch = scoped_or_404(BATCHES, request.user, pk, Right.BATCH_DRAFT)
    found = list(candidates(request.user, batch))
    form = PickForm(request.POST or None, ids=[row.pk for row in found])
    if form.is_valid():
        with refusals_into(form):
            batches.add_entries(by=request.user, batch=batch, household_ids=form.cleaned_data["households"])
            messages.success(request, f"已列入 {len(form.cleaned_data['households'])} 户。")
            return redirect("procedure", pk=pk)
    ticked = {str(value) for value in form["households"].value() or []}
    context = {"batch": batch, "form": form, "rows": [(row, str(row.pk) in ticked) for row in found]}
    return render(request, "households/procedures/add.html", context, status=422 if form.errors else 200)


@require(Right.BATCH_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def stay_reasons(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why the poor households of the village that are not on the list stay this year."""
    batch = scoped_or_404(BATCHES, request.user, pk)
    form = StayForm(request.POST or None, stayers=rows.stayers(request.user, batch))
    if request.method == "POST":
        demand(request.user, Right.BATCH_DRAFT, batch.place_id)
        if form.is_valid():
            with refusals_into(form):
                count = batches.record_stay_reasons(
                    by=request.user, village=batch.place_id, year=batch.year, reasons=form.reasons()
                )
                messages.success(request, f"已登记 {count} 户的不脱贫原因。")
                return redirect("procedure", pk=pk)
    context = {
        "batch": batch,
        "form": form,
        "may_write": request.user.can(Right.BATCH_DRAFT, batch.place_id),
        "noted": [(each, label("not_exit_reason", each.reason.reason if each.reason else "")) for each in form.stayers],
    }
    return render(request, "households/procedures/stay.html", context, status=422 if form.errors else 200)
