"""What is read of needs."""

from __future__ import annotations

from collections.abc import Iterable

from assistance.models import NeedsSurvey
from assistance.models.plan import Need, Path


def latest_survey(household_id: int) -> NeedsSurvey | None:
    """The latest survey of a household."""
    return NeedsSurvey.objects.filter(household_id=household_id).select_related("by").first()


def need_words(codes: Iterable[str]) -> str:
    return "、".join(str(Need(code).label) for code in codes)


def path_words(codes: Iterable[str]) -> str:
    return "、".join(str(Path(code).label) for code in codes)
