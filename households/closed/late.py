"""A fact dated into a closed year is kept beside what was closed, with who entered it and why (design.md section 8)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from households.closed.selectors import closed_now
from households.models import Household, LateFact, Member, RegisterEvent
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


def years_between(since: date | None, until: date | None, closed: Collection[int]) -> list[int]:
    """Those of some closed years that a time touches (until exclusive; None: open)."""
    first, last = (since.year if since else min(closed, default=0)), (until.year if until else 9999)
    return sorted(year for year in closed if first <= year <= last)
