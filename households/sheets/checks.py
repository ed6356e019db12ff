"""The logic rules of entry over what a sheet has written, with the same words: errors refuse the row, warnings are
told.

In the opening stock (建库期) an error is a warning, too: the household's page goes on showing it until it is put right.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from households.models import Household
from households.register.findings import facts_of
from households.register.logic.rule import RULES, Finding, Severity
from households.register.ticks import about
from households.register.years import calendar_year
from households.sheets.cleaning import PREFIX, RowCleaner
from households.sheets.staging import noted, rows_of

CODE = "check"
AT_ONCE = 500  # households whose facts are held together
MOST_JUDGED = 400
"""Households of the opening stock whose warnings are told in the report; the others show theirs on their pages."""


Rows = dict[tuple[int, str], int]


@dataclass(frozen=True)
class Said:
    """A finding about a household of the sheet."""

    household_id: int
    finding: Finding
    name: str

    @property
    def is_error(self) -> bool:
        return self.finding.severity is Severity.ERROR


def fields_of(cleaner: RowCleaner) -> set[str]:
    """The fields ("table.field") that a sheet writes."""
    tables = {PREFIX[table]: table for table in ("household", "member", "annual", "year")}
    fields = {f"{tables[name[:2]]}.{name[2:]}" for name in cleaner.names if name[:2] in tables}
    return fields | ({"member.id_no"} if "m_id_no" in cleaner.names else set())


def judge(cleaner: RowCleaner, households: Sequence[int], years: Sequence[int]) -> list[Said]:
    """What the rules say of the fields the sheet writes, for the households that it changed."""
    chunks = [households[at : at + AT_ONCE] for at in range(0, len(households), AT_ONCE)]
    return [each for chunk in chunks for year in years for each in _judged(cleaner, chunk, year)]


def _judged(cleaner: RowCleaner, ids: Sequence[int], year: int) -> Iterator[Said]:
    typed = fields_of(cleaner)
    rules = [each for each in RULES.values() if each.severity is not Severity.GAP and typed & set(each.fields)]
    for household, facts in facts_of(list(Household.objects.filter(pk__in=ids)), year):
        names = {person.target: person.name for person in facts.people}
        for finding in about(typed, (found for rule in rules for found in rule.run(facts))):
            yield Said(household.pk, finding, names.get(finding.target, ""))


def keys_before(cleaner: RowCleaner, said: Collection[Said], years: Sequence[int]) -> set[tuple[int, str]]:
    """What held for the same households before: asked once the sheet's changes are taken back."""
    ids = sorted({each.household_id for each in said})
    return {(each.household_id, each.finding.key) for each in judge(cleaner, ids, years)}


def years_of(cleaner: RowCleaner) -> list[int]:
    """The years that a sheet speaks of; current facts are judged as of this year."""
    if "year" not in cleaner.names:
        return [calendar_year()]
    return [year for (year,) in rows_of("SELECT DISTINCT year FROM sheet_row WHERE year IS NOT NULL ORDER BY 1")]


def note(cleaner: RowCleaner, said: Collection[Said], rows: Rows, rank: int) -> None:
    """A remark in the row of the person, or in the row that the household's facts were taken from."""
    spec = cleaner.found.spec
    lines = []
    for each in said:
        row = rows.get((each.household_id, each.finding.target)) or rows.get((each.household_id, ""))
        field = "row.id_no" if each.finding.name in ("id_no", "sex", "birth_date") else each.finding.field
        column = spec.column(field) if spec.has(field) else None
        header = column.header if column else ""
        message = f"{header}：{each.finding.message.rstrip('。')}（{each.finding.rule}）。".lstrip("：")
        if row is not None:
            lines.append((cleaner.found.sheet, row, rank, cleaner.at.get(field, 0), header, CODE, message))
    noted(lines)


def rows_by_target(cleaner: RowCleaner) -> Rows:
    """The rows of the sheet by household and member (text of the id; empty for the household)."""
    if "m_name" in cleaner.names:
        query = _ROSTER
    elif "person_no" in cleaner.names:
        query = "SELECT household_id, member_id::text, n FROM sheet_good"
    else:
        query = "SELECT household_id, '', n FROM sheet_good"
    found = {(household, target): n for household, target, n in rows_of(query)}
    if query is _ROSTER:
        found |= {(household, ""): n for household, n in rows_of("SELECT household_id, n FROM sheet_good WHERE facts")}
    return found


_ROSTER = """
SELECT m.household_id, m.id::text, g.n FROM sheet_good g
JOIN households_member m ON m.household_id = g.household_id
 AND (m.id = g.member_id OR (g.member_id IS NULL AND m.person_no = g.new_no))
"""
