"""风险消除: how many may be cleared and who is short of what, place by place, each number with the list behind it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from households.eligibility.clearing import selectors
from households.entry.page import Page
from households.leads import selectors as leads
from households.leads.lists import about, state
from households.models import Clearance, Tally
from povreg.kit.views import require
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

MOST_LEADS = 5
MEASURES = ("monitored", "clearable", "lacking")


@require_GET
@require(Right.DASHBOARD_VIEW)
def clearing(request: SignedInRequest) -> HttpResponse:
    """Counts of this year by place, out of the summaries."""
    year = timezone.localdate().year
    rows = table(request.user, year)
    total: dict[str, int] = defaultdict(int)
    for row in rows:
        for code, number in row["numbers"].items():
            total[code] += number
    wanted = [(code, short) for code, short in selectors.all_codes() if total.get(f"lacking/{code}")]
    context = {"rows": rows, "total": total, "lacking": wanted, "year": year, "total_url": monitored_url}
    return render(request, "households/leads/clearing.html", context)


def table(user: User, year: int) -> list[dict[str, Any]]:
    """A row for each place below the person's own that has somebody monitored."""
    codes = [code for _role, code in user.postings_today()]
    places = Place.objects.filter(parent__in=codes) if codes else Place.objects.none()
    below = {place.pk: place for place in places} or {each.pk: each for each in Place.objects.filter(pk__in=codes)}
    numbers: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    kept = Tally.objects.visible_to(user).filter(year=year, place__in=below, measure__in=MEASURES)
    for place, measure, bucket, households in kept.values_list("place_id", "measure", "bucket", "households"):
        numbers[place][measure if measure != "lacking" else f"lacking/{bucket}"] += households
    found: list[dict[str, Any]] = [
        {"place": below[code], "numbers": numbers[code], "url": lambda at=code, **more: monitored_url(place=at, **more)}
        for code in sorted(numbers)
    ]
    return [row for row in found if row["numbers"]["monitored"]]


def monitored_url(**filters: Any) -> str:
    """The list behind a number."""
    return f"{reverse('monitored')}?{urlencode({'state': 'open', **filters})}"


def leads_card(page: Page) -> dict[str, Any] | None:
    """The open leads about a household, and where one is raised; nothing for whom neither concerns."""
    household, user = page.household, page.user
    found = leads.open_of_household(user, household)[:MOST_LEADS]
    may_raise = not household.removed_on and user.can(Right.LEAD_RAISE, household.village_id)
    if not found and not may_raise:
        return None
    return {"rows": [(row, about(row), state(row)) for row in found], "household": household, "may_raise": may_raise}


def clearance_card(page: Page) -> dict[str, Any] | None:
    """风险能消除吗, beside a household's sections: only of an open episode."""
    household = page.household
    if not household.monitor_type or household.risk_cleared:
        return None
    row: Clearance | None = selectors.clearance_of(household.pk)
    return {"row": row, "lines": selectors.lines(row) if row else []}
