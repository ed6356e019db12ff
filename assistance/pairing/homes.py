"""Pairings when households change: nobody who must have a helper stands alone by a split or a merge, and nobody is
answerable where he holds no posting."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Greatest

from assistance.models import Pairing
from assistance.models.pairing import PairingQuerySet
from assistance.pairing.services import helpers_at
from households.models import Household
from households.register.turnover import Turn, Turnover

FROM_SPLIT, FROM_MERGE = "分户前由其帮扶，承接", "并户前由其帮扶，承接"


def follow(happened: Turnover) -> None:
    home, other, on = happened.household, happened.other, happened.on
    match happened.turn, happened.undone:
        case Turn.SPLIT, False:
            hand_over(home, other, on, FROM_SPLIT)
        case Turn.SPLIT, True:
            end(running(other, on), on)
        case Turn.MERGED, False:
            if not running(other, on).exists():
                hand_over(home, other, on, FROM_MERGE)
            end(running(home, on), on)
        case Turn.MERGED, True:
            end(running(other, on).filter(note=FROM_MERGE), on)
            reopen(home, on)
        case Turn.MOVED, False:
            end(running(home, on).exclude(helper__in=helpers_at(home.village_id)), on)
        case Turn.MOVED, True:
            reopen(home, on)
        case Turn.ENDED, False:
            end(running(home, on), on)
        case Turn.ENDED, True:
            reopen(home, on)


def running(household: Household | None, on: date) -> PairingQuerySet:
    """The pairings of a household that go on after a day."""
    return Pairing.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), household=household)


def hand_over(source: Household, target: Household | None, on: date, note: str) -> None:
    """The helpers of one household help the other, too, from a day on. Their room is not asked: they have helped these
    people all along, and the list of limits shows who has too many."""
    if target is None:
        return
    Pairing.objects.bulk_create(
        Pairing(
            household=target, village_id=target.village_id, helper_id=each.helper_id, turn=each.turn,
            unit_id=each.unit_id, starts_on=max(on, each.starts_on), ends_on=each.ends_on, note=note,
        )
        for each in running(source, on)
    )  # fmt: skip


def end(rows: PairingQuerySet, on: date) -> None:
    """Let pairings end on a day; one that would only begin later ends as it begins."""
    rows.update(ends_on=Greatest(F("starts_on"), on))


def reopen(household: Household, on: date) -> None:
    """What ended with the change that was a mistake goes on, where its helper may still be there and nobody has taken
    his turn since."""
    ended = Pairing.objects.filter(household=household, ends_on=Greatest(F("starts_on"), on))
    taken = Pairing.objects.filter(household=household, ends_on=None).values("turn")
    ended.filter(helper__in=helpers_at(household.village_id)).exclude(turn__in=taken).update(ends_on=None)
