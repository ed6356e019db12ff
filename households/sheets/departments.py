"""A department's list, staged, into the classes that departments decide (households.standing.departments)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from households.sheets.cleaning import RowCleaner
from households.sheets.outcome import WARNING, Counts, rank_of
from households.sheets.staging import rejected_rows, remark, rows_of, run
from households.standing.departments import DEPARTMENT, Named, merged, steps_of, take_department_list
from villages.models import User

OPTIONAL = {"household_no": "text", "m_id_hash": "text", "department": "text", "until": "date"}
"""Columns a sheet may lack."""


class Paper(NamedTuple):
    """What makes rows one list."""

    department: str
    document: str
    as_of: date


class Line(NamedTuple):
    """A good row: its number, and what it says."""

    n: int
    named: Named

    @property
    def key(self) -> tuple[int, str, date, date | None]:
        return self.named.household, self.named.klass, self.named.since, self.named.until


@dataclass(frozen=True)
class DepartmentMerge:
    """One sheet of a department's list on its way into one county."""

    cleaner: RowCleaner
    county: str
    by: User | None = None

    @property
    def params(self) -> dict[str, Any]:
        sheet = self.cleaner.found.sheet
        return {"county": self.county, "sheet": sheet, "warning": WARNING, "department": DEPARTMENT}

    def run(self, rows_read: int) -> tuple[Counts, list[int]]:
        """Reject, match, take list by list; returns the counts and the ids of the households whose class changed."""
        for name, kind in OPTIONAL.items():
            run(f"ALTER TABLE sheet_row ADD COLUMN IF NOT EXISTS {name} {kind}")
        run(_MATCH, self.params)
        for field, code, message, query in _REMARKS:
            self._remark(field, code, message, query)
        counts, changed = Counts(rows_read), []
        for paper, lines in self._papers().items():
            good = self._reject_clashes(lines)
            if good:
                changed += self._take(paper, good, counts)
        counts.rejected = rejected_rows(self.cleaner.found.sheet)
        return counts, changed

    def _remark(self, field: str, code: str, message: str, query: str, **params: Any) -> None:
        column = self.cleaner.found.spec.column(field)
        position = self.cleaner.at.get(field, 0)
        sheet = self.cleaner.found.sheet
        remark(sheet, column.header, position, code, rank_of(code), message, query, {**self.params, **params})

    def _papers(self) -> Mapping[Paper, list[Line]]:
        """The good rows by the list they stand on."""
        found: dict[Paper, list[Line]] = {}
        for n, department, document, as_of, household, klass, since, until, member in rows_of(_GOOD, self.params):
            named = Named(household, klass, since, until, (member,) if member else ())
            found.setdefault(Paper(department, document, as_of), []).append(Line(n, named))
        return found

    def _reject_clashes(self, lines: Sequence[Line]) -> list[Line]:
        """Rows that contradict what is known, or another row of the list, are rejected; the others are answered."""
        named = merged(line.named for line in lines)
        faults = {
            (each.household, each.klass, each.since, each.until): step.fault
            for each, step in zip(named, steps_of(named), strict=True)
            if step.fault
        }
        for fault in dict.fromkeys(faults.values()):
            numbers = [line.n for line in lines if faults.get(line.key) == fault]
            self._remark("row.since", "check", fault, "SELECT unnest(%(numbers)s::int[]) AS n", numbers=numbers)
        return [line for line in lines if line.key not in faults]

    def _take(self, paper: Paper, lines: Sequence[Line], counts: Counts) -> list[int]:
        named = merged(line.named for line in lines)
        taken = take_department_list(by=self.by, county=self.county, named=named, **paper._asdict())
        keys = [(each.household, each.klass, each.since, each.until) for each in named]
        outcomes = dict(zip(keys, taken.outcomes, strict=True))
        for line in lines:
            name = outcomes[line.key]
            setattr(counts, name, getattr(counts, name) + 1)
        return taken.households


_MATCH = """
CREATE TEMP TABLE sheet_named AS
SELECT r.n, h.id AS household_id, m.id AS member_id, m.household_id AS home,
       r.household_no IS NOT NULL AS numbered, r.m_id_hash IS NOT NULL AS person
FROM sheet_row r
LEFT JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
    AND h.removed_on IS NULL
LEFT JOIN LATERAL (
    SELECT m.id, m.household_id FROM households_member m
    WHERE m.id_hash = r.m_id_hash AND m.left_on IS NULL AND left(m.village_id, 6) = %(county)s
    ORDER BY m.household_id IS DISTINCT FROM h.id, m.id LIMIT 1) m ON true
"""

_UNMARKED = """
NOT EXISTS (SELECT 1 FROM sheet_remark f WHERE f.n = {0}.n AND f.sheet = %(sheet)s AND f.rank < %(warning)s)
"""

_REMARKS = (
    (
        "row.household_no", "required", "户编号和证件号码都是空的，请至少填一项",
        f"SELECT s.n FROM sheet_named s WHERE NOT s.numbered AND NOT s.person AND {_UNMARKED.format('s')}",  # noqa: S608
    ),
    (
        "row.household_no", "unknown_household", "本县没有登记这个户编号，或该户已销户，请核对",
        "SELECT s.n FROM sheet_named s WHERE s.numbered AND s.household_id IS NULL",
    ),
    (
        "row.id_no", "unknown_person", "本县没有登记这个证件号码的人，请核对",
        "SELECT s.n FROM sheet_named s WHERE s.person AND s.member_id IS NULL",
    ),
    (
        "row.id_no", "unknown_person", "此人登记在另一户，请核对户编号",
        "SELECT s.n FROM sheet_named s WHERE s.home IS DISTINCT FROM s.household_id AND s.home IS NOT NULL"
        " AND s.household_id IS NOT NULL",
    ),
    (
        "row.as_of", "bad_date", "名单日期还没有到，请核对",
        "SELECT r.n FROM sheet_row r WHERE r.as_of > register_today()",
    ),
)  # fmt: skip

_GOOD = f"""
SELECT r.n, coalesce(r.department, %(department)s), r.document, r.as_of, coalesce(s.household_id, s.home), r.klass,
       r.since, r.until, s.member_id
FROM sheet_row r JOIN sheet_named s ON s.n = r.n WHERE {_UNMARKED.format("r")} ORDER BY r.n
"""  # noqa: S608
