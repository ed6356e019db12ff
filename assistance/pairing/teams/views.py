"""The teams of all villages, and the days of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assistance.models import TeamMonth
from assistance.pairing.rules import team_rule
from assistance.pairing.teams import selectors, services
from povreg.kit.values import month_of
from povreg.kit.views import demand, require
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.places.views import place_or_404
from villages.rights import Right


@require_safe
@require(Right.UNIT_VIEW)
def teams(request: SignedInRequest) -> HttpResponse:
    """Every village with its team and units; what is missing first."""
    found = selectors.teams(request.user)
    found.sort(key=lambda team: (not team.faults, team.code))
    context = {
        "teams": found,
        "faulty": sum(bool(team.faults) for team in found),
        "crowded": [team for team in found if len(team.units) > 1],
        "without": [team for team in found if team.must_have and not team.units],
        "idle": selectors.idle_units(request.user),
        "rule": team_rule(),
        "due": selectors.days_due(timezone.localdate()),
    }
    return render(request, "assistance/pairing/teams.html", context)


@require_safe
@require(Right.DASHBOARD_VIEW)
def support(request: SignedInRequest) -> HttpResponse:
    """Every village with the units that support it: where units meet, where there is none."""
    grid = selectors.support_grid(request.user)
    states = [each.state for _township, villages in grid for each in villages]
    context = {
        "grid": grid,
        "overlaps": states.count("overlap"),
        "blanks": states.count("blank"),
        "idle": selectors.idle_units(request.user),
    }
    return render(request, "assistance/pairing/support.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.UNIT_VIEW)
def team(request: SignedInRequest, code: int) -> HttpResponse:
    """One team: who is in it, and the days of a month, which who keeps the village's file may note."""
    village = place_or_404(request, code, Place.Level.VILLAGE)
    found = next((each for each in selectors.teams(request.user, village.pk) if each.code == village.pk), None)
    members = found.members if found else []
    month = month_of(request.POST.get("month") or request.GET.get("month", ""))
    status = 200
    if request.method == "POST":
        demand(request.user, Right.VILLAGE_FILE_EDIT, village.pk)
        try:
            noted = services.note_days(by=request.user, village=village, month=month, days=typed(request.POST, members))
            messages.success(request, f"已登记 {noted} 人 {month.year}年{month.month}月的在村天数。")
            return redirect(f"{request.path}?month={month:%Y-%m}")
        except ValidationError as refused:
            messages.error(request, "；".join(refused.messages))
            status = 422
    known = dict(TeamMonth.objects.filter(village=village, month=month).values_list("cadre_id", "days"))
    context = {
        "village": village,
        "team": found,
        "rows": [(each, known.get(each.pk)) for each in members],
        "month": month,
        "may_edit": request.user.can(Right.VILLAGE_FILE_EDIT, village.pk),
    }
    return render(request, "assistance/pairing/team.html", context, status=status)


def typed(data: Any, members: list[Any]) -> dict[int, int]:
    """Days by cadre. Raises ValidationError for what is no number, or nothing at all."""
    given = {each: data.get(f"days-{each.pk}", "").strip() for each in members}
    wrong = [each.name for each, text in given.items() if text and not (text.isdecimal() and len(text) < 3)]
    if wrong:
        raise ValidationError(f"{'、'.join(wrong)}的天数不是整数，请只填数字。")
    found = {each.pk: int(text) for each, text in given.items() if text}
    if not found:
        raise ValidationError("没有填写天数。")
    return found
