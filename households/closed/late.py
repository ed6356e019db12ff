"""A fact dated into a closed year is kept beside what was closed, with who entered it and why (design.md section 8)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from households.closed.selectors import closed_now
from households.models import CorrectionOrder, Household, LateFact, Member, RegisterEvent
from villages.models import User

SHORTEST_REASON = 4
Kind = LateFact.Kind


def reason_words(year: int) -> str:
    """What is asked where a fact is dated into a closed year."""
    return f"{year}年度已封存。封存后登记的，请写明理由，至少 {SHORTEST_REASON} 个字。"


def closed_among(village: str, years: Iterable[int], reason: str) -> set[int]:
    """Those of the years that are closed where the household lives. Raises ValidationError beside ``reason`` where
    one is and no reason was given."""
    closed = closed_now([village], sorted(set(years)))
    if closed and len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": [reason_words(max(closed))]})
    return closed


def keep(
    *,
    by: User | None,
    household: Household,
    year: int,
    kind: str,
    what: str,
    reason: str,
    facts: Mapping[str, Any] | None = None,
    member: Member | None = None,
) -> LateFact:
    """Keep one late fact."""
    return LateFact.objects.create(
        household=household, village_id=household.village_id, year=year, kind=kind, member=member, what=what[:300],
        facts=dict(facts or {}), reason=reason.strip()[:200], by=by,
    )  # fmt: skip


def note_event(event: RegisterEvent, what: str, reason: str) -> None:
    """An event of a household or a member: dated into a closed year, it is kept as a late fact, too. Raises
    ValidationError where it is and no reason was given."""
    if closed_among(event.village_id, [event.happened_on.year], reason):
        keep(
            by=event.by, household=event.household, year=event.happened_on.year, kind=Kind.EVENT, member=event.member,
            what=f"{event.happened_on:%Y-%m-%d} {what}", reason=reason,
        )  # fmt: skip


def note_taken_back(by: User | None, event: RegisterEvent, what: str, reason: str) -> None:
    """An event of a closed year that was a mistake, before it goes: taking it back is a late fact, too."""
    if closed_among(event.village_id, [event.happened_on.year], reason):
        keep(
            by=by, household=event.household, year=event.happened_on.year, kind=Kind.EVENT, member=event.member,
            what=f"撤销：{event.happened_on:%Y-%m-%d} {what}", reason=reason,
        )  # fmt: skip


def note_events(events: Collection[RegisterEvent], what: str, reason: str) -> None:
    """The same of the events of a list, all of one day: two statements however many they are."""
    closed = closed_now({event.village_id for event in events}, {event.happened_on.year for event in events})
    LateFact.objects.bulk_create(
        LateFact(
            household_id=event.household_id, village_id=event.village_id, year=event.happened_on.year, kind=Kind.EVENT,
            what=f"{event.happened_on:%Y-%m-%d} {what}", reason=reason, by=event.by,
        )
        for event in events
        if event.happened_on.year in closed
    )  # fmt: skip


def note_standing(order: CorrectionOrder, what: str) -> None:
    """A correction of standing is a late fact of every closed year it reaches."""
    first = order.since.year if order.since else 0
    last = order.until.year if order.until else timezone.localdate().year
    closed = closed_now([order.village_id], range(first, last + 1))
    LateFact.objects.bulk_create(
        LateFact(
            household_id=order.household_id, village_id=order.village_id, year=year, kind=Kind.STANDING, what=what,
            reason=f"{order.document}：{order.reason}"[:200], by=order.approved_by,
        )
        for year in sorted(closed)
    )  # fmt: skip
