"""How complete an entry is, section by section: one declaration, counted in Python for a page and in SQL for sets.

What has to be entered follows the checks of county systems (dictionary.md section 7 group 3); what a criterion looks at
is asked for by the criterion (:func:`ask`). Sets use
:func:`member_counts` inside their aggregate over counted members (aliases ``m`` and ``y``), and :func:`section_counts`,
:func:`gaps`, :func:`filled`, :func:`total` over ``h``, ``a`` and the sums of the members, with ``r``, the rule
of the village (:func:`rule_columns`); :func:`statement` puts them together. All of it takes the parameter ``year``.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from collections.abc import Iterable
from dataclasses import dataclass

from households.models import AnnualRecord, Household, Member, MemberYear
from households.models.codes import DISABLED, OUT_OF_SCHOOL
from households.register.fields import SECTION_FACTS, SECTIONS, YEAR_FACTS, verbose
from households.register.logic.facts import HouseholdFacts, Person
from households.register.terms import (
    ALWAYS,
    Aged,
    AllOf,
    Among,
    Filled,
    Holds,
    Look,
    Not,
    Term,
    age_columns,
)
from households.register.years import counted_sql
from villages.standards.rules import WORKING_AGE
from villages.standards.sql import set_in_force

STUDENT_UNDER, WORKER_UNDER, NOBODY = 23, 66, 151
"""Ages from which the school status, the labour, anything is asked no more (dictionary.md section 7 group 3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One thing to be entered: shown beside ``field``, asked for ``when``, there if ``done``."""

    section: str
    field: str
    label: str
    done: Term
    when: Term = ALWAYS

    @property
    def is_member(self) -> bool:
        return self.field.startswith("member.")


@dataclass(frozen=True, slots=True)
class SectionCount:
    """``filled`` of ``total`` entry fields of a section are recorded; ``missing`` are the labels of those that are not
    (a member's field with the name: ``王小红 在校生状况``)."""

    section: str
    label: str
    filled: int
    total: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return self.filled == self.total


def label_of(field: str) -> str:
    """The label of "table.field"."""
    table, _, name = field.partition(".")
    person = MemberYear if name in YEAR_FACTS else Member
    model = {"household": Household, "annual": AnnualRecord}.get(table, person)
    return verbose(model, name)


def item(section: str, field: str, *, when: Term | None = None, done: Term | None = None, label: str = "") -> Item:
    return Item(section, field, label or label_of(field), done or Filled(field), when or ALWAYS)


BASIC = (
    "address",
    "group_name",
    "phone",
    "bank_name",
    "bank_account",
    "poverty_standard",
    "household_attr",
    "main_cause",
    "is_martyr_family",
    "is_only_child_family",
    "is_two_daughter_family",
)
LIVING = (
    "arable_mu",
    "irrigated_mu",
    "forest_mu",
    "in_coop",
    "power_production",
    "water_difficult",
    "main_road_km",
    "entry_road",
    "house_area_m2",
    "house_structure",
    "has_toilet",
    "main_fuel",
)
IN_SCHOOL = Not(Among("member.school_status", ("", OUT_OF_SCHOOL)))

_asked: list[Item] = [
    *(item("basic", f"household.{name}") for name in BASIC),
    item("members", "member.relation"),
    item("members", "member.id_no"),
    item("members", "member.ethnicity"),
    item("members", "member.education", when=AllOf((Aged(7, NOBODY), Not(IN_SCHOOL)))),
    item("members", "member.health"),
    item("members", "member.labour", when=Aged(WORKING_AGE.start, WORKER_UNDER)),
    item("members", "member.disability_cert", when=Holds("member.healths", DISABLED)),
    *(item("living", f"annual.{name}") for name in LIVING),
    item("guarantees", "annual.surveyed_on"),
]


def ask(*more: Item) -> None:
    """Ask for more: what the criteria look at is declared with them (households.eligibility.criteria)."""
    known = {(each.section, each.field) for each in _asked}
    _asked.extend(each for each in more if (each.section, each.field) not in known)
    _asked.sort(key=_place_on_the_page)


def items() -> tuple[Item, ...]:
    """Everything that entry asks for, in the order of the page."""
    return tuple(_asked)


def _place_on_the_page(each: Item) -> tuple[int, int]:
    fields = SECTION_FACTS[each.section]
    return list(SECTIONS).index(each.section), fields.index(each.field) if each.field in fields else len(fields)


def missing(facts: HouseholdFacts, each: Item) -> list[Person | None]:
    """For whom an item is still to be entered; ``[None]`` for the household's own."""
    return [person for _item, person, done in _looks(facts, (each,)) if not done]


def _looks(facts: HouseholdFacts, asked: Iterable[Item]) -> Iterable[tuple[Item, Person | None, bool]]:
    for each in asked:
        targets: list[Person | None] = list(facts.counted) if each.is_member else [None]
        for person in targets:
            look = Look(facts, person)
            if each.when.py(look):
                yield each, person, each.done.py(look)


def count(facts: HouseholdFacts) -> dict[str, SectionCount]:
    """The count of every section, in the order of the page."""
    looks = list(_looks(facts, items()))
    counts = {}
    for section, label in SECTIONS.items():
        own = [(each, person, done) for each, person, done in looks if each.section == section]
        blank = tuple(_missing_label(each, person) for each, person, done in own if not done)
        counts[section] = SectionCount(section, label, len(own) - len(blank), len(own), blank)
    return counts


def _missing_label(each: Item, person: Person | None) -> str:
    return f"{person.name} {each.label}" if person else each.label


def member_counts() -> tuple[str, str]:
    """(filled, total) of one member as integer expressions over ``m`` and ``y``; sum them per household."""
    return _counts(each for each in items() if each.is_member)


def section_counts(members_filled: str, members_total: str) -> dict[str, tuple[str, str]]:
    """(filled, total) expressions of every section over ``h`` (household), ``a`` (record) and the members' sums."""
    counts = {}
    for section in SECTIONS:
        if section == "members":
            counts[section] = (f"coalesce({members_filled}, 0)", f"coalesce({members_total}, 0)")
        else:
            counts[section] = _counts(each for each in items() if each.section == section)
    return counts


def _counts(items: Iterable[Item]) -> tuple[str, str]:
    filled, total = [], []
    for each in items:
        when, done = each.when.sql(), each.done.sql()
        always = each.when is ALWAYS
        filled.append(f"({done if always else f'{when} AND {done}'})::int")
        total.append("1" if always else f"({when})::int")
    return " + ".join(filled), " + ".join(total)


def gaps(counts: dict[str, tuple[str, str]]) -> str:
    """Array of the incomplete sections, out of :func:`section_counts`."""
    cases = ", ".join(
        f"CASE WHEN {filled} < {total} THEN '{section}' END" for section, (filled, total) in counts.items()
    )
    return f"array_remove(ARRAY[{cases}]::varchar[], NULL)"


def filled(counts: dict[str, tuple[str, str]]) -> str:
    """Number of recorded entry fields."""
    return " + ".join(each for each, _total in counts.values())


def total(counts: dict[str, tuple[str, str]]) -> str:
    """Number of entry fields asked for."""
    return " + ".join(each for _filled, each in counts.values())


def rule_columns(params: str) -> str:
    """The columns of a village's rule (alias ``r``) that the items compare with; ``params`` as SQL."""
    return age_columns((term for each in items() for term in (each.done, each.when)), params)


def statement(where: str) -> str:
    """One query over the households ``where`` holds for (alias ``h``): household_id, gaps, filled, total."""
    member_filled, member_total = member_counts()
    counts = section_counts("p.filled", "p.total")
    return f"""
        WITH r AS (
            SELECT v.village_id, {rule_columns("s.params")}
            FROM (SELECT DISTINCT h.village_id FROM households_household h WHERE {where}) v
            LEFT JOIN LATERAL {set_in_force("v.village_id")} s ON true),
        p AS (
            SELECT z.household_id, sum({member_filled}) AS filled, sum({member_total}) AS total
            FROM households_household h JOIN r USING (village_id)
            JOIN households_presence z ON z.household_id = h.id
            JOIN households_member m ON m.id = z.member_id
            LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = %(year)s
            WHERE ({where}) AND {counted_sql("z", "m")}
            GROUP BY z.household_id)
        SELECT h.id AS household_id, {gaps(counts)} AS gaps, {filled(counts)} AS filled, {total(counts)} AS total
        FROM households_household h
        LEFT JOIN p ON p.household_id = h.id
        LEFT JOIN households_annualrecord a ON a.household_id = h.id AND a.year = %(year)s
        WHERE {where}"""
