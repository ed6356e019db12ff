"""Objections as the staff handles them: the list by deadline, taking one, and the steps of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from households.models import Household, Notice, Objection
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists.lines import line_at
from households.procedures.objections import selectors as objection_desk, services as objections
from households.procedures.objections.forms import (
    AnswerForm,
    AssignForm,
    DecideForm,
    DecideOnListForm,
    InvestigateForm,
    ReceiveForm,
)
from households.procedures.objections.lists import OBJECTIONS
from povreg.kit.headers import handed_out
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.views import refusals_into, require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

TAKE, HANDLE, VIEW = Right.OBJECTION_TAKE, Right.OBJECTION_HANDLE, Right.BATCH_VIEW
REFUSED = 422
DONE = {
    "assign": "已分办。",
    "investigate": "核查情况已登记。",
    "decide": "决定已登记，请答复提出人。",
    "answer": "已答复，这件异议已办结。",
}
TITLES = {"assign": "分办", "investigate": "登记核查情况", "decide": "作出决定", "answer": "答复提出人"}


class Objections(ListPage):
    """Objections by deadline; overdue ones stand out."""

    template = "households/objections/index.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        asked = {"state": "overdue", "place": self.request.GET.get("place", "")}
        return {"list": shown, "overdue": OBJECTIONS.found(self.request.user, asked).count()}


@require_http_methods(["GET", "POST"])
@require(TAKE)
def receive(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an objection by phone or in person."""
    notice = scoped_or_404(Notice.objects.select_related("batch", "place"), request.user, pk, TAKE)
    form = ReceiveForm(request.POST or None, request.FILES or None, notice=notice)
    if request.method == "POST" and form.is_valid():
        key, facts = form.line_key(), form.cleaned_data
        with refusals_into(form):
            row = objections.receive_objection(
                by=request.user,
                notice=notice,
                line=line_at(notice, key) if key else None,
                channel=facts["channel"],
                received_on=facts["received_on"],
                **form.said(),
            )
            messages.success(request, f"已受理。请把查询号 {row.tracking_no} 告诉提出人。")
            return redirect("objection", pk=row.pk)
    status = REFUSED if form.errors else 200
    over = notice.state != Notice.State.OPEN or notice.ends_on < clock.today()
    context = {"form": form, "notice": notice, "over": over}
    return render(request, "households/objections/receive.html", context, status=status)


@require_GET
@require(VIEW)
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One objection with what is to be done next."""
    return show(request, objection_or_404(request, pk))


def objection_or_404(request: SignedInRequest, pk: int, right: Right = VIEW) -> Objection:
    rows = Objection.objects.select_related("notice__batch__step", "batch", "place__parent", "line", "assigned_to")
    row: Objection = scoped_or_404(rows, request.user, pk, right)
    return row


def show(
    request: SignedInRequest, row: Objection, refused: tuple[str, forms.Form] | None = None, **more: Any
) -> HttpResponse:
    """The page; ``refused`` is the step that was not done, with what was typed."""
    page = objection_desk.objection_page(request.user, row)
    steps = [(name, TITLES[name], form_of(name, row)) for name in page.steps]
    if refused:
        name, form = refused
        steps = [(name, TITLES[name], form), *[each for each in steps if each[0] != name]]
    line = row.line
    context = {
        "page": page,
        "objection": row,
        "steps": steps,
        "subject": (line.head_name or line.masked_name) if line else row.get_about_display(),
        "household_id": row.household_id,
        "photos": row.photos.all() if page.text else (),
        "news": row.news.all(),
        **more,
    }
    status = REFUSED if refused or more.get("unmask_refused") else 200
    return render(request, "households/objections/detail.html", context, status=status)


def form_of(name: str, row: Objection, data: Any = None) -> forms.Form:
    """The form of a step, with what was typed or what is known so far."""
    if name == "assign":
        return AssignForm(data, people=objection_desk.investigators(row), initial={"to": row.assigned_to_id})
    if name == "investigate":
        return InvestigateForm(data, initial={"on": row.investigated_on or clock.today(), "text": row.investigation})
    if name == "answer":
        return AnswerForm(data)
    return DecideForm(data) if row.about == Objection.About.MISSED else DecideOnListForm(data)


VERBS: dict[str, Callable[..., Any]] = {
    "assign": objections.assign_objection,
    "investigate": objections.investigate_objection,
    "decide": objections.decide_objection,
    "answer": objections.answer_objection,
}


@require_POST
@require(TAKE)
def act_on(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Do one step. A refusal shows the page again with what was typed."""
    if step not in VERBS:
        raise Http404
    row = objection_or_404(request, pk, TAKE if step == "investigate" else HANDLE)
    form = form_of(step, row, request.POST)
    if form.is_valid():
        with refusals_into(form):
            if "household" in form.cleaned_data:
                form.cleaned_data["household"] = named(request, row, form.cleaned_data["household"])
            VERBS[step](by=request.user, objection=row, **form.cleaned_data)
            messages.success(request, DONE[step])
            return redirect("objection", pk=pk)
    return show(request, row, (step, form))


def named(request: SignedInRequest, row: Objection, number: str) -> Household | None:
    """The household of a number in the objection's village."""
    rows = Household.objects.visible_to(request.user).filter(village_id=row.place_id)
    found: Household | None = rows.filter(household_no=number.strip()).first() if number.strip() else None
    return found


@require_safe
@require(VIEW)  # type: ignore[arg-type]
def photo(request: SignedInRequest, pk: int, photo: int) -> FileResponse:
    """What came with an objection, to who may read it."""
    row = objection_or_404(request, pk)
    if not objection_desk.may_read(request.user, row):
        raise PermissionDenied
    found = get_object_or_404(row.photos, pk=photo)
    return handed_out(found.file, found.content_type)


@require_POST
@require(Right.UNMASK)
def unmask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Full name and phone, on this one answer only; the look and its reason are logged."""
    row = objection_or_404(request, pk, Right.UNMASK)
    try:
        person = objection_desk.unmask(by=request.user, objection=row, reason=request.POST.get("reason", ""))
    except ProcedureError as refused:
        return show(request, row, unmask_refused=str(refused))
    return show(request, row, person=person)
