"""From the list to a job: what was chosen is kept in the session, a page says what will happen, then it starts.

The address carries a random key; ids, and what was typed to find them, stay out of it.
"""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from households.find.asked import Asked, asked
from households.find.columns import HEAD, chosen
from households.find.views import columns_shown
from households.register.years import year_of
from households.selection import services
from households.selection.chosen import Selection, of_params, of_search
from households.selection.forms import ExportChoice
from povreg.kit.views import demand, refusals_into, require
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

PICKED = "household_picks"
KEPT = 6
"""Choices a session remembers."""
MOST_TICKED = 500
ACTIONS = {"export": Right.EXPORT, "recompute": Right.RECOMPUTE}


@require(Right.EXPORT, Right.RECOMPUTE)
@require_POST
def pick(request: SignedInRequest) -> HttpResponse:
    """Keep what was chosen and go on to the page that asks for confirmation."""
    wanted, year = asked(request), year_of(request)
    action = request.POST.get("action", "")
    selection, trouble = _selection(request, wanted, year)
    if selection is None or action not in ACTIONS:
        messages.warning(request, trouble or "请选择要办的事：导出，或重新评定。")
        return redirect(wanted.url(year=year))
    key = secrets.token_urlsafe(6)
    picked = dict(list(request.session.get(PICKED, {}).items())[-KEPT + 1 :])
    columns = [column.code for column in columns_shown(request)]
    back = wanted.url(year=year, saved=request.GET.get("saved", ""))
    request.session[PICKED] = {**picked, key: {**selection.params(), "columns": columns, "back": back}}
    return redirect(f"{reverse('selection')}?pick={key}&action={action}")


def _selection(request: SignedInRequest, wanted: Asked, year: int) -> tuple[Selection | None, str]:
    """What was chosen, or why it cannot be."""
    how = request.POST.get("pick", "ticked")
    if how == "all":
        return _all(request, wanted, year)
    given = request.POST.getlist("id") if how == "ticked" else request.POST.get("shown", "").split(",")
    ids = tuple(int(text) for text in given[:MOST_TICKED] if text.isascii() and text.isdigit() and len(text) < 19)
    if not ids:
        return None, "还没有勾选任何户。请先在名单左侧勾选，或改选“全部”。"
    return Selection(year, wanted.codes, ids), ""


def _all(request: SignedInRequest, wanted: Asked, year: int) -> tuple[Selection | None, str]:
    """Everything the filter finds; a typed search becomes the ids it finds now."""
    if not wanted.typed:
        return Selection(year, wanted.codes), ""
    try:
        return of_search(request.user, wanted.filters, wanted.codes, year), ""
    except ValidationError as fault:
        return None, "；".join(fault.messages)


@require(Right.EXPORT, Right.RECOMPUTE)
@require_http_methods(["GET", "HEAD", "POST"])
def selection(request: SignedInRequest) -> HttpResponse:
    """How many households were chosen and what will happen to them; the POST starts it and shows the job."""
    kept = request.session.get(PICKED, {}).get(request.GET.get("pick", ""))
    action = request.GET.get("action", "")
    if kept is None or action not in ACTIONS:
        messages.warning(request, "这次选择已经过期，请在名单里重新选择。")
        return redirect("households")
    right = ACTIONS[action]
    demand(request.user, right)
    chosen_set = of_params(kept)
    typed = request.POST if request.method == "POST" else None
    form = ExportChoice(typed, user=request.user) if action == "export" else forms.Form(typed)
    if form.is_valid():
        with refusals_into(form):
            return redirect("job", pk=_start(request, action, chosen_set, form, kept["columns"]).pk)
    count, listed = (chosen_set.rows(request.user, each).order_by().count() for each in (right, Right.HOUSEHOLD_VIEW))
    context = {
        "form": form,
        "action": action,
        "year": chosen_set.year,
        "words": chosen_set.words(),
        "count": count,
        "listed": listed,
        "lacking": listed - count,
        "columns": "、".join(column.label for column in (HEAD, *chosen(kept["columns"]))),
        "back": kept["back"],
    }
    return render(request, "households/selection/confirm.html", context, status=422 if form.errors else 200)


def _start(request: SignedInRequest, action: str, chosen_set: Selection, form: forms.Form, columns: list[str]) -> Any:
    if action == "recompute":
        return services.request_recompute(by=request.user, selection=chosen_set)
    return services.request_export(by=request.user, selection=chosen_set, columns=columns, **form.cleaned_data)
