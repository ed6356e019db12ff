"""Findings: the list with its stations, one finding with what is to be done, a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from audits.findings import selectors, services
from audits.findings.forms import (
    BY_HAND,
    AnswerForm,
    AssignForm,
    DismissForm,
    OpenForm,
    ReopenForm,
    ReturnForm,
    VerifyForm,
)
from audits.findings.lists import TONES, is_late, left
from audits.models import Evidence, Finding
from households.leads.selectors import Station
from households.models import Household
from povreg.kit.headers import handed_out
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.values import digits_of
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

VIEW, OPEN, ANSWER, VERIFY = Right.FINDING_VIEW, Right.FINDING_OPEN, Right.FINDING_ANSWER, Right.FINDING_VERIFY
REFUSED = 422


class Findings(ListPage):
    """Findings by deadline, under the stations they pass."""

    template = "audits/findings/index.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        return {"list": shown, "stations": stations(shown.beside(state="all"), shown)}


def stations(rows: Any, shown: ShownList) -> list[Station]:
    """The strip above the list; late ones are said below those that are worked on."""
    numbers, here = selectors.counts(rows), shown.given.get("state", "")
    late = f"逾期 {numbers['late']} 件" if numbers["late"] else ""
    return [
        Station(
            text,
            numbers[code],
            shown.address(state=code, page=None),
            sub=late if code == "assigned" else "",
            here=code == here,
        )
        for code, (text, _condition) in selectors.STATIONS.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@require(OPEN)
def new_finding(request: SignedInRequest) -> HttpResponse:
    """Open a finding, for the household of the address or one told by number, or for a place."""
    asked = digits_of(request.GET.get("household", ""))
    rows = Household.objects.select_related("village")
    chosen = scoped_or_404(rows, request.user, asked, OPEN) if asked is not None else None
    sent = request.POST if request.method == "POST" else None
    form = OpenForm(sent, user=request.user, household=chosen, initial=begun(request))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            row = services.open_finding(by=request.user, **form.facts)
            messages.success(request, "已开出。写明要求和期限后，交办给责任地。")
            return redirect("finding", pk=row.pk)
    context = {"form": form, "chosen": chosen}
    return render(request, "audits/findings/open.html", context, status=REFUSED if form.errors else 200)


def begun(request: SignedInRequest) -> dict[str, Any]:
    """Where it comes from and which village it is about, as the address says."""
    source, code = request.GET.get("source", ""), request.GET.get("village", "")
    village = Place.objects.visible_to(request.user).filter(pk=code).first() if code.isdigit() else None
    return {"source": source if source in dict(BY_HAND) else "", "village": village}


@require_GET
@require(VIEW)
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One finding with what is to be done next."""
    return show(request, finding_or_404(request, pk))


def finding_or_404(request: SignedInRequest, pk: int) -> Finding:
    row: Finding = scoped_or_404(selectors.findings(request.user), request.user, pk, VIEW)
    return row


def show(request: SignedInRequest, row: Finding, refused: tuple[str, forms.Form] | None = None) -> HttpResponse:
    """The page; ``refused`` is the step that was not done, with what was typed."""
    page = selectors.finding_page(request.user, row)
    steps = [(name, STEPS[name].title, step_form(name, row)) for name in page.steps]
    if refused:
        name, form = refused
        steps = [(name, STEPS[name].title, form), *[each for each in steps if each[0] != name]]
    context = {
        "page": page,
        "finding": row,
        "steps": steps,
        "subject": selectors.who_is_it(row),
        "state": row.get_state_display(),
        "tone": TONES[row.state],
        "left": left(row),
        "late": is_late(row),
        "other_findings": [(each, each.get_state_display()) for each in page.others],
    }
    return render(request, "audits/findings/finding.html", context, status=REFUSED if refused else 200)


class Step:
    """One thing that is done with a finding: its title, its form, its verb, what is said then, the right it takes."""

    def __init__(
        self,
        title: str,
        form: Callable[..., forms.Form],
        verb: Callable[..., Finding],
        done: str,
        right: Right,
    ) -> None:
        self.title, self.form, self.verb, self.done, self.right = title, form, verb, done, right


def answer(*, by: User, finding: Finding, file: Any, **facts: Any) -> Finding:
    return services.answer_finding(by=by, finding=finding, files=[file] if file else [], **facts)


STEPS = {
    "assign": Step("交办整改", AssignForm, services.assign_finding, "已交办，责任地会收到提醒。", OPEN),
    "answer": Step("报送整改情况", AnswerForm, answer, "已报送，由其他人核实。", ANSWER),
    "close": Step("核实销号", VerifyForm, services.close_finding, "已销号。", VERIFY),
    "return": Step("退回整改", ReturnForm, services.return_finding, "已退回，责任地会收到提醒。", VERIFY),
    "dismiss": Step("认定不属实", DismissForm, services.dismiss_finding, "已认定不属实。", VERIFY),
    "reopen": Step("重新打开", ReopenForm, services.reopen_finding, "已重新打开。", OPEN),
}


def step_form(name: str, row: Finding, data: Any = None, files: Any = None) -> forms.Form:
    """Several steps stand on one page: the ids of their fields bear the step's name."""
    more = {"batches": selectors.batches_of(row)} if name == "answer" else {}
    return STEPS[name].form(data, files, auto_id=f"{name}-%s", **more)


@require_POST
@require(OPEN, ANSWER, VERIFY)
def act_on(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Do one step. A refusal shows the page again with what was typed."""
    if step not in STEPS:
        raise Http404
    doing, row = STEPS[step], finding_or_404(request, pk)
    demand(request.user, doing.right, row.village_id)
    form = step_form(step, row, request.POST, request.FILES)
    if form.is_valid():
        with refusals_into(form):
            doing.verb(by=request.user, finding=row, **form.cleaned_data)
            messages.success(request, doing.done)
            return redirect("finding", pk=pk)
    return show(request, row, (step, form))


@require(VIEW)  # type: ignore[arg-type]
@require_safe
def evidence(request: SignedInRequest, pk: int, file: int) -> FileResponse:
    """A photo or paper of a step, to who may see the finding."""
    row = scoped_or_404(Evidence.objects.filter(finding=pk), request.user, file)
    return handed_out(row.file, row.content_type)
