"""The change history as datasets: every version of the rows that matter most, with the number of the act that wrote it,
by which the trail tells who, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import QuerySet

from assistance.models import Measure, Pairing, Plan, Visit
from audits.exports.declared import HISTORY, Dataset
from audits.models import Finding
from audits.trail.sources import TrailSource, trail_sources
from households.models import AnnualRecord, BatchEntry, Household, Member, MemberYear, Presence, Spell
from povreg.kit.scopes import within_any
from villages.models import User
from villages.rights import Right

KEPT = frozenset({
    Household, Member, Presence, AnnualRecord, MemberYear, Spell, BatchEntry, Measure, Pairing, Plan, Visit, Finding,
})  # fmt: skip


def histories() -> Iterator[Dataset]:
    for source in trail_sources():
        if source.model in KEPT and source.place:
            code = f"history-{source.model._meta.model_name}"
            label = f"{source.label}变更历史"
            rows = partial(versions, source)
            yield Dataset(code, label, HISTORY, source.event, source.place, Right.TRAIL_VIEW, rows)


def versions(source: TrailSource, user: User) -> QuerySet:
    """The versions of rows that lay where the person sees the trail."""
    places = within_any(source.place, user.places_with(Right.TRAIL_VIEW))
    return source.event._default_manager.filter(places)
