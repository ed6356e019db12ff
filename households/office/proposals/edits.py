"""What is decided on a difference: it goes on a list, or is dismissed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from households.models import Batch, StandingProposal
from households.office.corrections.forms import WhyForm
from households.procedures.lists.proposals import take_proposal
from households.standing.proposals import dismiss_proposal
from povreg.kit.pages.edit import Edit
from povreg.kit.views import referring_path
from villages.models import User
from villages.rights import Right


def back(request: HttpRequest, row: Any) -> str:
    """To the page it was decided on: the difference's own, or the list."""
    pk = request.resolver_match.kwargs["pk"] if request.resolver_match else 0
    own = reverse("proposal", args=[pk])
    return own if referring_path(request) == own else reverse("proposals")


def take(by: User, row: StandingProposal, form: forms.Form) -> Batch:
    return take_proposal(by=by, proposal=row)


def dismiss(by: User, row: StandingProposal, form: forms.Form) -> StandingProposal:
    return dismiss_proposal(by=by, proposal=row, reason=form.cleaned_data["reason"])


TAKE = Edit(
    code="proposal-take",
    title=str,
    right=Right.BATCH_DRAFT,
    rows=lambda: StandingProposal.objects.select_related("household"),
    form=lambda request, row: forms.Form(request.POST),
    save=take,
    done=lambda batch: f"已列入{batch.year}年“{batch.get_kind_display()}”名单，请到“名单公示”核对后启动。",
    after=back,
)
DISMISS = Edit(
    code="proposal-dismiss",
    title=str,
    rights=(Right.BATCH_DRAFT, Right.COUNTY_REVIEW),
    rows=lambda: StandingProposal.objects.select_related("household"),
    form=lambda request, row: WhyForm(request.POST),
    save=dismiss,
    done=lambda row: "已记为不采纳，在册身份不变。",
    after=back,
)
