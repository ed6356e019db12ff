"""Signs of invented data: villages ranked with small pictures, one village against the county, households behind it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from audits.detection import drawn, selectors
from audits.detection.jobs import launch_detection
from audits.detection.lists import TONES, against
from audits.models import DetectionRun, Sign
from households.register.years import year_of
from povreg.kit.scopes import county_of
from povreg.kit.views import require, scoped_or_404
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

RANKED = 12
MOST_GROUPS = 10
KINDS = [each for each in Sign.Kind.choices if each[0] != Sign.Kind.OVERALL]


@require_GET
@require(Right.SAMPLE_VIEW)
def detection(request: SignedInRequest) -> HttpResponse:
    """The ranking of a kind, and one village of it."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in dict(Sign.Kind.choices) else Sign.Kind.INCOME.value
    place = request.GET.get("village", "") or request.GET.get("place", "")
    run = selectors.latest_run(request.user, year_of(request), place if place.isdigit() else "")
    context = {"kinds": Sign.Kind.choices, "kind": kind, "year": year_of(request), **own_county(request.user)}
    if run is not None:
        context |= ranking(request, run, kind)
    return render(request, "audits/detection/index.html", context)


def own_county(user: User) -> dict[str, Any]:
    """The county that the person may have looked over, if there is just one."""
    codes = {county_of(code) for code in user.places_with(Right.SAMPLE_DRAW)}
    return {"county": Place.objects.filter(pk__in=codes, level=Place.Level.COUNTY).first() if len(codes) == 1 else None}


def ranking(request: SignedInRequest, run: DetectionRun, kind: str) -> dict[str, Any]:
    rows = selectors.signs(request.user).filter(run=run, kind=kind)
    first = list(rows.filter(score__gt=0)[:RANKED])
    asked = request.GET.get("village", "")
    chosen = rows.filter(village_id=asked).first() if asked else None
    chosen = chosen or (first[0] if first else None)
    counts = run.counts.get(kind, {})
    return {
        "run": run,
        "ranked": [
            {"sign": row, "spark": drawn.spark(row), "tone": TONES[row.level], "said": against(row)} for row in first
        ],
        "counts": {name: counts.get(name, 0) for name in ("strong", "middle", "none", "unjudged")},
        "why_not": run.looked.get(kind, ""),
        "all_url": f"{reverse('signs')}?kind={kind}&year={run.year}",
        **(village_of(request.user, run, chosen) if chosen else {}),
    }


def village_of(user: User, run: DetectionRun, chosen: Sign) -> dict[str, Any]:
    """All that is shown of one village."""
    own = {row.kind: row for row in selectors.signs(user).filter(run=run, village_id=chosen.village_id)}
    shown = [
        (label, own[code], TONES[own[code].level], selectors.parts_of(own[code]))
        for code, label in KINDS
        if code in own
    ]
    return {
        "chosen": chosen,
        "pictures": drawn.pictures_of(own, run, run.line),
        "own": own,
        "shown": shown,
        "groups": groups_of(user, own.get(Sign.Kind.COPIES)),
        "tones": TONES,
        "may_draw": user.can(Right.SAMPLE_DRAW, chosen.village_id),
        "may_open": user.can(Right.FINDING_OPEN, chosen.village_id),
    }


def groups_of(user: User, sign: Sign | None) -> list[list[Any]]:
    """Households with the same amounts, group by group."""
    if sign is None:
        return []
    seen = {row.pk: row for row in selectors.households_behind(user, sign)}
    groups = [[seen[pk] for pk in group if pk in seen] for group in sign.picture.get("groups", [])[:MOST_GROUPS]]
    return [group for group in groups if len(group) > 1]


@require_GET
@require(Right.SAMPLE_VIEW)
def households(request: SignedInRequest, pk: int) -> HttpResponse:
    """The households behind a sign."""
    row = scoped_or_404(Sign.objects.select_related("village", "run", "account"), request.user, pk)
    context = {
        "sign": row,
        "rows": list(selectors.households_behind(request.user, row)),
        "parts": selectors.parts_of(row),
        "back": f"{reverse('detection')}?kind={row.kind}&village={row.village_id}&year={row.run.year}",
    }
    return render(request, "audits/detection/households.html", context)


@require_POST
@require(Right.SAMPLE_DRAW)
def look(request: SignedInRequest) -> HttpResponse:
    """Have the county looked over now."""
    county = own_county(request.user)["county"]
    if county is None:
        raise PermissionDenied
    job = launch_detection(by=request.user, county=county, year=year_of(request))
    messages.success(request, "已开始检测，完成后结果换成新的。")
    return redirect("job", pk=job.pk)
