"""The page of one project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assistance.funds import catalogue
from assistance.funds.ledger.lists import PAYMENTS
from assistance.funds.ledger.selectors import payments
from assistance.funds.projects import selectors, services
from assistance.funds.projects.deeds import DEEDS, Deed, open_deeds
from assistance.models import Project
from povreg.kit.pages.shown import ShownList
from povreg.kit.views import refusals_into, require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

REFUSED = 422
DOING = tuple({right for deed in DEEDS.values() for right in deed.rights})


def project_or_404(request: SignedInRequest, pk: int) -> Project:
    row: Project = scoped_or_404(selectors.projects(request.user), request.user, pk, Right.FUND_VIEW)
    return row


@require_safe
@require(Right.FUND_VIEW)
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One project: where it stands, its money, what is to be done next."""
    return show(request, project_or_404(request, pk))


def show(request: SignedInRequest, row: Project, refused: tuple[str, forms.Form] | None = None) -> HttpResponse:
    """The page; ``refused`` is what was not done, with what was typed."""
    user = request.user
    steps = [(deed, form_of(deed, request, row)) for deed in open_deeds(user, row)]
    if refused:
        code, form = refused
        steps = [(DEEDS[code], form), *[each for each in steps if each[0].code != code]]
    paid = payments(user).filter(project=row)
    context = {
        "project": row,
        "steps": steps,
        "way": row.steps.select_related("by").order_by("pk"),
        "notices": row.notices.all(),
        "allocations": row.allocations.select_related("source").order_by("pk"),
        "payments": ShownList(PAYMENTS, request, paid, less=("project_name", "place_name")),
        "meant": row.beneficiaries.count(),
        "category": catalogue.categories().get(row.category),
        "forbidden": catalogue.label_of_forbidden(row.forbidden),
        "unit_cost": services.unit_cost(row),
        "may_edit": row.state in services.EDITABLE and user.can(Right.PROJECT_PROPOSE, row.place_id),
    }
    return render(request, "assistance/funds/project.html", context, status=REFUSED if refused else 200)


def form_of(deed: Deed, request: SignedInRequest, row: Project, data: Any = None) -> forms.Form:
    """Several forms stand on one page: the ids of their fields bear the deed's name."""
    form = deed.form(request.user, row, data)
    form.auto_id = f"{deed.code}-%s"
    return form


@require_POST
@require(*DOING)
def act_on(request: SignedInRequest, pk: int, deed: str) -> HttpResponse:
    """Do one thing. A refusal shows the page again with what was typed."""
    if deed not in DEEDS:
        raise Http404
    doing, row = DEEDS[deed], project_or_404(request, pk)
    if not any(request.user.can(right, row.place_id) for right in doing.rights):
        raise PermissionDenied
    if not doing.may(row):
        messages.error(request, f"项目现在是“{row.get_state_display()}”，不能{doing.title}。")
        return redirect("project", pk=pk)
    form = form_of(doing, request, row, request.POST)
    if form.is_valid():
        with refusals_into(form):
            doing.run(request.user, row, form)
            messages.success(request, doing.done)
            return redirect("project", pk=pk)
    return show(request, row, (deed, form))
