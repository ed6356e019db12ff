"""The open findings of a whole village: the rules of every household's page, over rows read in six queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from households.models import AcceptedWarning, AnnualRecord, Attachment, Household, Member, MemberYear
from households.register.logic.check import check_all
from households.register.logic.facts import EARLIER, build, thresholds_of, with_thresholds
from households.register.logic.rule import Finding, Severity
from povreg.kit.scopes import within_any
from villages.models import User


@dataclass(frozen=True)
class Checked:
    """A household with its errors and the warnings that nobody has confirmed yet."""

    household_id: int
    findings: list[Finding]


def open_findings(user: User, places: Iterable[str], year: int) -> list[Checked]:
    """Households of the places, as far as the person sees them, with something to correct or confirm for the year;
    those with errors first. Meant for villages: every row is read."""
    rows = Household.objects.visible_to(user).registered().filter(within_any("village_id", places))
    households = list(rows.order_by("village_id", "household_no"))
    ids = [household.pk for household in households]
    people = with_thresholds(Member.objects.filter(household_id__in=ids), year)
    members = _by_household(people.order_by("person_no"))
    years = range(year - EARLIER, year + 1)
    member_years = _by_household(MemberYear.objects.filter(household_id__in=ids, year__in=years))
    records = _by_household(AnnualRecord.objects.filter(household_id__in=ids, year__in=(year, year - 1)))
    files = _by_household(Attachment.objects.filter(household_id__in=ids, removed_at__isnull=True))
    ticks = _by_household(AcceptedWarning.objects.filter(household_id__in=ids, year=year))
    checked = []
    for household in households:
        pk = household.pk
        kept = {record.year: record for record in records[pk]}
        kinds = [file.kind for file in files[pk]]
        judged_by = thresholds_of(members[pk])
        facts = build(household, year, judged_by, members[pk], member_years[pk], kept, kinds)
        accepted = {(tick.rule, tick.target, tick.digest) for tick in ticks[pk]}
        found = [each for each in check_all(facts) if is_open(each, accepted)]
        if found:
            checked.append(Checked(pk, found))
    return sorted(checked, key=lambda each: each.findings[0].severity)


def is_open(finding: Finding, accepted: set[tuple[str, str, str]]) -> bool:
    """An error, or a warning not yet confirmed on the same facts; gaps are counted as incomplete sections instead."""
    if finding.severity is Severity.GAP:
        return False
    return (finding.rule, finding.target, finding.digest) not in accepted


def _by_household(rows: Iterable[Any]) -> dict[int, Sequence[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.household_id].append(row)
    return grouped  # type: ignore[return-value]
