"""The section of the household page: what can be printed of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from assistance.models import CorrectionRequest, HouseholdCard
from assistance.papers.declared import FORMS, PRINT, Form, Lack, lacking
from assistance.papers.dossiers import Dossier, read
from assistance.papers.services import TAKES
from households.entry.page import section_url
from households.entry.sections.views import opened
from povreg.kit.views import holds, require
from villages.models import User
from villages.models.signed_in import SignedInRequest

SECTION = "papers"
KINDS = ("pdf", "docx")
"""The files that a form is written as."""


@require_safe
@require(PRINT)
def section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """What can be printed of the household, what is missing on it, its card, what it asked to be set right."""
    page = opened(request, pk, section)
    dossier = read([pk], page.year)[0]
    may_edit = holds(request.user, TAKES, page.household.village_id)
    card = (
        HouseholdCard.objects.valid().filter(household_id=pk).select_related("issued_by").first() if may_edit else None
    )
    context = {
        "forms": [_offer(form, dossier, card) for form in FORMS.values() if _offered(form, dossier, request.user)],
        "card": card,
        "may_edit": may_edit and not page.household.removed_on,
        "requests": CorrectionRequest.objects.visible_to(request.user).filter(household_id=pk),
    }
    return render(request, "assistance/papers/section.html", {"page": page, **context})


def _offered(form: Form, dossier: Dossier, user: User) -> bool:
    return form.fits(dossier) and holds(user, form.right, dossier.household.village_id)


def _offer(form: Form, dossier: Dossier, card: HouseholdCard | None) -> dict[str, Any]:
    query = f"?{urlencode({'year': dossier.year})}"
    found = {kind: address(dossier, form, kind) + query for kind in ("", *KINDS)}
    needs_card = form.code == "card" and card is None
    return {"form": form, "title": form.title(dossier), "lacks": linked(dossier, lacking(form, dossier)),
            "urls": found, "needs_card": needs_card}  # fmt: skip


def address(dossier: Dossier, form: Form, kind: str = "") -> str:
    name = f"household-paper-{kind}" if kind else "household-paper"
    return reverse(name, args=[dossier.household.pk, form.code])


def linked(dossier: Dossier, lacks: list[Lack]) -> list[dict[str, Any]]:
    """What is missing, with the section where it is filled in."""
    return [
        {"title": each.title, "words": each.words, "url": section_url(dossier.household.pk, each.section, dossier.year)}
        for each in lacks
    ]
