"""Verbs of matching: work out a proposal for a place, take its pairs over one by one or all, change a helper."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils import timezone

from assistance.models import Pairing, PairingChoice, PairingProposal
from assistance.pairing import rules, selectors
from assistance.pairing.matching.costs import Hand, Home, matrix, reasons
from assistance.pairing.matching.needs import needs_of
from assistance.pairing.matching.solver import match
from assistance.pairing.services import helpers_at, start_pairing
from households.models.codes import OUT_OF_POVERTY
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY, within
from villages.models import Place, Posting, User
from villages.rights import Right, Role
from villages.rights.checks import check_right

State = PairingChoice.State
MOST_HOUSEHOLDS = 6000
"""Households that are matched at once; more are matched township by township."""


def propose(*, by: User, place: Place, keep: bool = True) -> PairingProposal:
    """Work out who should help the households under a place that must have a helper; nothing is paired by it.

    With ``keep`` households with a helper today are matched, too, and keep him where that is good; else only those
    without one. Raises PermissionDenied without PAIRING_EDIT there, ValidationError for nobody to match or too many.
    """
    check_right(by, Right.PAIRING_EDIT, place.pk)
    began = time.monotonic()
    homes = homes_under(by, place, keep)
    hands = hands_at(place, homes)
    if not homes:
        raise ValidationError("这里没有需要安排帮扶责任人的农户。")
    if not hands:
        raise ValidationError("这里还没有帮扶责任人的任职，请先由安全管理员授予任职。")
    if len(homes) > MOST_HOUSEHOLDS:
        raise ValidationError(f"超过 {MOST_HOUSEHOLDS:,} 户，请按乡镇分别提出建议。")
    found = match(matrix(homes, hands), [hand.room for hand in hands])
    with act(by=by, verb="propose_pairings"):
        PairingProposal.objects.filter(place=place, state=PairingProposal.State.OPEN).update(state="dropped")
        proposal = PairingProposal.objects.create(
            place=place, made_by=by, households=len(homes), helpers=len(hands), unmatched=found.count(-1),
            seconds=round(time.monotonic() - began, 2),
        )  # fmt: skip
        PairingChoice.objects.bulk_create(choices(proposal, homes, hands, found), 1000)
    return proposal


def choices(
    proposal: PairingProposal, homes: Sequence[Home], hands: Sequence[Hand], found: Sequence[int]
) -> list[PairingChoice]:
    rows = []
    for home, at in zip(homes, found, strict=True):
        hand = hands[at] if at >= 0 else None
        said = reasons(home, hand) if hand else "帮扶责任人都已满额，没有配上"
        helper = hand.pk if hand else None
        facts = {"household_id": home.pk, "village_id": home.village, "helper_id": helper, "reasons": said}
        rows.append(PairingChoice(proposal=proposal, **facts))
    return rows


def homes_under(by: User, place: Place, keep: bool) -> list[Home]:
    """The households to be matched, with their cause, needs and present first helper."""
    rows = (selectors.must_have_helper(by) if keep else selectors.gaps(by)).filter(within("village_id", place.pk))
    found = list(rows.order_by("pk").values_list("pk", "village_id", "main_cause", "exit_status", "monitor_type"))
    asked = needs_of(pk for pk, *_rest in found)
    first = Pairing.objects.today().filter(household__in=[pk for pk, *_rest in found], turn=1)
    present = dict(first.values_list("household_id", "helper_id"))
    return [
        Home(pk, village, cause, asked.get(pk, ()), exit_status != OUT_OF_POVERTY or bool(monitor), present.get(pk))
        for pk, village, cause, exit_status, monitor in found
    ]


def hands_at(place: Place, homes: Collection[Home]) -> list[Hand]:
    """Helpers posted under the place (or above it) with the room they have beside households not matched here."""
    posted = Posting.objects.today().filter(role=Role.HELPER)
    posted = posted.filter(within("place_id", place.pk) | Q(place_id__in=above(place.pk)))
    where = dict(posted.order_by("-place_id").values_list("user_id", "place_id"))
    people = User.objects.filter(pk__in=where, is_active=True).select_related("unit", "cadre__unit").order_by("pk")
    elsewhere = Pairing.objects.today().exclude(household__in=[home.pk for home in homes])
    taken = dict(elsewhere.filter(helper__in=where).values_list("helper").annotate(n=Count("household", distinct=True)))
    limits = rules.limits_of(place.pk[:COUNTY])
    return [hand_of(person, where[person.pk], limits, taken.get(person.pk, 0)) for person in people]


def above(code: str) -> list[str]:
    return [code[:length] for length in (6, 9) if length < len(code)]


def hand_of(person: User, place: str, limits: Any, taken: int) -> Hand:
    cadre = getattr(person, "cadre", None)
    most = limits[rules.rank_of(cadre.rank)] if cadre else rules.most_of_all()
    unit = (cadre.unit if cadre and cadre.unit else person.unit) or None
    trade = rules.trade_of(unit.name) if unit else None
    return Hand(person.pk, person.name, place, trade, max(0, min(most, rules.most_of_all()) - taken))


def accept(
    *, by: User, proposal: PairingProposal, rows: Collection[PairingChoice], starts_on: date
) -> tuple[int, list[str]]:
    """Take pairs of a proposal over; answers how many pairings began, and what stood in the way of the others.

    A household that was not asked what it needs is not paired. Raises PermissionDenied, ValidationError for a proposal
    that is no longer open.
    """
    check_right(by, Right.PAIRING_EDIT, proposal.place_id)
    faults: list[str] = []
    begun = 0
    with act(by=by, verb="decide_pairings"):
        held = PairingProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if held.state != PairingProposal.State.OPEN:
            raise ValidationError("这份建议已经确认或作废，请重新提出。")
        asked = needs_of(row.household_id for row in rows)
        for row in rows:
            fault = take_over(by, row, starts_on, row.household_id in asked)
            if fault:
                faults.append(fault)
            else:
                begun += 1
        if not held.choices.filter(state=State.OPEN, helper__isnull=False).exists():
            held.state = PairingProposal.State.DONE
            held.save(update_fields=["state"])
    return begun, faults


def take_over(by: User, row: PairingChoice, starts_on: date, was_asked: bool) -> str:
    """Begin the pairing of one choice; the words of what stands in its way, "" where nothing does."""
    number = row.household.household_no
    if row.state != State.OPEN or row.helper is None:
        return f"{number}：已经办理，或没有配上。"
    if not was_asked:
        return f"{number}：还没有登记需求调查，先入户调查需求再确认结对。"
    kept = Pairing.objects.today().filter(household=row.household_id, helper=row.helper_id).first()
    try:
        found = kept or start_pairing(by=by, household=row.household, helper=row.helper, starts_on=starts_on)
    except ValidationError as refused:
        return f"{number}：{'；'.join(refused.messages)}"
    row.state, row.pairing = State.ACCEPTED, found
    row.save(update_fields=["state", "pairing"])
    return ""


def change_helper(*, by: User, choice: PairingChoice, helper: User) -> PairingChoice:
    """Put another helper into a pair of an open proposal. Raises PermissionDenied, ValidationError."""
    check_right(by, Right.PAIRING_EDIT, choice.village_id)
    with act(by=by, verb="decide_pairings"):
        row = PairingChoice.objects.select_for_update(of=("self",)).get(pk=choice.pk)
        if row.state != State.OPEN:
            raise ValidationError("这一对已经办理，不能再改。")
        if not helpers_at(row.village_id).filter(pk=helper.pk).exists():
            raise ValidationError({"helper": f"{helper}在本村没有帮扶责任人的任职，请另选。"})
        row.helper, row.reasons = helper, f"{timezone.localdate():%Y-%m-%d} 由{by.name}改定"
        row.save(update_fields=["helper", "reasons"])
    return row


def refuse(*, by: User, choice: PairingChoice) -> PairingChoice:
    """Leave a pair of a proposal out. Raises PermissionDenied, ValidationError."""
    check_right(by, Right.PAIRING_EDIT, choice.village_id)
    with act(by=by, verb="decide_pairings"):
        row = PairingChoice.objects.select_for_update(of=("self",)).get(pk=choice.pk)
        if row.state != State.OPEN:
            raise ValidationError("这一对已经办理，不能再改。")
        row.state = State.REFUSED
        row.save(update_fields=["state"])
    return row
