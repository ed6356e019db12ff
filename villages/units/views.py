"""Pages of departments, support units and cadres."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from povreg.kit.masking import mask_phone
from povreg.kit.views import paged, refusals_into, require, scoped_or_404
from villages.models import Cadre, Unit
from villages.models.signed_in import SignedInRequest
from villages.rights import Right
from villages.units import selectors, services
from villages.units.forms import CadreFilter, CadreForm, UnitFilter, UnitForm, VersionedForm


@require_GET
@require(Right.UNIT_VIEW)
def unit_list(request: SignedInRequest) -> HttpResponse:
    """Departments and support units of one's places."""
    page = paged(request, selectors.units(request.user, request.GET))
    context = {"form": UnitFilter(request.GET), "page": page, "may_edit": request.user.can(Right.UNIT_EDIT)}
    return render(request, "villages/units/units.html", context)


@require_GET
@require(Right.UNIT_VIEW)
def cadre_list(request: SignedInRequest) -> HttpResponse:
    """Cadres of one's places, phones masked."""
    page = paged(request, selectors.cadres(request.user, request.GET))
    rows = [(cadre, selectors.duties_of(cadre), mask_phone(cadre.phone)) for cadre in page]
    context = {
        "form": CadreFilter(request.GET),
        "page": page,
        "rows": rows,
        "may_edit": request.user.can(Right.UNIT_EDIT),
    }
    return render(request, "villages/units/cadres.html", context)


@require_http_methods(["GET", "POST"])
@require(Right.UNIT_EDIT)
def unit_new(request: SignedInRequest) -> HttpResponse:
    return edit_unit(request, None)


@require_http_methods(["GET", "POST"])
@require(Right.UNIT_EDIT)
def unit_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return edit_unit(request, scoped_or_404(Unit, request.user, pk, Right.UNIT_EDIT))


def edit_unit(request: SignedInRequest, unit: Unit | None) -> HttpResponse:
    form = UnitForm(request.POST or None, user=request.user, unit=unit)
    if form.is_valid():
        with refusals_into(form):
            saved = services.save_unit(by=request.user, unit=unit, **form.cleaned_data)
            messages.success(request, f"已保存“{saved.name}”。")
            return redirect("units")
    return show_form(request, "villages/units/unit_form.html", form, unit=unit)


@require_http_methods(["GET", "POST"])
@require(Right.UNIT_EDIT)
def cadre_new(request: SignedInRequest) -> HttpResponse:
    return edit_cadre(request, None)


@require_http_methods(["GET", "POST"])
@require(Right.UNIT_EDIT)
def cadre_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Cadre.objects.select_related("user")
    return edit_cadre(request, scoped_or_404(rows, request.user, pk, Right.UNIT_EDIT))


def edit_cadre(request: SignedInRequest, cadre: Cadre | None) -> HttpResponse:
    form = CadreForm(request.POST or None, user=request.user, cadre=cadre)
    if form.is_valid():
        with refusals_into(form):
            saved = services.save_cadre(by=request.user, cadre=cadre, **form.cleaned_data)
            messages.success(request, f"已保存干部“{saved.name}”。")
            return redirect("cadres")
    return show_form(request, "villages/units/cadre_form.html", form, cadre=cadre)


def show_form(request: SignedInRequest, template: str, form: VersionedForm, **context: Any) -> HttpResponse:
    """The form, first or refused. When somebody else was faster it says what is stored now."""
    stale = form.take_over() if form.has_error(NON_FIELD_ERRORS, "stale") else []
    return render(request, template, {"form": form, "stale": stale, **context}, status=422 if form.errors else 200)
