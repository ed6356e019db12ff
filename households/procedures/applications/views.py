"""Applications before any list exists: the list of them, a new one, its survey, and what ends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from households.models import Application, Household
from households.models.template import Kind
from households.procedures.applications import selectors as application_reads, services as applications
from households.procedures.applications.forms import (
    KINDS,
    CloseForm,
    NewApplicationForm,
    VisitForm,
)
from households.procedures.applications.lists import APPLICATIONS, TONES
from households.procedures.engine.offers import first_on_offer
from households.register.years import year_of
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.values import digits_of
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


class Applications(ListPage):
    """Every application of the year in scope, by village, kind and state."""

    template = "households/procedures/applications.html"

    def usual(self) -> dict[str, str]:
        return {"year": str(year_of(self.request))}

    def context(self, shown: ShownList) -> dict[str, Any]:
        asked = {name: shown.given.get(name, "") for name in ("year", "kind", "place")}
        numbers = application_reads.counts(APPLICATIONS.found(self.request.user, asked))
        state = shown.given.get("state", "")
        cards = [
            (label, numbers[code], shown.address(state=code, page=None), code == state)
            for code, label in Application.State.choices
        ]
        return {"list": shown, "cards": cards, "state": state, "all_url": shown.address(state=None, page=None)}


@require(Right.BATCH_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_application(request: SignedInRequest) -> HttpResponse:
    """Note an application, for the household of the address or one found by its number."""
    asked = digits_of(request.GET.get("household", ""))
    chosen = scoped_or_404(Household, request.user, asked, Right.BATCH_DRAFT) if asked is not None else None
    year = year_of(request)
    first = {"year": year, "kind": request.GET.get("kind") or _kind_for(chosen, year, request.user)}
    if chosen:
        first["household_no"] = chosen.household_no
    form = NewApplicationForm(
        request.POST if request.method == "POST" else None, user=request.user, initial=first, household=chosen
    )
    if form.is_valid():
        with refusals_into(form):
            row = applications.apply(by=request.user, **form.facts())
            messages.success(request, "申请已登记。")
            return redirect("procedure-application", pk=row.pk)
    context = {"form": form, "chosen": chosen, "head_name": application_reads.head_name_of(chosen) if chosen else ""}
    found = render(request, "households/procedures/application_new.html", context)
    found.status_code = 422 if form.errors else 200
    return found


def _kind_for(household: Household | None, year: int, user: User) -> str:
    if household is None or not household.in_register:
        return first_on_offer(KINDS(), year, user)
    return str(Kind.MONITOR_IN)


@require(Right.BATCH_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def procedure_application(request: SignedInRequest, pk: int) -> HttpResponse:
    """One application: what was asked, the visits, and the forms of whoever may write."""
    row = scoped_or_404(Application.objects.select_related("household", "village", "received_by"), request.user, pk)
    do = ""
    if request.method == "POST":
        do = request.POST.get("do", "close")
        if do not in DO:
            raise Http404(do)
        demand(request.user, DO[do][0], row.village_id)
    forms: dict[str, Any] = {}
    for name, (right, form_class, _) in DO.items():
        if (row.state == Application.State.OPEN and request.user.can(right, row.village_id)) or name == do:  # type: ignore[union-attr]
            forms[name] = form_class(request.POST if name == do else None)
    if do and forms[do].is_valid():
        with refusals_into(forms[do]):
            messages.success(request, DO[do][2](request.user, row, forms[do]))
            return redirect("procedure-application", pk=pk)
    context = {
        "row": row,
        "tone": TONES[row.state],
        "head_name": application_reads.head_name_of(row.household),
        "surveys": application_reads.surveys(request.user, row),
        "close": forms.get("close"),
        "visit": forms.get("survey"),
    }
    found = render(request, "households/procedures/application.html", context)
    found.status_code = 422 if do else 200
    return found


def _close(by: User | None, row: Application, form: CloseForm) -> str:
    ended = applications.close_application(by=by, application=row, **form.cleaned_data)
    return f"申请{ended.get_state_display()}，已登记。"


def _survey(by: User, row: Application, form: VisitForm) -> str:
    applications.record_survey(by=by, household=row.household, kind=row.kind, year=row.year, **form.facts())
    return "入户调查已登记。"


DO: dict[str, tuple[Right, Any, Any]] = {
    "survey": (Right.STEP_RECORD, VisitForm, _survey),
    "close": (Right.BATCH_DRAFT, CloseForm, _close),
}
