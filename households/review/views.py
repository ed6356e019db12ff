"""分类管理 on the household's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from households.entry.page import Page
from households.entry.sections.views import opened
from households.models import Review, SupportDecision
from households.review import selectors
from povreg.kit.views import holds, require
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require_safe
@require(Right.HOUSEHOLD_VIEW)
def review_section(request: SignedInRequest, pk: int, section: str = "review") -> HttpResponse:
    """The assessments of a household, and what was decided of its support."""
    page = opened(request, pk, section)
    village, year = page.household.village_id, selectors.current_year()
    reviews = list(Review.objects.filter(household=page.household).order_by("-year"))
    decisions = SupportDecision.objects.filter(household=page.household).prefetch_related("policies")
    context = {
        "page": page,
        "reviews": reviews,
        "decisions": [_decision(page, each) for each in decisions.select_related("decided_by")],
        "year": year,
        "due": selectors.is_due(page.household, year),
        "there": any(each.year == year for each in reviews),
        "edit_url": reverse("review-edit", args=[pk]) if page.may_edit else "",
        "decide_url": reverse("support-new", args=[pk]) if reviews and may_decide(page, village) else "",
    }
    return render(request, "households/review/section.html", context)


def may_decide(page: Page, village: str) -> bool:
    return holds(page.user, Right.COUNTY_REVIEW, village)


def _decision(page: Page, row: SupportDecision) -> dict[str, Any]:
    holds_on = row.until is None and row.withdrawn_on is None
    return {
        "row": row,
        "policies": selectors.policies_told(row),
        "holds": holds_on,
        "withdraw_url": reverse("support-withdraw", args=[row.pk])
        if holds_on and may_decide(page, row.village_id)
        else "",
        "dialog": f"withdraw-{row.pk}",
    }
