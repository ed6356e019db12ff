"""The representatives of a village for a term: read and entered on one page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from households.models import RepresentativeRoll
from households.procedures.engine.forms import day_field, long_text, text_field
from households.procedures.lists.meetings import keep_roll
from povreg.kit.views import demand, holds, refusals_into, require
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


class RollForm(forms.Form):
    term = text_field("届次", length=20, help_text="例如：第十二届")
    since = day_field("任期起")
    until = day_field("任期止", required=False)
    names = long_text("代表姓名", length=8000, help_text="一行一人，或用顿号分开")
    source = text_field("依据", length=120, help_text="例如：换届选举结果公告")

    def facts(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return {**values, "names": values["names"].replace("、", "\n").splitlines()}


@require(Right.BATCH_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def representatives(request: SignedInRequest, code: int) -> HttpResponse:
    """The rolls of a village, the present one first; a new one by who records meetings there."""
    villages = Place.objects.visible_to(request.user).filter(level=Place.Level.VILLAGE)
    place = get_object_or_404(villages, pk=str(code))
    if request.method == "POST":
        demand(request.user, Right.MEETING_RECORD, place.pk)
    form = RollForm(request.POST or None)
    if form.is_valid():
        with refusals_into(form):
            row = keep_roll(by=request.user, place=place.pk, **form.facts())
            messages.success(request, f"已登记{row.term}村民代表 {len(row.names)} 人。")
            return redirect("representatives", code=code)
    context = {
        "place": place,
        "rolls": RepresentativeRoll.objects.visible_to(request.user).filter(place=place),
        "form": form if holds(request.user, Right.MEETING_RECORD, place.pk) else None,
    }
    return render(request, "households/procedures/roll.html", context, status=422 if form.errors else 200)
