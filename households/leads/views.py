"""Leads: the list with its stations, one lead with what is to be done, a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.leads import selectors, services
from households.leads.forms import CheckForm, DismissForm, HandForm, HouseholdForm, ListForm, RaiseForm, VisitForm
from households.leads.income.shown import shown_test
from households.leads.lists import about, days_open, state
from households.leads.selectors import Station
from households.models import Household, Lead
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.values import digits_of
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.codes.selectors import label
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

VIEW, RAISE, CHECK, DECIDE = Right.LEAD_VIEW, Right.LEAD_RAISE, Right.LEAD_CHECK, Right.LEAD_DECIDE
REFUSED = 422


class Leads(ListPage):
    """Leads by the time they wait, under the stations they pass."""

    template = "households/leads/index.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        return {"list": shown, "stations": stations(shown.beside(state="all"), shown)}


def stations(rows: Any, shown: ShownList) -> list[Station]:
    """The strip above the list."""
    numbers = selectors.counts(rows)
    here = shown.given.get("state", "")
    return [
        Station(text, numbers[code], shown.address(state=code, page=None), here=code == here)
        for code, (text, _condition) in selectors.STATIONS.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@require(RAISE)
def new_lead(request: SignedInRequest) -> HttpResponse:
    """Note a lead, for the household of the address or one told by number or name."""
    asked = digits_of(request.GET.get("household", ""))
    rows = Household.objects.select_related("village")
    chosen = scoped_or_404(rows, request.user, asked, RAISE) if asked is not None else None
    sent = request.method == "POST"
    form = RaiseForm(request.POST if sent else None, user=request.user, household=chosen)
    if sent and form.is_valid():
        with refusals_into(form):
            row = services.raise_lead(by=request.user, **form.facts)
            messages.success(request, f"已登记。请把查询号 {row.tracking_no} 告诉反映的人。")
            return redirect("lead", pk=row.pk)
    context = {"form": form, "chosen": chosen, "head_name": head_of(chosen) if chosen else ""}
    return render(request, "households/leads/raise.html", context, status=REFUSED if form.errors else 200)


def head_of(household: Household) -> str:
    return household.members.heads().values_list("name", flat=True).first() or household.household_no


@require_GET
@require(VIEW)
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One lead with what is to be done next."""
    return show(request, lead_or_404(request, pk))


def lead_or_404(request: SignedInRequest, pk: int, right: Right = VIEW) -> Lead:
    row: Lead = scoped_or_404(selectors.leads(request.user), request.user, pk, right)
    return row


def show(
    request: SignedInRequest, row: Lead, refused: tuple[str, forms.Form] | None = None, **more: Any
) -> HttpResponse:
    """The page; ``refused`` is the step that was not done, with what was typed."""
    page = selectors.lead_page(request.user, row)
    steps = [(name, STEPS[name].title, step_form(name, request.user, row)) for name in page.steps]
    if refused:
        name, form = refused
        steps = [(name, STEPS[name].title, form), *[each for each in steps if each[0] != name]]
    context = {
        "page": page,
        "lead": row,
        "steps": steps,
        "subject": selectors.who_is_it(row),
        "about": about(row),
        "state": state(row),
        "days": days_open(row.found_on),
        "class_label": label("monitor_type", row.monitor_type),
        "risks": "、".join(label("risk", code) for code in row.risks),
        "test": shown_test(page.test, row.household) if page.test and row.household else None,
        "may_test": row.state != Lead.State.DECIDED and request.user.can(CHECK, row.village_id),
        "other_leads": [(each, state(each), about(each)) for each in page.others],
        **more,
    }
    status = REFUSED if refused or more.get("unmask_refused") else 200
    return render(request, "households/leads/lead.html", context, status=status)


class Step:
    """One thing that is done with a lead: its title, its form, its verb, what is said then, the right it takes."""

    def __init__(
        self,
        title: str,
        form: Callable[[User, Lead, Any], forms.Form],
        verb: Callable[..., Lead],
        done: str,
        right: Right,
    ) -> None:
        self.title, self.form, self.verb, self.done, self.right = title, form, verb, done, right


def visit_form(user: User, row: Lead, data: Any) -> forms.Form:
    return VisitForm(data, initial={"visited_on": row.visited_on or timezone.localdate(), "finding": row.finding})


def list_form(user: User, row: Lead, data: Any) -> forms.Form:
    return ListForm(data, batches=selectors.batches_of(row))


def step_form(name: str, user: User, row: Lead, data: Any = None) -> forms.Form:
    """Several steps stand on one page: the ids of their fields bear the step's name."""
    form = STEPS[name].form(user, row, data)
    form.auto_id = f"{name}-%s"
    return form


def name_household(*, by: User, lead: Lead, household_no: str, form: HouseholdForm) -> Lead:
    return services.name_household(by=by, lead=lead, household=form.household)


STEPS = {
    "check": Step("开始核实", lambda user, row, data: CheckForm(data), services.check_lead, "已开始核实。", CHECK),
    "visit": Step("登记核实情况", visit_form, services.note_visit, "核实情况已登记，由其他人办结。", CHECK),
    "household": Step(
        "确认是哪一户",
        lambda user, row, data: HouseholdForm(data, user=user),
        name_household,
        "已确认，可以测算收入。",
        CHECK,
    ),
    "list": Step("列入名单", list_form, services.list_lead, "已办结：列入名单。", DECIDE),
    "dismiss": Step(
        "不纳入", lambda user, row, data: DismissForm(data), services.dismiss_lead, "已办结：不纳入。", DECIDE
    ),
    "hand": Step(
        "转其他部门", lambda user, row, data: HandForm(data), services.hand_over_lead, "已办结：转其他部门。", DECIDE
    ),
}


@require_POST
@require(CHECK, DECIDE)
def act_on(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Do one step. A refusal shows the page again with what was typed."""
    if step not in STEPS:
        raise Http404
    doing = STEPS[step]
    row = lead_or_404(request, pk)
    demand(request.user, doing.right, row.village_id)
    form = step_form(step, request.user, row, request.POST)
    if form.is_valid():
        more = {"form": form} if step == "household" else {}
        with refusals_into(form):
            doing.verb(by=request.user, lead=row, **form.cleaned_data, **more)
            messages.success(request, doing.done)
            return redirect("lead", pk=pk)
    return show(request, row, (step, form))


@require_POST
@require(Right.UNMASK)
def unmask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Full name and phone, on this one answer only; the look and its reason are logged."""
    row = lead_or_404(request, pk, Right.UNMASK)
    try:
        person = selectors.unmask(by=request.user, lead=row, reason=request.POST.get("reason", ""))
    except ValidationError as refused:
        return show(request, row, unmask_refused="；".join(refused.messages))
    return show(request, row, person=person)


def raise_url(household_id: int) -> str:
    """Where a lead about a household is raised."""
    return f"{reverse('lead-new')}?household={household_id}"
