"""What the county office sets: templates of procedures, and when a function is open."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from households.models import ProcedureTemplate, SeasonWindow
from households.models.template import Capacity, Level, PaperKind, kind_label
from households.procedures.county.forms import ReviseForm, WindowForm
from households.procedures.county.lists import WINDOWS
from households.procedures.engine import clock, step_edits, templates, windows
from povreg.kit.pages.shown import ShownList
from povreg.kit.scopes import COUNTY
from povreg.kit.views import demand, holds, refusals_into, require, scoped_or_404
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


def template_or_404(request: HttpRequest, pk: int) -> ProcedureTemplate:
    rows = ProcedureTemplate.objects.visible_to(request.user).select_related("place", "created_by")  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)


def county_of_editor(user: User) -> str:
    """The county whose templates the person keeps. Raises PermissionDenied without one."""
    found = sorted(code for code in user.places_with(Right.TEMPLATE_EDIT) if len(code) == COUNTY)
    if not found:
        raise PermissionDenied
    return found[0]


@require(Right.BATCH_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def procedure_template(request: SignedInRequest, pk: int) -> HttpResponse:
    """A template's steps; the county office revises it to a version of its own."""
    row = template_or_404(request, pk)
    if request.method == "POST":
        demand(request.user, Right.TEMPLATE_EDIT)
    may_edit = holds(request.user, Right.TEMPLATE_EDIT) and not row.read_only and row.is_active
    form = ReviseForm(request.POST if request.method == "POST" else None, template=row)
    if form.is_valid():
        with refusals_into(form):
            fresh = templates.revise_template(
                by=request.user, template=row, place=county_of_editor(request.user), changes=form.changes(),
                activate=False, **{field.name: form.cleaned_data[field.name] for field in form.plain_fields()},
            )  # fmt: skip
            messages.success(request, f"已存为本县第 {fresh.version} 版，试排无误后启用；启用前不影响任何名单。")
            return redirect("procedure-template", pk=fresh.pk)
    tried = step_edits.tried(row, clock.today())
    context = {
        "template": row,
        "steps": [_step(step, tried.get(step.pk)) for step in row.steps.all()],
        "form": form if may_edit else None,
        "may_retire": may_edit and row.place_id is not None,
        "may_edit": holds(request.user, Right.TEMPLATE_EDIT) and not row.read_only,
        "may_activate": holds(request.user, Right.TEMPLATE_EDIT) and row.place_id is not None and not row.is_active,
        "longest": step_edits.longest(row),
        "kind": kind_label(row.kind),
    }
    return render(request, "households/procedures/template.html", context, status=422 if form.errors else 200)


def _step(step: Any, until: date | None) -> dict[str, Any]:
    return {
        "step": step,
        "until": until,
        "level": Level(step.level).label,
        "papers": "、".join(PaperKind(kind).label for kind in step.attachments),
        "signers": "、".join(Capacity(each).label for each in step.signers),
    }


@require(Right.TEMPLATE_EDIT)
@require_POST
def retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """No new list starts with this version."""
    row = template_or_404(request, pk)
    try:
        templates.retire_template(by=request.user, template=row)
        messages.success(request, "已停用，办理中的名单不受影响。")
    except ValidationError as fault:
        messages.warning(request, "".join(fault.messages))
    return redirect("procedure-template", pk=pk)


@require(Right.TEMPLATE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def season_windows(request: SignedInRequest) -> HttpResponse:
    """When applications, drafting and approval are open, and where; a new window."""
    form = WindowForm(request.POST or None, user=request.user, initial={"place": county_of_editor(request.user)})
    if form.is_valid():
        with refusals_into(form):
            windows.open_window(by=request.user, **form.cleaned_data)
            messages.success(request, "办理时间已开放。")
            return redirect("season-windows")
    chosen = form["place"].value() or ""
    context = {
        "form": form,
        "list": ShownList(WINDOWS, request),
        "place_text": str(Place.objects.visible_to(request.user).filter(pk=chosen).first() or ""),
    }
    return render(request, "households/procedures/windows.html", context, status=422 if form.errors else 200)


@require(Right.TEMPLATE_EDIT)
@require_POST
def withdraw_window(request: SignedInRequest, pk: int) -> HttpResponse:
    """A window no longer counts."""
    row = scoped_or_404(SeasonWindow, request.user, pk, Right.TEMPLATE_EDIT)
    windows.close_window(by=request.user, window=row, reason=request.POST.get("reason", ""))
    messages.success(request, "办理时间已撤销。")
    return redirect("season-windows")
