"""The facts of one household and year that the rules look at, and how they are gathered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from households.models import AnnualRecord, Household, Member, MemberYear
from households.register.fields import YEAR_FACTS
from households.register.years import reference_day, school_day
from povreg.kit.idnumber import age_on

HEAD = "01"
SPOUSE = "02"
NOT_IN_SCHOOL = "01"


@dataclass(frozen=True)
class Person:
    """One present member with the facts of the year laid over the current ones."""

    target: str
    values: Mapping[str, Any]
    age: int | None
    school_age: int | None

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def in_school(self) -> bool:
        return self.school_status not in ("", NOT_IN_SCHOOL)

    @property
    def is_head(self) -> bool:
        return self.relation == HEAD


@dataclass(frozen=True)
class HouseholdFacts:
    """Household, present people, this year's record and last year's; records are None when there is none."""

    household: Household
    year: int
    people: list[Person]
    record: AnnualRecord | None = None
    previous: AnnualRecord | None = None
    own_duplicates: Mapping[str, str] = field(default_factory=dict)

    @property
    def head(self) -> Person | None:
        return next((person for person in self.people if person.is_head), None)

    @property
    def spouse(self) -> Person | None:
        return next((person for person in self.people if person.relation == SPOUSE), None)

    def value(self, name: str, person: Person | None = None) -> Any:
        """The value of "table.field"; for a member's field without a person, everybody's."""
        table, _, attribute = name.partition(".")
        if table == "household":
            return getattr(self.household, attribute)
        if table == "annual":
            return getattr(self.record, attribute, None)
        if person is not None:
            return person.values.get(attribute)
        return [each.values.get(attribute) for each in self.people]


MEMBER_VALUES = (
    "name", "id_type", "id_no", "id_hash", "id_valid", "sex", "birth_date", "relation", "ethnicity", "political",
    "education", "disability_cert", "active_military", "phone", "identified_on", "joined_on",
)  # fmt: skip


def person_of(member: Member, year_row: MemberYear | None, year: int) -> Person:
    """Facts of the year where there is a row for it; the current ones where there is none."""
    values = {name: getattr(member, name) for name in MEMBER_VALUES}
    values |= {name: getattr(year_row or member, name, None) for name in YEAR_FACTS}
    born: date | None = member.birth_date
    ages = (None, None) if born is None else (age_on(born, reference_day(year)), age_on(born, school_day(year)))
    return Person(str(member.pk), values, *ages)


def gather(household: Household, year: int) -> HouseholdFacts:
    """Read the facts from the database: three queries."""
    members = list(Member.objects.filter(household=household, left_on__isnull=True).order_by("person_no"))
    rows = {row.member_id: row for row in MemberYear.objects.filter(household=household, year=year)}
    records = {row.year: row for row in AnnualRecord.objects.filter(household=household, year__in=(year, year - 1))}
    people = [person_of(member, rows.get(member.pk), year) for member in members]
    return HouseholdFacts(household, year, people, records.get(year), records.get(year - 1))
