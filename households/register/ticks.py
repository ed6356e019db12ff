"""Errors block, warnings want a tick: holding a save against the logic checks."""

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

from households.models import AcceptedWarning, Household
from households.register.errors import SECTION, FormErrors
from households.register.logic.check import check_all, with_ticks
from households.register.logic.facts import gather
from households.register.logic.rule import Finding, Severity


def standing_warnings(household: Household, year: int) -> set[str]:
    """Keys of the warnings that hold before a change: those do not stop it."""
    return {finding.key for finding in check_all(gather(household, year)) if finding.severity is Severity.WARNING}


def refuse_findings(
    by: Any,
    household: Household,
    year: int,
    typed: Collection[str],
    ticks: Collection[str],
    before: Collection[str] | None,
    keys: Mapping[str, str] | None = None,
) -> None:
    """Check the saved facts inside the transaction that saved them.

    Raises FormErrors for errors beside a typed field, and for warnings there that this change brought about and that
    are not in ``ticks``. Ticked warnings are stored as accepted. ``keys`` maps member id to form row.
    """
    facts = gather(household, year)
    keys = keys or {}
    refused = FormErrors()
    for finding in with_ticks(facts, check_all(facts)):
        if finding.field not in typed:
            continue
        row = keys.get(finding.target, SECTION)
        if finding.severity is Severity.ERROR:
            refused.add(finding.message, field=finding.name, row=row)
        elif before is not None and finding.needs_tick and finding.key not in before and finding.key not in ticks:
            refused.warnings.append(dataclasses.replace(finding, target=row))
        elif finding.needs_tick and finding.key in ticks:
            accept(by, facts.household, facts.year, finding)
    refused.raise_if_any()


def accept(by: Any, household: Household, year: int, finding: Finding) -> AcceptedWarning:
    """Store that somebody confirmed a warning on the facts of its digest."""
    accepted, _created = AcceptedWarning.objects.update_or_create(
        household=household,
        year=year,
        rule=finding.rule,
        target=finding.target,
        defaults={"digest": finding.digest, "by": by, "village_id": household.village_id},
    )
    return accepted
