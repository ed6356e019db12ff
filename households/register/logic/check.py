"""Running the rules: all of them, or those about one section."""

import dataclasses
from collections.abc import Collection

from households.models import AcceptedWarning
from households.register.logic import causes, door, gaps, money, people, school, work
from households.register.logic.facts import HouseholdFacts
from households.register.logic.rule import RULES, Finding
from povreg.kit.prepared import Ready

DECLARED = (people, door, gaps, causes, school, work, money)
"""The modules whose rules are in RULES: importing them declares them."""


ACCEPTED = Ready(
    lambda household, year: AcceptedWarning.objects.filter(household=household, year=year).values_list(
        "rule", "target", "digest"
    ),
    int, int,
)  # fmt: skip


def check_all(facts: HouseholdFacts) -> list[Finding]:
    """Every finding, errors first; nothing is accepted yet (see :func:`with_ticks`)."""
    found = [finding for rule in RULES.values() for finding in rule.run(facts)]
    return sorted(found, key=lambda finding: (finding.severity, finding.section, finding.group))


def with_ticks(facts: HouseholdFacts, findings: Collection[Finding]) -> list[Finding]:
    """Mark the warnings that somebody confirmed on the same facts. One query."""
    confirmed = set(ACCEPTED(facts.household.pk, facts.year)) if findings else set()
    return [dataclasses.replace(each, accepted=(each.rule, each.target, each.digest) in confirmed) for each in findings]
