"""Who has a part in a household's case, and so neither looks into an objection to it nor learns who objected."""

from households.models import (
    Application,
    Batch,
    BatchEntry,
    EntryResult,
    Meeting,
    Objection,
    RegisterEvent,
    StepRecord,
    Survey,
)
from households.models.template import StepKind
from households.procedures.engine.duties import NEW_HOUSEHOLD, POSTING
from villages.models import Posting, User

REVIEWS = (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW, StepKind.FILING)
NO_JUDGEMENT = (*POSTING, StepKind.COMPARISON)
"""Putting up a list, or handing over what a comparison found, judges nobody."""


def batch_of(row: Objection) -> Batch:
    """The list an objection is dealt with under: the one it holds up, else that of its notice."""
    return row.batch or row.notice.batch


def proposers(row: Objection) -> set[int]:
    """Accounts that entered, applied for, surveyed or proposed the household (or any of the list), at the village."""
    lists = {batch_of(row).pk, row.notice.batch_id}
    entries = BatchEntry.objects.filter(batch__in=lists)
    if row.household_id:
        entries = entries.filter(household=row.household_id)
    homes = entries.values("household_id")
    found: set[int | None] = set(Batch.objects.filter(pk__in=lists).values_list("created_by_id", flat=True))
    found.update(entries.values_list("added_by_id", flat=True))
    found.update(Meeting.objects.filter(batch__in=lists).values_list("by_id", flat=True))
    steps = StepRecord.objects.filter(batch__in=lists).exclude(step__kind__in=(*REVIEWS, *NO_JUDGEMENT))
    found.update(steps.values_list("by_id", flat=True))
    judged = EntryResult.objects.filter(entry__in=entries).exclude(step__kind__in=(*REVIEWS, *NO_JUDGEMENT))
    found.update(judged.values_list("by_id", flat=True))
    kind = row.notice.batch.kind
    found.update(Application.objects.filter(household__in=homes, kind=kind).values_list("received_by_id", flat=True))
    found.update(Survey.objects.filter(household__in=homes, kind=kind).values_list("by_id", flat=True))
    new = RegisterEvent.objects.filter(household__in=homes, household_change=NEW_HOUSEHOLD)
    found.update(new.values_list("by_id", flat=True))
    return {pk for pk in found if pk}


def deciders(row: Objection) -> set[int]:
    """Accounts that decided the list at township or county."""
    lists = {batch_of(row).pk, row.notice.batch_id}
    found = StepRecord.objects.filter(batch__in=lists, step__kind__in=REVIEWS).values_list("by_id", flat=True)
    return {pk for pk in found if pk}


def of_village(row: Objection) -> set[int]:
    """Accounts posted in the village itself, where the objection speaks of the village's own people."""
    if not row.against_village:
        return set()
    return set(Posting.objects.today().filter(place_id=row.place_id).values_list("user_id", flat=True))


def parties(row: Objection) -> set[int]:
    """Everybody who may not be given the objection, nor see who raised it."""
    return proposers(row) | deciders(row) | of_village(row)


def part_of(user: User, row: Objection) -> str:
    """What keeps a person from the objection, as the end of a sentence; empty when nothing does."""
    if user.pk in of_village(row):
        return "是本村人员，异议反映的是村干部的问题"
    if user.pk in proposers(row):
        return "登记、提出或评议过所涉的户"
    if user.pk in deciders(row):
        return "审核过这份名单"
    return ""
