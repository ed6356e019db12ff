"""The households of a list as a reviewer sees them: evidence, votes, differences, warnings and refusals per row."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from households.models import Assessment, Batch, BatchEntry, EntryResult, Household, StayReason, Vote
from households.models.codes import REGISTERED_POOR
from households.models.member import head_name
from households.procedures.engine import guards
from households.procedures.engine.compared import Named, named_of
from households.procedures.lists import facts
from povreg.kit.scopes import within
from villages.models import User


@dataclass
class Row:
    """One household of a list."""

    entry: BatchEntry
    head_name: str
    persons: int
    assessment: Assessment | None
    vote: Vote | None
    result: EntryResult | None
    changed: bool
    refusals: list[str]
    warnings: list[str]
    objections: int
    named: list[Named]


def entries(user: User, batch: Batch, state: str = "") -> QuerySet[BatchEntry]:
    """The entries of a list that the person may see, in the order of the posted list."""
    found = BatchEntry.objects.visible_to(user).filter(batch=batch)
    found = found.filter(state=state) if state else found
    return (
        found.annotate(
            head_name=head_name("household_id"),
            persons=Count("household__members", filter=Q(household__members__left_on=None), distinct=True),
            objections_open=Count("objections", filter=~Q(objections__state="answered"), distinct=True),
        )
        .select_related("household", "out_by", "out_step")
        .order_by("household__group_name", "household__household_no")
    )


def rows(batch: Batch, page: Any, altered: Collection[int] | None = None) -> list[Row]:
    """A page of :func:`entries` with what stands for and against each, in a constant number of queries; ``altered``
    names the entries whose facts changed since the appraisal, for who has asked already.

    Nothing stands against a list that is over: its own effects would (已在册) and change the facts.
    """
    every = list(page)
    ids = [entry.pk for entry in every]
    chosen = BatchEntry.objects.filter(pk__in=ids, state="listed")
    judged = {row.household_id: row for row in _assessments(batch, every)}
    votes = {row.entry_id: row for row in Vote.objects.filter(entry__in=ids).order_by("pk")}
    results = {row.entry_id: row for row in EntryResult.objects.filter(entry__in=ids).order_by("pk")}
    runs = batch.state in Batch.OPEN
    against = guards.findings(batch, chosen) if runs else {}
    named = named_of({entry.household_id for entry in every}) if runs else {}
    if altered is None:
        altered = facts.changed(batch) if runs else []
    return [
        Row(
            entry=entry,
            head_name=getattr(entry, "head_name", "") or "",
            persons=getattr(entry, "persons", 0),
            assessment=judged.get(entry.household_id),
            vote=votes.get(entry.pk),
            result=results.get(entry.pk),
            changed=entry.pk in altered,
            refusals=[guard.message for guard in against.get(entry.pk, []) if guard.refuses],
            warnings=[guard.message for guard in against.get(entry.pk, []) if not guard.refuses],
            objections=getattr(entry, "objections_open", 0),
            named=named.get(entry.household_id, []),
        )
        for entry in every
    ]


def _assessments(batch: Batch, every: list[BatchEntry]) -> QuerySet[Assessment]:
    households = [entry.household_id for entry in every]
    return Assessment.objects.filter(household__in=households, year=batch.year).select_related("criteria_set")


@dataclass(frozen=True)
class Stayer:
    """A household that stays this year: the reason noted, and the one its verdict suggests."""

    household: Household
    reason: StayReason | None
    suggested: str


def stayers(user: User, batch: Batch) -> list[Stayer]:
    """The poor households of the village that are not on an exit list (policy.md 2.14), with their head's name."""
    found = (
        Household.objects.visible_to(user)
        .registered()
        .filter(within("village_id", batch.place_id), exit_status__in=REGISTERED_POOR)
        .exclude(entries__batch=batch, entries__state="listed")
        .annotate(head_name=head_name())
        .order_by("household_no")
    )
    noted = {row.household_id: row for row in StayReason.objects.filter(household__in=found, year=batch.year)}
    judged = {row.household_id: row for row in Assessment.objects.filter(household__in=found, year=batch.year)}
    return [Stayer(row, noted.get(row.pk), suggest(row, judged.get(row.pk), batch.year)) for row in found]


def suggest(household: Household, assessment: Assessment | None, year: int) -> str:
    """The code of 不脱贫原因 that the facts point to; empty when they point to none."""
    if household.household_attr == "06":
        return "08"
    if household.no_labour_backstop:
        return "09"
    if household.identified_on and household.identified_on.year == year:
        return "03"
    if assessment is None or assessment.missing:
        return ""
    if "income" not in assessment.failed and assessment.failed:
        return "01"
    if "income" in assessment.failed:
        return {"01": "06", "02": "04", "03": "06"}.get(household.main_cause, "02")
    return "07" if assessment.borderline else ""
