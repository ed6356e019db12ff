"""Reading clearances: the monitored households with what stands between them and the removal of their risk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from households.eligibility.clearing.conditions import BY_CODE as CONDITIONS
from households.eligibility.clearing.sql import NO_RECORD
from households.eligibility.criteria import BY_CODE as CRITERIA
from households.eligibility.criterion import FAIL, MISSING, PASS
from households.models import Clearance, Household
from households.models.member import head_name
from villages.models import User


def short_of(code: str) -> str:
    """What a list says of a criterion or condition that does not hold."""
    if code in CRITERIA:
        return CRITERIA[code].short
    return CONDITIONS[code].short if code in CONDITIONS else "本年没有评定" if code == NO_RECORD else code


def label_of(code: str) -> str:
    """A criterion or condition in full words."""
    if code in CRITERIA:
        return CRITERIA[code].label
    return CONDITIONS[code].label if code in CONDITIONS else short_of(code)


def all_codes() -> list[tuple[str, str]]:
    """Every criterion and condition a removal may lack: code and short label."""
    return [(code, short_of(code)) for code in (*CRITERIA, *CONDITIONS)]


def monitored(user: User) -> QuerySet[Household]:
    """Every household that is or was monitored, by village; its columns say class, risks and days of the latest
    episode. ``head_name`` is added."""
    rows = Household.objects.visible_to(user).filter(removed_on__isnull=True).exclude(monitor_type="")
    rows = rows.select_related("village__parent").annotate(head_name=head_name("pk"))
    return rows.order_by("village_id", "household_no")


def running_year() -> int:
    return timezone.localdate().year


def clearances(**facts: Any) -> QuerySet[Clearance]:
    """The clearances of this year of each row of a query over households."""
    return Clearance.objects.filter(household_id=OuterRef("pk"), year=running_year(), **facts)


def lacking(code: str) -> Exists:
    """Households whose risk cannot be removed for this: it fails or is not recorded."""
    found = clearances().filter(Q(failed__contains=[code]) | Q(missing__contains=[code]))
    return Exists(found)


def may_be_cleared() -> Exists:
    """Households whose risk may be removed."""
    return Exists(clearances(eligible=True))


def with_clearances(rows: Iterable[Household], user: User) -> None:
    """Put the clearance of this year on each row as ``judged`` (None: no open episode), in one statement."""
    found = list(rows)
    kept = Clearance.objects.filter(household_id__in=[row.pk for row in found], year=running_year())
    by_household = {each.household_id: each for each in kept}
    for row in found:
        row.judged = by_household.get(row.pk)  # type: ignore[attr-defined]


def clearance_of(household_id: int) -> Clearance | None:
    """The clearance of this year of a household's open episode."""
    return Clearance.objects.filter(household_id=household_id, year=running_year()).first()


@dataclass(frozen=True)
class Line:
    """One thing that must hold: whether it does, and in words why or why not."""

    code: str
    label: str
    result: str
    words: str
    advice: str


def lines(row: Clearance) -> list[Line]:
    """What a removal asks for, what does not hold first: those of the criteria that do not hold, every condition."""
    of_year = [code for code in (*row.failed, *row.missing) if code not in CONDITIONS]
    found = [Line(code, label_of(code), result_of(row, code), "", "") for code in of_year]
    found += [
        Line(each.code, each.label, result_of(row, each.code), each.words(row.evidence), each.advice)
        for each in CONDITIONS.values()
    ]
    return sorted(found, key=lambda line: (FAIL, MISSING, PASS).index(line.result))


def result_of(row: Clearance, code: str) -> str:
    """pass, fail or missing."""
    if code in row.failed:
        return FAIL
    return MISSING if code in row.missing else PASS
