"""Who has a part in a household's case, and so neither looks into an objection to it nor learns who objected."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

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
NOT_PROPOSED = (*REVIEWS, *NO_JUDGEMENT)


def batch_of(row: Objection) -> Batch:
    """The list an objection is dealt with under: the one it holds up, else that of its notice."""
    return row.batch or row.notice.batch


@dataclass
class Case:
    """Accounts with a part in what an objection is about."""

    proposers: set[int]
    deciders: set[int]
    village: set[int]

    @property
    def everybody(self) -> set[int]:
        return self.proposers | self.deciders | self.village


def keep_cases(rows: Collection[Objection]) -> None:
    """Ask for all rows of a page at once; without it each asks for itself."""
    cases = cases_of(rows)
    for row in rows:
        row.case = cases[row.pk]  # type: ignore[attr-defined]


def case_of(row: Objection) -> Case:
    kept: Case | None = getattr(row, "case", None)
    return kept or cases_of([row])[row.pk]


def cases_of(rows: Collection[Objection]) -> dict[int, Case]:
    """The parts people have in each objection's case, by its id; as many statements for many rows as for one."""
    listed = {row.pk: {batch_of(row).pk, row.notice.batch_id} for row in rows}
    lists = set().union(*listed.values()) if listed else set()
    entries = list(
        BatchEntry.objects.filter(batch__in=lists).values_list("pk", "batch_id", "household_id", "added_by_id")
    )
    by_list, steps = _by_list(lists), _steps(lists)
    judged = _pairs(EntryResult.objects.filter(entry__batch__in=lists).exclude(step__kind__in=NOT_PROPOSED), "entry_id")
    homes, village = _by_home({home for _pk, _list, home, _by in entries}), _villages(rows)
    found = {}
    for row in rows:
        own = [each for each in entries if each[1] in listed[row.pk] and row.household_id in (None, each[2])]
        people: set[int | None] = {by for _pk, _list, _home, by in own}
        people.update(by for each in listed[row.pk] for by in by_list.get(each, ()))
        people.update(by for each in listed[row.pk] for by, review in steps.get(each, ()) if not review)
        people.update(by for pk, *_ in own for by in judged.get(pk, ()))
        people.update(by for _pk, _list, home, _by in own for by in homes.get((home, row.notice.batch.kind), ()))
        people.update(by for _pk, _list, home, _by in own for by in homes.get((home, ""), ()))
        decided = {by for each in listed[row.pk] for by, review in steps.get(each, ()) if review}
        spoken_of = village.get(row.place_id, set()) if row.against_village else set()
        found[row.pk] = Case({pk for pk in people if pk}, {pk for pk in decided if pk}, spoken_of)
    return found


def _pairs(rows: Any, key: str) -> dict[Any, set[int]]:
    found: dict[Any, set[int]] = {}
    for one, by in rows.values_list(key, "by_id"):
        found.setdefault(one, set()).add(by)
    return found


def _by_list(lists: set[int]) -> dict[int, set[int]]:
    """Who drew up a list or wrote its meeting down."""
    found = _pairs(Meeting.objects.filter(batch__in=lists), "batch_id")
    for pk, by in Batch.objects.filter(pk__in=lists).values_list("pk", "created_by_id"):
        found.setdefault(pk, set()).add(by)
    return found


def _steps(lists: set[int]) -> dict[int, set[tuple[int, bool]]]:
    """Who did a step of a list, and whether it was a review; what judges nobody is left out."""
    found: dict[int, set[tuple[int, bool]]] = {}
    rows = StepRecord.objects.filter(batch__in=lists).exclude(step__kind__in=NO_JUDGEMENT)
    for pk, by, kind in rows.values_list("batch_id", "by_id", "step__kind"):
        found.setdefault(pk, set()).add((by, kind in REVIEWS))
    return found


def _by_home(homes: set[int]) -> dict[tuple[int, str], set[int]]:
    """Who took an application of a household or surveyed it for a kind, or registered it (kind "")."""
    found: dict[tuple[int, str], set[int]] = {}
    taken = Application.objects.filter(household__in=homes).values_list("household_id", "kind", "received_by_id")
    asked = Survey.objects.filter(household__in=homes).values_list("household_id", "kind", "by_id")
    new = RegisterEvent.objects.filter(household__in=homes, household_change=NEW_HOUSEHOLD)
    for home, kind, by in (*taken, *asked, *((home, "", by) for home, by in new.values_list("household_id", "by_id"))):
        found.setdefault((home, kind), set()).add(by)
    return found


def _villages(rows: Collection[Objection]) -> dict[str, set[int]]:
    """Accounts posted in the villages whose own people an objection speaks of."""
    spoken_of = {row.place_id for row in rows if row.against_village}
    found: dict[str, set[int]] = {}
    if spoken_of:
        for place, pk in Posting.objects.today().filter(place_id__in=spoken_of).values_list("place_id", "user_id"):
            found.setdefault(place, set()).add(pk)
    return found


def proposers(row: Objection) -> set[int]:
    """Accounts that entered, applied for, surveyed or proposed the household (or any of the list), at the village."""
    return case_of(row).proposers


def deciders(row: Objection) -> set[int]:
    """Accounts that decided the list at township or county."""
    return case_of(row).deciders


def of_village(row: Objection) -> set[int]:
    """Accounts posted in the village itself, where the objection speaks of the village's own people."""
    return case_of(row).village if row.against_village else set()


def parties(row: Objection) -> set[int]:
    """Everybody who may not be given the objection, nor see who raised it."""
    return case_of(row).everybody


def part_of(user: User, row: Objection) -> str:
    """What keeps a person from the objection, as the end of a sentence; empty when nothing does."""
    case = case_of(row)
    if user.pk in case.village:
        return "是本村人员，异议反映的是村干部的问题"
    if user.pk in case.proposers:
        return "登记、提出或评议过所涉的户"
    if user.pk in case.deciders:
        return "审核过这份名单"
    return ""
