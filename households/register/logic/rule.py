"""The parts of a logic check: a rule, what it found, and how bad it is."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from households.register.fields import SECTION_OF
from households.register.logic.facts import HouseholdFacts, Person


class Severity(StrEnum):
    """``ERROR`` blocks the save of its section, ``WARNING`` wants a tick, ``GAP`` is an entry still to be made."""

    ERROR = "E"
    WARNING = "W"
    GAP = "G"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's word about one target. ``target`` is the member's id as text, empty for the household; ``field`` is
    "table.field" (``member.health``); ``digest`` is the hash of the facts the rule looked at."""

    rule: str
    group: int
    severity: Severity
    target: str
    field: str
    message: str
    digest: str
    accepted: bool = False

    @property
    def key(self) -> str:
        """What a tick on the form sends back in ``ticks``."""
        return f"{self.rule}.{self.digest[:16]}"

    @property
    def section(self) -> str:
        return SECTION_OF.get(self.field, "basic")

    @property
    def name(self) -> str:
        """The field's name without its table."""
        return self.field.partition(".")[2]

    @property
    def needs_tick(self) -> bool:
        return self.severity is Severity.WARNING and not self.accepted


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule's function yields: the message, the facts beyond its own fields that it looked at, the person it is
    about, and the field to show it beside where that is not the rule's first."""

    message: str
    seen: tuple[Any, ...] = ()
    person: Person | None = None
    field: str = ""


HOUSEHOLD, MEMBER = "household", "member"
Checker = Callable[[HouseholdFacts], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One declared check. ``fields`` are the facts it concerns ("table.field"); it is shown beside the first.

    ``check`` looks at one household, ``sets`` is the same condition over many: SQL over ``h`` and, where it is about a
    member (``per``), ``p`` (households.register.logic.sets). What only opened numbers can tell has ``suspects``
    instead: on which members ``check`` is run; or ``opens``, where one row tells: the columns ("table.field") that
    ``check`` reads of it, and nothing else. ``text`` says what is wrong, for lists of many households.
    """

    id: str
    group: int
    severity: Severity
    scope: str
    fields: tuple[str, ...]
    check: Checker
    text: str = ""
    sets: str = ""
    per: str = HOUSEHOLD
    suspects: str = ""
    opens: tuple[str, ...] = ()

    def run(self, facts: HouseholdFacts) -> Iterator[Finding]:
        for hit in self.check(facts):
            yield Finding(
                rule=self.id,
                group=self.group,
                severity=self.severity,
                target=hit.person.target if hit.person else "",
                field=hit.field or self.fields[0],
                message=hit.message,
                digest=self._digest(facts, hit),
            )

    def _digest(self, facts: HouseholdFacts, hit: Hit) -> str:
        own = [_same(facts.value(name, hit.person)) for name in self.fields]
        seen = tuple(map(_same, hit.seen))
        who = hit.person.name if hit.person else ""
        return hashlib.sha256(repr((self.id, who, own, seen)).encode()).hexdigest()


def _same(value: Any) -> Any:
    """6000 as it was typed and 6000.00 as it is stored are one fact."""
    return value.normalize() if isinstance(value, Decimal) else value


RULES: dict[str, Rule] = {}


def listed(codes: Iterable[str]) -> str:
    """Codes as an SQL list."""
    return ", ".join(f"'{code}'" for code in codes)


def rule(
    id: str,
    *,
    text: str,
    group: int,
    severity: Severity,
    fields: tuple[str, ...],
    sets: str = "",
    per: str = HOUSEHOLD,
    suspects: str = "",
    opens: tuple[str, ...] = (),
) -> Callable[[Checker], Checker]:
    """Declare a rule over the whole household: the function yields hits."""

    def declare(check: Checker) -> Checker:
        scope = fields[0].partition(".")[0]
        RULES[id] = Rule(id, group, severity, scope, fields, check, text, sets, per, suspects, opens)
        return check

    return declare


MemberCheck = Callable[[HouseholdFacts, Person], str | None]


def member_rule(
    id: str,
    *,
    text: str,
    group: int,
    severity: Severity,
    fields: tuple[str, ...],
    sets: str = "",
    suspects: str = "",
    opens: tuple[str, ...] = (),
) -> Callable[[MemberCheck], MemberCheck]:
    """Declare a rule over each present member: the function returns the message, or None when all is well."""

    def declare(check: MemberCheck) -> MemberCheck:
        def each(facts: HouseholdFacts) -> Iterator[Hit]:
            for person in facts.people:
                message = check(facts, person)
                if message:
                    yield Hit(message, seen=(person.birth_date,), person=person)

        RULES[id] = Rule(id, group, severity, "member", fields, each, text, sets, MEMBER, suspects, opens)
        return check

    return declare
