"""The first page of a new household: where, and who heads it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from households.entry.forms import NewHouseholdForm
from households.entry.page import section_url
from households.entry.trouble import attempt
from households.register import services, years
from povreg.kit.pages.edit import posted
from povreg.kit.scopes import VILLAGE
from povreg.kit.views import require
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require(Right.HOUSEHOLD_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_household(request: SignedInRequest) -> HttpResponse:
    """Where, and who heads it; then on to the members."""
    form = NewHouseholdForm(posted(request), initial=_only_village(request))
    made: list[Any] = []
    trouble = None
    if request.method == "POST":
        trouble = attempt(lambda versions: made.append(_register(request, form)), {"": form, "head": form})
    if made:
        messages.success(
            request,
            f"已登记{form.cleaned_data['name']}户，是普通农户。请接着录入家庭成员；需要识别或纳入监测的，再登记申请。",
        )
        return redirect(section_url(made[0].pk, "members", years.year_of(request), edit="all", add=1))
    code = form["village"].value() or ""
    place = Place.objects.visible_to(request.user).filter(pk=code).first()
    asking = {name: found for (_row, name), found in trouble.asking.items()} if trouble else {}
    context = {
        "form": form,
        "faults": _once(trouble.faults) if trouble else [],
        "asks": trouble.asks if trouble else 0,
        "village_text": str(place) if place else request.POST.get("village_text", ""),
        "under": _under(request),
        "year": years.year_of(request),
        "cells": [
            {
                "field": form[name],
                "warnings": [
                    {"code": each.key, "text": each.message, "confirmed": False} for each in asking.get(name, ())
                ],
            }
            for name in form.fields
            if name != "village"
        ],
    }
    return render(request, "households/register/new.html", context, status=trouble.status if trouble else 200)


def _register(request: SignedInRequest, form: NewHouseholdForm) -> Any:
    facts, head = form.facts(), form.head()
    return services.register_household(
        by=request.user,
        village=form.cleaned_data.get("village", ""),
        facts=facts,
        head=head,
        ticks=request.POST.getlist("confirmed"),
    )


def _once(faults: list[dict[str, str]]) -> list[dict[str, str]]:
    """The head's and the household's controls are one form here: each fault once."""
    return list({tuple(fault.items()): fault for fault in faults}.values())


def _villages(request: SignedInRequest) -> list[str]:
    return sorted(set(request.user.places_with(Right.HOUSEHOLD_EDIT)))  # type: ignore[union-attr]


def _only_village(request: SignedInRequest) -> dict[str, str]:
    """A village cadre's own village is filled in; the place the list was filtered by, for others."""
    codes = [code for code in (*_villages(request), request.GET.get("place", "")) if len(code) == VILLAGE]
    return {"village": codes[-1]} if codes else {}


def _under(request: SignedInRequest) -> str:
    """The code all the places have in common where the person may enter households."""
    codes = _villages(request)
    first, last = codes[0], codes[-1]
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[: max(length for length in (0, 2, 4, 6, 9, 12) if length <= same)]
