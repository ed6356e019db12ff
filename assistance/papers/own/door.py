"""Who may come in: a code nobody guesses, and a second fact that is not on the card, with few tries."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from assistance.models import HouseholdCard
from households.models import Household, Member
from povreg.kit.crypto import lookup_hash
from povreg.kit.idnumber import normalise

DIGITS = 6
MOST_TRIES = 5
"""Wrong second facts a day and card; then the card opens nothing until tomorrow."""
OPEN_FOR = 900  # seconds
KEY = "own_page"
LONGEST_CODE = 40


@dataclass(frozen=True)
class Answer:
    """Whether the door opened; ``left`` tries remain today."""

    opened: bool
    left: int


def find(code: str) -> HouseholdCard | None:
    """The valid card of a code, of a household that was not struck off."""
    if not code or len(code) > LONGEST_CODE:
        return None
    rows = HouseholdCard.objects.valid().filter(code_hash=lookup_hash(code), household__removed_on__isnull=True)
    return rows.select_related("household__village__parent__parent").first()


def knock(card: HouseholdCard, typed: str) -> Answer:
    """Compare the second fact; a wrong one is counted, and above the limit a right one opens nothing either."""
    today = timezone.localdate()
    HouseholdCard.objects.filter(pk=card.pk).exclude(tried_on=today).update(tries=0, tried_on=today)
    counted = HouseholdCard.objects.filter(pk=card.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    if not counted:
        return Answer(False, 0)
    if second_fact_holds(card.household, typed):
        HouseholdCard.objects.filter(pk=card.pk).update(tries=F("tries") - 1)
        return Answer(True, MOST_TRIES)
    card.refresh_from_db(fields=["tries"])
    return Answer(False, MOST_TRIES - card.tries)


def second_fact_holds(household: Household, typed: str) -> bool:
    """Whether these are the last digits of the head's identity number, or of the phone of the household or the head."""
    text = normalise(typed).upper()
    head = Member.objects.heads().filter(household=household).first()
    numbers = [household.phone, *((head.id_no, head.phone) if head else ())]
    return len(text) == DIGITS and any(number and number.upper().endswith(text) for number in numbers)


def has_second_fact(household: Household) -> bool:
    """Whether there is any number to ask for."""
    head = Member.objects.heads().filter(household=household).first()
    return bool(household.phone or (head and (head.id_no or head.phone)))


def let_in(request: HttpRequest, card: HouseholdCard) -> None:
    """Keep the door open in this browser for a quarter of an hour; only the card's number is kept."""
    request.session[KEY] = {"card": card.pk, "at": int(time.time())}


def is_open(request: HttpRequest, card: HouseholdCard) -> bool:
    kept = request.session.get(KEY) or {}
    return kept.get("card") == card.pk and time.time() - kept.get("at", 0) <= OPEN_FOR


def close(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
