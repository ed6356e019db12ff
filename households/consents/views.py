"""个人信息 on the household's page: what its data are used for, and who looked at them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from households.consents.selectors import grounds_of
from households.entry.sections.views import opened
from households.looks.selectors import looks_at
from povreg.kit.views import require
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

TONES = {"law": "plain", "agreed": "pass", "withdrawn": "warn", "none": "missing"}


@require_safe
@require(Right.HOUSEHOLD_VIEW)
def privacy_section(request: SignedInRequest, pk: int, section: str = "privacy") -> HttpResponse:
    """The grounds of use and the looks, as the household reads them itself."""
    page = opened(request, pk, section)
    context = {
        "page": page,
        "grounds": grounds_of(page.household),
        "tones": TONES,
        "looks": looks_at(page.household),
        "new_url": reverse("consent-new", args=[pk]) if page.may_edit else "",
    }
    return render(request, "households/consents/section.html", context)
