"""Small conditions that are declared once and mean the same in Python and in SQL.

In Python a condition reads the rows in ``Look``; in SQL it becomes text over the aliases ``h`` (household), ``a`` (the
year's record), ``m`` (member), ``y`` (the member's yearly row) and ``r`` (the rule of the household's village, with the
columns :func:`age_columns` asks for), with the parameter ``year``. A missing record or yearly row counts as blank
fields.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models

from households.models import AnnualRecord, Household, Member, MemberYear
from households.register.fields import SHARED_FACTS, YEAR_FACTS
from villages.standards.rules import born_sql

if TYPE_CHECKING:
    from households.register.logic.facts import HouseholdFacts, Person

MODELS: Mapping[str, type[models.Model]] = {"household": Household, "annual": AnnualRecord, "year": MemberYear}
ALIASES = {"household": "h", "annual": "a", "year": "y"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a condition is asked about: a household, or one of its people."""

    facts: HouseholdFacts
    person: Person | None = None

    def value(self, name: str) -> Any:
        return self.facts.value(name, self.person)


Age = int | str
"""Completed years on 1 September, or the threshold that says how many (villages.standards.rules)."""


class Term(Protocol):
    def py(self, look: Look) -> bool:
        """Whether it holds."""

    def sql(self) -> str:
        """A boolean expression that is never null."""

    def ages(self) -> frozenset[Age]:
        """The ages whose day of birth its SQL compares with."""


class Ageless:
    """A term that asks nobody's age."""

    __slots__ = ()

    def ages(self) -> frozenset[Age]:
        return frozenset()


def age_columns(terms: Iterable[Term], params: str) -> str:
    """Columns of the rule of a village: who was born by ``born_<age>`` has reached that age on 1 September. ``params``
    is SQL for the params of the set in force there. A village has one row, so this is not reckoned for each member."""
    ages = {age for term in terms for age in term.ages()}
    return ", ".join(f"{born_sql(age, params)} AS born_{age}" for age in sorted(ages, key=str))


def column(name: str) -> str:
    """SQL for "table.field". A fact of ``member`` is the yearly row's where there is one and keeps it, else the current
    one; a fact of ``year`` is the yearly row's only."""
    table, _, field = name.partition(".")
    if table in ALIASES:
        return f"{ALIASES[table]}.{field}"
    if field in SHARED_FACTS:
        return f"(CASE WHEN y.id IS NULL THEN m.{field} ELSE y.{field} END)"
    return f"y.{field}" if field in YEAR_FACTS else f"m.{field}"


def is_text(name: str) -> bool:
    table, _, field = name.partition(".")
    model = MODELS.get(table) or (MemberYear if field in YEAR_FACTS else Member)
    return isinstance(model._meta.get_field(field), models.CharField | models.TextField)


@dataclass(frozen=True, slots=True)
class Filled(Ageless):
    """The field is recorded."""

    name: str

    def py(self, look: Look) -> bool:
        return look.value(self.name) not in (None, "")

    def sql(self) -> str:
        return (
            f"(coalesce({column(self.name)}, '') <> '')" if is_text(self.name) else f"({column(self.name)} IS NOT NULL)"
        )


@dataclass(frozen=True, slots=True)
class Is(Ageless):
    """The question is answered so; a blank one is answered neither way."""

    name: str
    answer: bool

    def py(self, look: Look) -> bool:
        return look.value(self.name) is self.answer

    def sql(self) -> str:
        return f"({column(self.name)} IS {'TRUE' if self.answer else 'FALSE'})"


@dataclass(frozen=True, slots=True)
class Among(Ageless):
    """The code is one of these; a blank one counts as not recorded and is only among them where "" is listed."""

    name: str
    codes: tuple[str, ...]

    def py(self, look: Look) -> bool:
        return (look.value(self.name) or "") in self.codes

    def sql(self) -> str:
        listed = ", ".join(f"'{code}'" for code in self.codes)
        return f"(coalesce({column(self.name)}, '') IN ({listed}))"


@dataclass(frozen=True, slots=True)
class Holds(Ageless):
    """The list of codes has this one."""

    name: str
    code: str

    def py(self, look: Look) -> bool:
        return self.code in (look.value(self.name) or ())

    def sql(self) -> str:
        return f"coalesce('{self.code}' = ANY ({column(self.name)}), false)"


@dataclass(frozen=True, slots=True)
class Aged:
    """``low`` years are reached on 1 September and ``under`` are not; nobody without a birth date."""

    low: Age
    under: Age

    def py(self, look: Look) -> bool:
        age = look.person.school_age if look.person else None
        return age is not None and self._years(self.low, look) <= age < self._years(self.under, look)

    @staticmethod
    def _years(age: Age, look: Look) -> int:
        return age if isinstance(age, int) else int(getattr(look.facts.thresholds, age))

    def sql(self) -> str:
        return f"coalesce(m.birth_date <= r.born_{self.low} AND m.birth_date > r.born_{self.under}, false)"

    def ages(self) -> frozenset[Age]:
        return frozenset((self.low, self.under))


OF_SCHOOL_AGE = Aged("school_from", "school_until")
"""义务教育年龄, by the criteria set in force."""


@dataclass(frozen=True, slots=True)
class HasFile(Ageless):
    """A file of one of these kinds is on the household's page."""

    kinds: tuple[str, ...]

    def py(self, look: Look) -> bool:
        return not look.facts.files.isdisjoint(self.kinds)

    def sql(self) -> str:
        listed = ", ".join(f"'{kind}'" for kind in self.kinds)
        return (
            "EXISTS (SELECT 1 FROM households_attachment f WHERE f.household_id = h.id"
            f" AND f.removed_at IS NULL AND f.kind IN ({listed}))"
        )


@dataclass(frozen=True, slots=True)
class AnyOf:
    terms: tuple[Term, ...]

    def py(self, look: Look) -> bool:
        return any(term.py(look) for term in self.terms)

    def sql(self) -> str:
        return f"({' OR '.join(term.sql() for term in self.terms)})"

    def ages(self) -> frozenset[Age]:
        return frozenset().union(*(term.ages() for term in self.terms))


@dataclass(frozen=True, slots=True)
class AllOf:
    terms: tuple[Term, ...]

    def py(self, look: Look) -> bool:
        return all(term.py(look) for term in self.terms)

    def sql(self) -> str:
        return f"({' AND '.join(term.sql() for term in self.terms)})"

    def ages(self) -> frozenset[Age]:
        return frozenset().union(*(term.ages() for term in self.terms))


@dataclass(frozen=True, slots=True)
class Not:
    term: Term

    def py(self, look: Look) -> bool:
        return not self.term.py(look)

    def sql(self) -> str:
        return f"(NOT {self.term.sql()})"

    def ages(self) -> frozenset[Age]:
        return self.term.ages()


@dataclass(frozen=True, slots=True)
class Always(Ageless):
    def py(self, look: Look) -> bool:
        return True

    def sql(self) -> str:
        return "true"


ALWAYS = Always()
