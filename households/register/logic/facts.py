"""The facts of one household and year that the rules look at, and how they are gathered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from households.models import AnnualRecord, Attachment, Household, Member, MemberYear, NotSame, Presence
from households.models.codes import HEAD, OUT_OF_SCHOOL, SPOUSE
from households.register.fields import MEMBER_FACTS, YEAR_FACTS
from households.register.living import counted_here, lives_here, members_of, relation_in, thresholds_of
from povreg.kit.idnumber import age_on
from povreg.kit.prepared import Ready
from villages.standards.rules import Thresholds, count_day, school_day

EARLIER = 2
"""Years before the year whose school status is looked at."""


@dataclass(frozen=True)
class Person:
    """One member with the facts of the year laid over the current ones. ``age`` is that on 30 September, ``school_age``
    that on 1 September; ``earlier_school`` the school status one and two years ago ("" where not recorded);
    ``surveyed`` says that there is a row of the year."""

    target: str
    values: Mapping[str, Any]
    age: int | None
    school_age: int | None
    earlier_school: tuple[str, ...] = ()
    present: bool = True
    counted: bool = True
    surveyed: bool = True

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def in_school(self) -> bool:
        return self.school_status not in ("", OUT_OF_SCHOOL)

    @property
    def is_head(self) -> bool:
        return self.relation == HEAD


@dataclass(frozen=True)
class HouseholdFacts:
    """Household, the thresholds its village is judged by, its people now (``people``), those who count for the year
    (``counted``), this year's record and last year's (None when there is none), and the kinds of files on its page."""

    household: Household
    year: int
    thresholds: Thresholds
    people: list[Person]
    counted: list[Person]
    record: AnnualRecord | None = None
    previous: AnnualRecord | None = None
    files: frozenset[str] = frozenset()

    @property
    def head(self) -> Person | None:
        return next((person for person in self.people if person.is_head), None)

    @property
    def spouse(self) -> Person | None:
        return next((person for person in self.people if person.relation == SPOUSE), None)

    @cached_property
    def apart(self) -> frozenset[frozenset[str]]:
        """Pairs of its people who were found to be two, whatever they share; read where a rule asks."""
        pairs = NotSame.objects.in_force().filter(one__household=self.household.pk)
        return frozenset(frozenset(map(str, pair)) for pair in pairs.values_list("one", "other"))

    def value(self, name: str, person: Person | None = None) -> Any:
        """The value of "table.field"; for a member's field without a person, everybody's."""
        table, _, attribute = name.partition(".")
        if table == "household":
            return getattr(self.household, attribute)
        if table == "annual":
            return getattr(self.record, attribute, None)
        if person is not None:
            blank = table == "year" and not person.surveyed
            return None if blank else person.values.get(attribute)
        return [each.values.get(attribute) for each in self.people]


BLANK_YEAR = MemberYear()
MEMBER_VALUES = (*MEMBER_FACTS, "id_valid", "joined_on")


def person_of(member: Member, rows: Mapping[int, MemberYear], year: int, household: int) -> Person:
    """Facts of the year where there is a row for it; the current ones where there is none. The relation of somebody who
    lives elsewhere now is that of the year."""
    values = {name: getattr(member, name) for name in MEMBER_VALUES}
    present = lives_here(member, household)
    if not present:
        values["relation"] = relation_in(member, year)
    source = rows.get(year) or member
    values |= {name: getattr(source, name, getattr(BLANK_YEAR, name)) for name in YEAR_FACTS}
    if values["health"] and not values["healths"]:
        values["healths"] = [values["health"]]
    born = member.birth_date
    return Person(
        target=str(member.pk),
        values=values,
        age=age_on(born, count_day(year)) if born else None,
        school_age=age_on(born, school_day(year)) if born else None,
        earlier_school=tuple(getattr(rows.get(year - back), "school_status", "") for back in range(1, EARLIER + 1)),
        present=present,
        counted=counted_here(member, year),
        surveyed=year in rows,
    )


def build(
    household: Household,
    year: int,
    thresholds: Thresholds,
    members: Iterable[Member],
    year_rows: Iterable[MemberYear],
    records: Mapping[int, AnnualRecord],
    files: Iterable[str] = (),
) -> HouseholdFacts:
    """The facts from rows already read; members of all times with their stays (households.register.living), yearly rows
    of this year and the two before."""
    rows: dict[int, dict[int, MemberYear]] = defaultdict(dict)
    for row in year_rows:
        rows[row.member_id][row.year] = row
    people = [person_of(member, rows[member.pk], year, household.pk) for member in members]
    return HouseholdFacts(
        household,
        year,
        thresholds,
        [person for person in people if person.present],
        [person for person in people if person.counted],
        records.get(year),
        records.get(year - 1),
        frozenset(files),
    )


RECORDS = Ready(lambda household: AnnualRecord.objects.filter(household=household), int)
RECORD = Ready(lambda household, year: AnnualRecord.objects.filter(household=household, year=year), int, int)
# Of everybody who ever lived there, wherever he was counted in those years.
MEMBER_YEARS = Ready(
    lambda household, first, last: MemberYear.objects.filter(
        member__in=Presence.objects.filter(household=household).order_by().values("member"),
        year__gte=first,
        year__lte=last,
    ),
    int, int, int,
)  # fmt: skip
FILES = Ready(
    lambda household: Attachment.objects.filter(household=household, removed_at__isnull=True).values_list("kind"), int
)


def gather(household: Household, year: int) -> HouseholdFacts:
    """Read the facts from the database: four queries."""
    members = members_of(household.pk, year)
    return build(
        household,
        year,
        thresholds_of(members),
        members,
        MEMBER_YEARS(household.pk, year - EARLIER, year),
        {row.year: row for row in RECORDS(household.pk)},
        [kind for (kind,) in FILES(household.pk)],
    )
