"""One request for correction with what is to be done."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assistance.models import CorrectionRequest
from assistance.papers import services
from assistance.papers.corrections.lists import requests, state, tone
from assistance.papers.services import changed_since
from households.entry.page import section_url
from povreg.kit.masking import mask_phone
from povreg.kit.pages.edit import posted
from povreg.kit.views import demand, holds, refusals_into, require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

SECTIONS = {"people": "members", "contact": "basic", "income": "income", "living": "living", "standing": "standing",
            "help": "measures", "other": "overview"}  # fmt: skip
"""Where what a request is about is set right."""


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label="办理结果", choices=[("", "请选择"), *CorrectionRequest.Outcome.choices],
        error_messages={"required": "请选择办理结果。"},
    )  # fmt: skip
    answer = forms.CharField(
        label="答复", max_length=300, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="申请人凭查询号看到；不更正的写明理由和怎样再反映。",
        error_messages={"required": "请写明答复。"},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.LEAD_VIEW)
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was asked, what was answered, and the form for the answer."""
    row: CorrectionRequest = scoped_or_404(requests(request.user), request.user, pk)
    if request.method == "POST":
        demand(request.user, services.TAKES, row.village_id)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            services.answer_correction(by=request.user, request=row, **form.cleaned_data)
            messages.success(request, "已答复，申请人凭查询号可以看到。")
            return redirect("correction-request", pk=pk)
    context = {
        "row": row,
        "form": form,
        "state": state(row),
        "tone": tone(row),
        "phone": mask_phone(row.phone) if row.phone else "",
        "may_answer": holds(request.user, services.TAKES, row.village_id) and row.answered_on is None,
        "changed": changed_since(row),
        "section_url": section_url(row.household_id, SECTIONS[row.about]),
    }
    return render(request, "assistance/papers/request.html", context, status=422 if form.errors else 200)
