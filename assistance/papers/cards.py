"""The way to a village's forms, on the page of the village."""

from __future__ import annotations

from django.urls import reverse

from assistance.papers.declared import PRINT
from assistance.papers.village_forms import VILLAGE_FORMS
from villages.models import Place, User
from villages.places.cards import PlaceCard


def village_card(user: User, village: Place) -> PlaceCard | None:
    """Nothing for who prints nothing."""
    if not user.can(PRINT, village.code):
        return None
    labels = "、".join(form.label for form in VILLAGE_FORMS.values())
    return PlaceCard("打印表册", note=f"{labels}；全村的帮扶手册、登记卡、明白卡。",
                     links=(("打印", f"{reverse('papers')}?place={village.code}"),))  # fmt: skip
