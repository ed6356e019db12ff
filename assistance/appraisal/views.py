"""What the button of the list sends: the grade of one helper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from assistance.appraisal import services
from assistance.appraisal.forms import AppraiseForm
from assistance.appraisal.lists import helpers
from povreg.kit.views import refusals_into, require
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require_POST
@require(Right.HELPER_APPRAISE)
def appraise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Grade a helper of the person's places; refused, the list says why."""
    row = get_object_or_404(helpers(request.user), pk=pk)
    form = AppraiseForm(request.POST, helper=row)
    if form.is_valid():
        with refusals_into(form):
            found = services.appraise(by=request.user, helper=row, year=timezone.localdate().year, **form.cleaned_data)
            messages.success(request, f"已考核{row.name}：{found.get_grade_display()}。")
    for text in [str(text) for texts in form.errors.values() for text in texts]:
        messages.error(request, text)
    return redirect("appraisals")
