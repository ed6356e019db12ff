"""The page on which datasets are chosen."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from audits.exports import services
from audits.exports.forms import DatasetForm
from povreg.kit.views import refusals_into, require
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.TRAIL_VIEW)
def datasets(request: SignedInRequest) -> HttpResponse:
    """Choose datasets, then their columns (``pick``); the export runs as a job."""
    user = request.user
    places = user.places_with(Right.EXPORT)
    given = request.POST if request.method == "POST" else None
    form = DatasetForm(given, user=user, initial={"place": places[0] if places else ""})
    picking = "pick" in request.POST
    if request.method == "POST" and not picking and form.is_valid():
        values = form.cleaned_data
        with refusals_into(form):
            job = services.request_datasets(
                by=user, datasets=form.chosen, place=values["place"], year=values["year"], form=values["form"],
                unmasked=values.get("unmasked", False), reason=values.get("reason", ""),
            )  # fmt: skip
            return redirect("job", pk=job.pk)
    status = 422 if form.errors and not picking else 200
    context = {"form": form, "groups": groups(form), "faulty": status == 422}
    return render(request, "audits/exports/datasets.html", context, status=status)


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
