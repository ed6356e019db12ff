"""Links and shares when households merge or end: who stays gets the dividend, a household that is no more gets none."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Greatest

from assistance.models import PartnerLink, Shareholding
from households.models import Household
from households.register.errors import refusal
from households.register.turnover import Turn, Turnover

MERGED = Shareholding.Origin.MERGED


def follow(happened: Turnover) -> None:
    home, other, on = happened.household, happened.other, happened.on
    match happened.turn, happened.undone:
        case Turn.MERGED, False:
            pass_on(home, other, on)
        case Turn.MERGED, True:
            give_back(home, other, on)
        case Turn.ENDED, False:
            stop(home, on)
        case Turn.ENDED, True:
            go_on(home, on)


def pass_on(gone: Household, kept: Household | None, on: date) -> None:
    """Every open link and holding of the one goes on with the other, from the day of the merge."""
    if kept is None:
        return
    for link in PartnerLink.objects.filter(household=gone, until=None):
        facts = {"partner_id": link.partner_id, "household": kept, "form": link.form, "until": None}
        begun = {"village_id": kept.village_id, "since": max(on, link.since), "effect": link.effect}
        mine, _made = PartnerLink.objects.get_or_create(**facts, defaults=begun)
        Shareholding.objects.bulk_create(
            Shareholding(
                partner_id=each.partner_id, household=kept, village_id=kept.village_id, link=mine, origin=MERGED,
                count=each.count, worth=each.worth, since=max(on, each.since), taken_from=each,
            )
            for each in Shareholding.objects.filter(link=link, until=None)
        )  # fmt: skip
    stop(gone, on)


def give_back(gone: Household, kept: Household | None, on: date) -> None:
    """What was passed on returns. Raises ValidationError where it was handed on since."""
    passed = Shareholding.objects.filter(household=kept, origin=MERGED, taken_from__household=gone)
    if passed.filter(until__isnull=False).exists():
        raise refusal("并户后股份又转给了别的户，不能撤销并户；请先改正股份。")
    passed.delete()
    go_on(gone, on)
    same = PartnerLink.objects.filter(household=gone, until=None, partner=OuterRef("partner"), form=OuterRef("form"))
    begun = PartnerLink.objects.filter(Exists(same), household=kept, until=None, since=on, payments__isnull=True)
    begun.exclude(Exists(Shareholding.objects.filter(link=OuterRef("pk")))).delete()


def stop(household: Household, on: date) -> None:
    """Nothing is held or earned after the day."""
    for rows in (Shareholding.objects, PartnerLink.objects):
        rows.filter(household=household, until=None).update(until=Greatest(F("since"), on))


def go_on(household: Household, on: date) -> None:
    """What ended on the day holds again."""
    for rows in (Shareholding.objects, PartnerLink.objects):
        rows.filter(household=household, until=Greatest(F("since"), on)).update(until=None)
