"""Rounds with their numbers and the bulletin (通报); visits of inspectors."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from audits.findings import rounds, selectors
from audits.findings.forms import CloseRoundForm, InspectionForm, RoundForm
from audits.models import AuditRound, InspectionVisit
from povreg.kit.pages.edit import Edit, home, posted
from povreg.kit.views import require, scoped_or_404
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

FIGURES = (
    ("open", "待交办", "件"),
    ("assigned", "整改中", "件"),
    ("late", "其中逾期", "件"),
    ("answered", "待核实", "件"),
    ("closed", "已销号", "件"),
    ("dismissed", "不属实", "件"),
    ("removed", "剔除", "户"),
    ("kept", "保留", "户"),
    ("added", "补录", "户"),
)
LISTED = {"open", "assigned", "late", "answered", "closed", "dismissed"}


def figures_of(row: AuditRound) -> list[dict[str, Any]]:
    """The numbers of a round, each with the list behind it."""
    numbers = selectors.counts_of_round(row)
    found = []
    for code, label, unit in FIGURES:
        given = f"state={code}" if code in LISTED else f"state=closed&outcome={code}"  # only what is carried out counts
        url = f"{reverse('findings')}?round={row.pk}&{given}"
        found.append({"label": label, "value": numbers.get(code, 0), "unit": unit, "url": url})
    return found


@require_GET
@require(Right.FINDING_VIEW)
def audit_round(request: SignedInRequest, pk: int) -> HttpResponse:
    """One round."""
    row = scoped_or_404(selectors.rounds(request.user), request.user, pk)
    return render(request, "audits/findings/round.html", shown(request.user, row))


@require_GET
@require(Right.FINDING_VIEW)
def bulletin(request: SignedInRequest, pk: int) -> HttpResponse:
    """The round on A4, to be sent around."""
    row = scoped_or_404(selectors.rounds(request.user), request.user, pk)
    return render(request, "audits/findings/bulletin.html", shown(request.user, row))


def shown(user: User, row: AuditRound) -> dict[str, Any]:
    figures = figures_of(row)
    return {
        "round": row,
        "figures": figures,
        "places": selectors.places_of_round(row),
        "visits": list(selectors.inspections(user).filter(round=row)[:20]),
        "may_close": not row.closed_on and user.can(Right.FINDING_VERIFY, row.county_id),
        "by_code": {each["label"]: each["value"] for each in figures},
    }


@require_GET
@require(Right.FINDING_VIEW)
def inspection(request: SignedInRequest, pk: int) -> HttpResponse:
    """One visit of inspectors."""
    row = scoped_or_404(selectors.inspections(request.user), request.user, pk)
    return render(request, "audits/findings/inspection.html", {"visit": row})


def round_form(request: SignedInRequest, row: None) -> RoundForm:
    return RoundForm(posted(request), user=request.user)


ROUND = Edit(
    code="audit-round",
    title=lambda row: "发起一轮核查",
    right=Right.FINDING_OPEN,
    form=round_form,
    save=lambda by, row, form: rounds.open_round(by=by, **form.cleaned_data),
    done=lambda saved: "已发起。开出问题时可以计入这一轮。",
    after=lambda request, saved: reverse("audit-round", args=[saved.pk]),
    crumbs=home("核查轮次", "audit-rounds"),
    label="发起",
)
CLOSE_ROUND = Edit(
    code="audit-round-close",
    title=lambda row: f"办结“{row}”",
    subtitle=lambda row: "办结后数字固定下来，不能再计入新的问题",
    right=Right.FINDING_VERIFY,
    rows=AuditRound.objects.all,
    form=lambda request, row: CloseRoundForm(posted(request)),
    save=lambda by, row, form: rounds.close_round(by=by, round=row, **form.cleaned_data),
    done=lambda saved: "已办结，可以打印通报。",
    after=lambda request, saved: reverse("audit-round", args=[saved.pk]),
    crumbs=home("核查轮次", "audit-rounds"),
    label="办结",
    wide=("summary",),
)


def note_inspection(by: User, row: None, form: InspectionForm) -> InspectionVisit:
    return rounds.note_inspection(by=by, **form.cleaned_data)


INSPECTION = Edit(
    code="inspection",
    title=lambda row: "登记督查走访",
    right=Right.FINDING_OPEN,
    form=lambda request, row: InspectionForm(posted(request), user=request.user),
    save=note_inspection,
    done=lambda saved: "已登记。",
    after=lambda request, saved: reverse("inspection", args=[saved.pk]),
    crumbs=home("督查走访", "inspections"),
    label="登记",
    wide=("seen",),
)
