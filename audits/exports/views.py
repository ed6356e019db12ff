"""The page on which datasets are chosen."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from audits.exports import services
from audits.exports.forms import DatasetForm
from audits.models import SavedExport
from povreg.kit.views import refusals_into, require
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.TRAIL_VIEW)
def datasets(request: SignedInRequest) -> HttpResponse:
    """Choose datasets, then their columns (``pick``); the export runs as a job."""
    user = request.user
    given = request.POST if request.method == "POST" else None
    form = DatasetForm(given, user=user, initial=initial(user, request.GET.get("saved", "")))
    picking = "pick" in request.POST
    if request.method == "POST" and not picking and form.is_valid():
        values = form.cleaned_data
        with refusals_into(form):
            if "keep" in request.POST:
                kept = services.keep_choice(
                    by=user, name=values["name"], datasets=form.chosen, year=values["year"], form=values["form"]
                )
                messages.success(request, f"已保存为“{kept}”，下次点它就选好了。")
                return redirect(f"{reverse('datasets')}?saved={kept.pk}")
            job = services.request_datasets(
                by=user, datasets=form.chosen, place=values["place"], year=values["year"], form=values["form"],
                unmasked=values.get("unmasked", False), reason=values.get("reason", ""),
            )  # fmt: skip
            return redirect("job", pk=job.pk)
    status = 422 if form.errors and not picking else 200
    context = {
        "form": form,
        "groups": groups(form),
        "faulty": status == 422,
        "saved": SavedExport.objects.visible_to(user),
        "chosen": request.GET.get("saved", ""),
    }
    return render(request, "audits/exports/datasets.html", context, status=status)


def initial(user: User, saved: str) -> dict[str, Any]:
    """What the form begins with: the widest place, and a choice that was kept."""
    places = user.places_with(Right.EXPORT)
    begun: dict[str, Any] = {"place": places[0] if places else ""}
    kept = SavedExport.objects.visible_to(user).filter(pk=saved).first() if saved.isdecimal() else None
    if kept is not None:
        columns = [f"{code}.{name}" for code, names in kept.datasets.items() for name in names]
        begun |= {"datasets": [*kept.datasets], "columns": columns, "year": kept.year, "form": kept.form}
    return begun


@require_POST
@require(Right.TRAIL_VIEW)
def drop_saved(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forget a choice."""
    row = get_object_or_404(SavedExport.objects.visible_to(request.user), pk=pk)
    services.drop_choice(by=request.user, saved=row)
    messages.success(request, f"已删去“{row}”，导出过的文件不受影响。")
    return redirect("datasets")


def groups(form: DatasetForm) -> list[dict[str, Any]]:
    """Datasets under their headings; those that are ticked with their columns."""
    ticked = {*form["datasets"].value()} if form["datasets"].value() else set()
    columns = {*form["columns"].value()} if form["columns"].value() else set()
    return [
        {"label": label, "datasets": [
            {"code": each.code, "label": each.label, "on": each.code in ticked, "columns": [
                {"code": f"{each.code}.{name}", "label": field.verbose_name, "on": f"{each.code}.{name}" in columns}
                for name, field in (each.columns().items() if each.code in ticked else ())
            ]}
            for each in found
        ]}
        for label, found in groupby(form.open, key=lambda each: each.group)
    ]  # fmt: skip
