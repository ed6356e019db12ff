"""The open findings of a whole village: the rules of every household's page, over rows read in six queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from households.models import AcceptedWarning, AnnualRecord, Attachment, Household, MemberYear
from households.register.living import members_of_all, thresholds_of
from households.register.logic.check import check_all
from households.register.logic.facts import EARLIER, HouseholdFacts, build
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
    ticks = _by(
        "household_id", AcceptedWarning.objects.filter(household_id__in=[row.pk for row in households], year=year)
    )
    checked = []
    for household, facts in facts_of(households, year):
        accepted = {(tick.rule, tick.target, tick.digest) for tick in ticks[household.pk]}
        found = [each for each in check_all(facts) if is_open(each, accepted)]
        if found:
            checked.append(Checked(household.pk, found))
    return sorted(checked, key=lambda each: each.findings[0].severity)


def facts_of(households: Sequence[Household], year: int) -> Iterator[tuple[Household, HouseholdFacts]]:
    """The facts of many households for a year, in five queries."""
    ids = [household.pk for household in households]
    members = members_of_all(ids, year)
    years = range(year - EARLIER, year + 1)
    everybody = {member.pk for rows in members.values() for member in rows}
    member_years = _by("member_id", MemberYear.objects.filter(member_id__in=everybody, year__in=years))
    records = _by("household_id", AnnualRecord.objects.filter(household_id__in=ids, year__in=(year, year - 1)))
    files = _by("household_id", Attachment.objects.filter(household_id__in=ids, removed_at__isnull=True))
    for household in households:
        pk = household.pk
        kept = {record.year: record for record in records[pk]}
        kinds = [file.kind for file in files[pk]]
        judged_by = thresholds_of(members[pk])
        of_years = [row for member in members[pk] for row in member_years[member.pk]]
        yield household, build(household, year, judged_by, members[pk], of_years, kept, kinds)


def is_open(finding: Finding, accepted: set[tuple[str, str, str]]) -> bool:
    """An error, or a warning not yet confirmed on the same facts; gaps are counted as incomplete sections instead."""
    if finding.severity is Severity.GAP:
        return False
    return (finding.rule, finding.target, finding.digest) not in accepted


def _by(name: str, rows: Iterable[Any]) -> dict[int, Sequence[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, name)].append(row)
    return grouped  # type: ignore[return-value]
