"""Errors block, warnings want a tick: holding a save against the logic checks."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from households.models import AcceptedWarning, Household
from households.register.errors import SECTION, FormErrors
from households.register.fields import SECTION_OF
from households.register.logic.check import check_all, with_ticks
from households.register.logic.facts import HouseholdFacts, gather
from households.register.logic.rule import RULES, Finding, Severity
from villages.models import User

SAID_BY_NUMBER = {"member.sex", "member.birth_date"}


def standing(household: Household, year: int) -> set[str]:
    """Keys of the errors and warnings that hold before a change: what a change did not bring about does not stop it."""
    return standing_on(gather(household, year))


def standing_on(facts: HouseholdFacts) -> set[str]:
    """:func:`standing` on facts that were read already."""
    return {finding.key for finding in check_all(facts) if finding.severity is not Severity.GAP}


def refuse_findings(
    by: User,
    household: Household,
    year: int,
    typed: Collection[str],
    ticks: Collection[str],
    before: Collection[str],
    keys: Mapping[str, str] | None = None,
    facts: HouseholdFacts | None = None,
) -> None:
    """Check the saved facts inside the transaction that saved them.

    ``typed`` are the fields ("table.field") that were typed, ``keys`` maps member id to form row, ``before`` is what
    :func:`standing` said, ``facts`` are those saved where they are known as the database gives them. Raises FormErrors
    for errors about typed fields (of a row that was not typed only when they are new), and for new warnings there that
    are not in ``ticks``. Ticked warnings are stored as accepted.
    """
    facts, keys = facts or gather(household, year), keys or {}
    refused = FormErrors()
    for finding in with_ticks(facts, about(typed, check_all(facts))):
        row = keys.get(finding.target, SECTION)
        new = finding.key not in before
        if finding.severity is Severity.ERROR and (new or not finding.target or finding.target in keys):
            refused.add(_named(finding, row, facts.people), field=finding.name, row=row)
        elif finding.needs_tick and finding.key in ticks:
            accept(by, household, year, finding)
        elif finding.needs_tick and new:
            refused.warnings.append(
                dataclasses.replace(finding, target=row, message=_named(finding, row, facts.people))
            )
    refused.raise_if_any()


def refuse_errors(household: Household, year: int, typed: Collection[str]) -> None:
    """Raise FormErrors for errors about the fields, whoever's; warnings stay on the page for later."""
    refused = FormErrors()
    for finding in about(typed, check_all(gather(household, year))):
        if finding.severity is Severity.ERROR:
            refused.add(finding.message, field=finding.name)
    refused.raise_if_any()


def about(typed: Collection[str], findings: Iterable[Finding]) -> list[Finding]:
    """The findings shown in the typed sections that concern a typed field, or what follows from one."""
    fields = set(typed) | (SAID_BY_NUMBER if "member.id_no" in typed else set())
    sections = {SECTION_OF[name] for name in fields if name in SECTION_OF}
    return [
        finding
        for finding in findings
        if finding.section in sections and not fields.isdisjoint({finding.field, *RULES[finding.rule].fields})
    ]


def _named(finding: Finding, row: str, people: Iterable[Any]) -> str:
    """The message, with the person's name where it does not stand at the person's own row."""
    name = next((person.name for person in people if person.target == finding.target), "")
    return f"{name}：{finding.message}" if name and row == SECTION else finding.message


def accept(by: User, household: Household, year: int, finding: Finding) -> AcceptedWarning:
    """Store that somebody confirmed a warning on the facts of its digest."""
    accepted, _created = AcceptedWarning.objects.update_or_create(
        household=household,
        year=year,
        rule=finding.rule,
        target=finding.target,
        defaults={"digest": finding.digest, "by": by, "village_id": household.village_id},
    )
    return accepted
