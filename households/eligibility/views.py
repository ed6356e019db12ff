"""The explanation of a household's verdict, the flips of a recompute, and the button that starts one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from households.eligibility import blockers, explain, selectors
from households.eligibility.criteria import BY_CODE
from households.eligibility.services import recompute_place
from households.models import Assessment, Flip, Household
from households.register.years import year_of
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.values import digits_of
from povreg.kit.views import demand, require, scoped_or_404
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right
from villages.standards.rules import COUNT_DAY, SCHOOL_DAY, Thresholds


@require(Right.ASSESSMENT_VIEW)
@require_safe
def verdict(request: SignedInRequest, pk: int) -> HttpResponse:
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
        "lines": explain.lines_beside(assessment),
        "margin_percent": None if assessment.margin is None else abs(assessment.margin) * 100,
        "chips": explain.chips(assessment),
        "remedies": [item for row in rows for item in row.remedies] + [{"text": stop["advice"]} for stop in stops],
        "blockers": stops,
        "close_words": Thresholds.of(assessment.criteria_set.params).borderline_words,
        "count_day": COUNT_DAY,
        "school_day": SCHOOL_DAY,
        "flips": [_flip(row) for row in selectors.flips_of(assessment)],
    }


def _tab(row: Assessment, year: int) -> dict[str, Any]:
    return {"row": row, "url": f"?year={row.year}", "active": row.year == year}


def _crumbs(household: Household, year: int) -> list[dict[str, str]]:
    village = household.village
    places = [place for place in (village.parent, village) if place is not None]
    return [{"label": str(place), "url": f"{reverse('households')}?place={place.pk}&year={year}"} for place in places]


def _flip(row: Flip) -> dict[str, Any]:
    return {"row": row, "changed": "、".join(BY_CODE[code].short if code in BY_CODE else code for code in row.changed)}


class Flips(ListPage):
    """Whose verdict turned: by place, year, job, cause and direction. Raises Http404 for a place that is not one's."""

    template = "households/eligibility/flips.html"

    def usual(self) -> dict[str, str]:
        return {"year": str(year_of(self.request))}

    def context(self, shown: ShownList) -> dict[str, Any]:
        code, job = self.request.GET.get("place", ""), self.request.GET.get("job", "")
        if code and not selectors.covers(self.request.user, Right.ASSESSMENT_VIEW, code):
            raise Http404
        if job and shown.filterset is not None and "job" in shown.filterset.form.errors:
            raise Http404
        place = Place.objects.filter(pk=code).first() if code else None
        return {"list": shown, "place": place, "counts": selectors.flip_counts(shown.found)}


@require(Right.RECOMPUTE)
@require_POST
def recompute(request: SignedInRequest, code: int) -> HttpResponse:
    """Start the recompute of a place and show its job."""
    place = get_object_or_404(Place.objects.visible_to(request.user), pk=str(code))
    demand(request.user, Right.RECOMPUTE, place.pk)
    try:
        job = recompute_place(by=request.user, place=place, year=_posted_year(request))
    except ValidationError as refusal:
        messages.error(request, "；".join(refusal.messages))
        return redirect("dashboard-place", code=code)
    return redirect("job", pk=job.pk)


def _posted_year(request: SignedInRequest) -> int:
    return digits_of(request.POST.get("year", "")) or 0
