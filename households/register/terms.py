"""Small conditions that are declared once and mean the same in Python and in SQL.

In Python a condition reads the rows in ``Look``; in SQL it becomes text over the aliases ``h`` (household), ``a`` (the
year's record), ``m`` (member) and ``y`` (the member's yearly row), with the parameter ``year``. A missing record or
yearly row counts as blank fields.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models

from households.models import AnnualRecord, Household, Member, MemberYear
from households.register.fields import SHARED_FACTS, YEAR_FACTS

if TYPE_CHECKING:
    from households.register.logic.facts import HouseholdFacts, Person

MODELS: Mapping[str, type[models.Model]] = {"household": Household, "annual": AnnualRecord}


@dataclass(frozen=True, slots=True)
class Look:
    """What a condition is asked about: a household, or one of its people."""

    facts: HouseholdFacts
    person: Person | None = None

    def value(self, name: str) -> Any:
        return self.facts.value(name, self.person)


class Term(Protocol):
    def py(self, look: Look) -> bool:
        """Whether it holds."""

    def sql(self) -> str:
        """A boolean expression that is never null."""


def column(name: str) -> str:
    """SQL for "table.field"; a shared fact of a member is the yearly row's where there is one."""
    table, _, field = name.partition(".")
    if table != "member":
        return f"{'h' if table == 'household' else 'a'}.{field}"
    if field in SHARED_FACTS:
        return f"(CASE WHEN y.id IS NULL THEN m.{field} ELSE y.{field} END)"
    return f"y.{field}" if field in YEAR_FACTS else f"m.{field}"


def is_text(name: str) -> bool:
    table, _, field = name.partition(".")
    model = MODELS.get(table) or (MemberYear if field in YEAR_FACTS else Member)
    return isinstance(model._meta.get_field(field), models.CharField | models.TextField)


@dataclass(frozen=True, slots=True)
class Filled:
    """The field is recorded."""

    name: str

    def py(self, look: Look) -> bool:
        return look.value(self.name) not in (None, "")

    def sql(self) -> str:
        return (
            f"(coalesce({column(self.name)}, '') <> '')" if is_text(self.name) else f"({column(self.name)} IS NOT NULL)"
        )


@dataclass(frozen=True, slots=True)
class Among:
    """The code is one of these; a blank one counts as not recorded and is only among them where "" is listed."""

    name: str
    codes: tuple[str, ...]

    def py(self, look: Look) -> bool:
        return (look.value(self.name) or "") in self.codes

    def sql(self) -> str:
        listed = ", ".join(f"'{code}'" for code in self.codes)
        return f"(coalesce({column(self.name)}, '') IN ({listed}))"


@dataclass(frozen=True, slots=True)
class Aged:
    """Completed years on 1 September lie between ``low`` and ``high``, both included; nobody without a birth date."""

    low: int
    high: int

    def py(self, look: Look) -> bool:
        age = look.person.school_age if look.person else None
        return age is not None and self.low <= age <= self.high

    def sql(self) -> str:
        born_by, born_after = self._day(self.low), self._day(self.high + 1)
        return f"coalesce(m.birth_date <= {born_by} AND m.birth_date > {born_after}, false)"

    @staticmethod
    def _day(years: int) -> str:
        return f"make_date(%(year)s::int - {years}, 9, 1)"


@dataclass(frozen=True, slots=True)
class HasFile:
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


@dataclass(frozen=True, slots=True)
class AllOf:
    terms: tuple[Term, ...]

    def py(self, look: Look) -> bool:
        return all(term.py(look) for term in self.terms)

    def sql(self) -> str:
        return f"({' AND '.join(term.sql() for term in self.terms)})"


@dataclass(frozen=True, slots=True)
class Not:
    term: Term

    def py(self, look: Look) -> bool:
        return not self.term.py(look)

    def sql(self) -> str:
        return f"(NOT {self.term.sql()})"


@dataclass(frozen=True, slots=True)
class Always:
    def py(self, look: Look) -> bool:
        return True

    def sql(self) -> str:
        return "true"


ALWAYS = Always()
