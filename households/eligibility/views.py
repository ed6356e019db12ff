"""The explanation of a household's verdict, the flips of a recompute, and the button that starts one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from households.eligibility import blockers, explain, selectors
from households.eligibility.criteria import CRITERIA
from households.eligibility.services import recompute_place
from households.models import Assessment, Flip, Household
from households.models.assessment import Verdict
from households.register.years import year_of
from povreg.kit.views import demand, paged, require, scoped_or_404
from villages.models import Place
from villages.rights import Right

SHORT = {criterion.code: criterion.short for criterion in CRITERIA}


@require(Right.ASSESSMENT_VIEW)
@require_safe
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Why the verdict of a household is what it is, and what would change it."""
    household = scoped_or_404(Household, request.user, pk, Right.ASSESSMENT_VIEW)
    judged = list(selectors.verdicts_of(household))
    year = year_of(request)
    assessment = next((row for row in judged if row.year == year), None)
    context = {
        "household": household,
        "head_name": selectors.head_names([pk]).get(pk, "（未登记户主）"),
        "year": year,
        "judged": [_tab(row, year) for row in judged],
        "assessment": assessment,
        "crumbs": _crumbs(household, year),
        "page_url": f"{reverse('household', args=[pk])}?year={year}",
        **(_explained(assessment) if assessment else {}),
    }
    return render(request, "households/eligibility/verdict.html", context)


def _explained(assessment: Assessment) -> dict[str, Any]:
    rows = explain.rows(assessment)
    stops = [{"label": blockers.label(code), "advice": blockers.advice(code)} for code in assessment.blockers]
    return {
        "rows": rows,
        "margin_percent": None if assessment.margin is None else abs(assessment.margin) * 100,
        "chips": explain.chips(assessment),
        "remedies": [item for row in rows for item in row.remedies] + [{"text": stop["advice"]} for stop in stops],
        "blockers": stops,
        "flips": [_flip(row) for row in selectors.flips_of(assessment)],
    }


def _tab(row: Assessment, year: int) -> dict[str, Any]:
    return {"row": row, "url": f"?year={row.year}", "active": row.year == year}


def _crumbs(household: Household, year: int) -> list[dict[str, str]]:
    village = household.village
    places = [place for place in (village.parent, village) if place is not None]
    return [{"label": str(place), "url": f"{reverse('households')}?place={place.pk}&year={year}"} for place in places]


def _flip(row: Flip) -> dict[str, Any]:
    return {"row": row, "changed": "、".join(SHORT.get(code, code) for code in row.changed)}


@require(Right.ASSESSMENT_VIEW)
@require_safe
def flips(request: HttpRequest) -> HttpResponse:
    """Whose verdict turned: by place, year, job, cause and direction."""
    year = year_of(request)
    code = request.GET.get("place", "")
    if code and not selectors.covers(request.user, Right.ASSESSMENT_VIEW, code):
        raise Http404
    job = _job_of(request)
    wanted = {name: request.GET.get(name, "") for name in ("cause", "before", "after", "criterion")}
    found = selectors.flips(request.user, place=code, year=year, job=job, **wanted)
    page = paged(request, found)
    heads = selectors.head_names(row.household_id for row in page.object_list)
    context = {
        "page": page,
        "rows": [_flip(row) | {"head_name": heads.get(row.household_id, "")} for row in page.object_list],
        "year": year,
        "place": Place.objects.filter(pk=code).first() if code else None,
        "wanted": wanted,
        "job": job,
        "counts": selectors.flip_counts(found),
        "verdicts": Verdict.choices,
        "causes": Flip.Cause.choices,
        "criteria": SHORT.items(),
    }
    return render(request, "households/eligibility/flips.html", context)


def _job_of(request: HttpRequest) -> UUID | None:
    text = request.GET.get("job", "")
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise Http404 from fault


@require(Right.RECOMPUTE)
@require_POST
def recompute(request: HttpRequest, code: int) -> HttpResponse:
    """Start the recompute of a place and show its job."""
    place = get_object_or_404(Place.objects.visible_to(request.user), pk=str(code))
    demand(request.user, Right.RECOMPUTE, place.pk)
    try:
        job = recompute_place(by=request.user, place=place, year=_posted_year(request))
    except ValidationError as refusal:
        messages.error(request, "；".join(refusal.messages))
        return redirect("dashboard-place", code=code)
    return redirect("job", pk=job.pk)


def _posted_year(request: HttpRequest) -> int:
    text = request.POST.get("year", "")
    return int(text) if text.isdigit() else 0
