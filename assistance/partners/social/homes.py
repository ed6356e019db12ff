"""Published needs when households merge or end: an open need is that of whoever lives together now, and nobody is asked
to give to a household that is no more. What was given stays with its need."""

from __future__ import annotations

from typing import Any

from assistance.models import SocialNeed
from households.models import Household
from households.register.turnover import Turn, Turnover

State = SocialNeed.State


def follow(happened: Turnover) -> None:
    home, other = happened.household, happened.other
    match happened.turn, happened.undone:
        case Turn.MERGED, False:
            pass_on(home, other)
        case Turn.MERGED, True:
            give_back(home, other)
        case Turn.ENDED, False:
            SocialNeed.objects.filter(household=home, state=State.OPEN).update(state=State.GONE)
        case Turn.ENDED, True:
            SocialNeed.objects.filter(household=home, state=State.GONE).update(state=State.OPEN)


def pass_on(gone: Household, kept: Household | None) -> None:
    """Open needs are those of the household that stays, with what they got so far."""
    if kept is not None:
        open_ones = SocialNeed.objects.filter(household=gone, state=State.OPEN)
        open_ones.update(household=kept, village_id=kept.village_id)


def give_back(gone: Household, kept: Household | None) -> None:
    """Needs that were once of the household are its own again, and so is what they got since: receipts name the need.
    Their history tells which ones."""
    once: Any = SocialNeed.history.rel.related_model  # type: ignore[attr-defined]
    its_own = once.objects.filter(household_id=gone.pk).values("pgh_obj_id")
    SocialNeed.objects.filter(household=kept, pk__in=its_own).update(household=gone, village_id=gone.village_id)
