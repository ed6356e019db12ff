"""The annual workbook's staged rows into yearly records of households (户) and of members (人)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from households.models import AnnualRecord, MemberYear
from households.sheets.cleaning import PREFIX, RowCleaner
from households.sheets.merge import insert_new, update_differing
from households.sheets.outcome import WARNING, Counts, rank_of
from households.sheets.staging import rejected_rows, remark, rows_of, run, staged_fields
from villages.standards.rules import COUNT_DAY

GOOD = "sheet_good"
SOURCE = "表格导入"


@dataclass(frozen=True)
class AnnualMerge:
    """One sheet of the annual workbook on its way into one county: households, or people when it has 人编号."""

    cleaner: RowCleaner
    county: str
    within: list[str] | None = None

    @property
    def of_people(self) -> bool:
        return self.cleaner.found.spec.has("row.person_no")

    @property
    def params(self) -> dict[str, Any]:
        sheet = self.cleaner.found.sheet
        return {"county": self.county, "sheet": sheet, "warning": WARNING, "within": self.within or []}

    def run(self, rows_read: int) -> tuple[Counts, list[int]]:
        """Reject, match, write; returns the counts and the ids of the households that changed."""
        again = "本表前面已有同一年度的这一{}，请核对后删去一行"
        if self.of_people:
            self._remark("row.person_no", "duplicate_person", again.format("人"), AGAIN.format("person_no, year"))
        else:
            self._remark("row.household_no", "duplicate_person", again.format("户"), AGAIN.format("household_no, year"))
        closed = "该年度已封存，请删去这一行；确要补登的，请在该户的页面填写并写明理由"
        self._remark("row.year", "closed_year", closed, _CLOSED)
        self._remark("row.household_no", "unknown_household", "本县没有登记这个户编号，请核对", UNKNOWN_HOUSEHOLD)
        self._reject_more()
        if self.within is not None:
            outside = "该户不在您负责的范围内，请删去这一行"
            self._remark("row.household_no", "unknown_household", outside, OUTSIDE)
        if self.of_people:
            self._remark("row.person_no", "unknown_person", "该户没有登记这个人编号，请核对", _UNKNOWN_PERSON)
        run(self._gathering(), self.params)
        run("ANALYZE sheet_good")
        return self._write(rows_read)

    def _reject_more(self) -> None:
        """Nothing else is wrong with a row of the yearly record."""

    def _gathering(self) -> str:
        return _GATHER_PEOPLE if self.of_people else GATHER_HOUSEHOLDS.format(table="households_annualrecord")

    def _remark(self, field: str, code: str, message: str, query: str) -> None:
        column = self.cleaner.found.spec.column(field)
        position = self.cleaner.at.get(field, 0)
        sheet = self.cleaner.found.sheet
        remark(sheet, column.header, position, code, rank_of(code), message, query, self.params)

    def _target(self) -> tuple[type[Model], str]:
        """The model that the rows go to, and its name in the layout."""
        return (MemberYear, "year") if self.of_people else (AnnualRecord, "annual")

    def _write(self, rows_read: int) -> tuple[Counts, list[int]]:
        model, name = self._target()
        prefix = PREFIX[name]
        fields = staged_fields(self.cleaner, name)
        updated = update_differing(model, fields, prefix, GOOD, "record_id")
        run("UPDATE sheet_good SET outcome = 'updated' WHERE record_id = ANY (%s::bigint[])", [updated])
        given = {"household": "s.household_id", "village": "s.village_id", "year": "s.year"}
        constants = {"source": SOURCE} if model is AnnualRecord else {}
        if self.of_people:
            given["member"] = "s.member_id"
        insert_new(model, fields, prefix, GOOD, "s.record_id IS NULL", given, constants)
        tally = dict(rows_of("SELECT outcome, count(*) FROM sheet_good GROUP BY 1"))
        counts = Counts(rows_read, *(tally.get(name, 0) for name in ("created", "updated", "unchanged")))
        counts.rejected = rejected_rows(self.cleaner.found.sheet)
        changed = rows_of("SELECT DISTINCT household_id FROM sheet_good WHERE outcome <> 'unchanged'")
        return counts, [row[0] for row in changed]


AGAIN = """
SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY {0} ORDER BY n) AS k FROM sheet_row
               WHERE ({0}) IS NOT NULL) numbered
WHERE k > 1
"""

_CLOSED = """
SELECT r.n FROM sheet_row r JOIN households_yearclosing z ON z.county_id = %(county)s AND z.year = r.year
"""

UNKNOWN_HOUSEHOLD = """
SELECT r.n FROM sheet_row r
WHERE NOT EXISTS (SELECT 1 FROM households_household h
                  WHERE left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no)
"""

OUTSIDE = """
SELECT r.n FROM sheet_row r
JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
WHERE NOT (h.village_id ^@ ANY (%(within)s::text[]))
"""

# Who lived there once may have a row there for a year that counted him there.
_UNKNOWN_PERSON = """
SELECT r.n FROM sheet_row r
WHERE NOT EXISTS (SELECT 1 FROM households_member m JOIN households_presence z ON z.member_id = m.id
                  JOIN households_household h ON h.id = z.household_id
                  WHERE left(m.village_id, 6) = %(county)s AND m.person_no = r.person_no
                    AND h.household_no = r.household_no)
"""

GOOD_ROWS = """
NOT EXISTS (SELECT 1 FROM sheet_remark f WHERE f.n = r.n AND f.sheet = %(sheet)s AND f.rank < %(warning)s)
"""

GATHER_HOUSEHOLDS = f"""
CREATE TEMP TABLE sheet_good AS
SELECT r.*, h.id AS household_id, h.village_id, a.id AS record_id,
       CASE WHEN a.id IS NULL THEN 'created' ELSE 'unchanged' END AS outcome
FROM sheet_row r
JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
LEFT JOIN {{table}} a ON a.household_id = h.id AND a.year = r.year
WHERE {GOOD_ROWS}
"""  # noqa: S608

# A row of a year belongs to the household where the person is counted for it.
_GATHER_PEOPLE = f"""
CREATE TEMP TABLE sheet_good AS
SELECT r.*, m.id AS member_id, coalesce(z.household_id, m.household_id) AS household_id,
       coalesce(z.village_id, m.village_id) AS village_id, y.id AS record_id,
       CASE WHEN y.id IS NULL THEN 'created' ELSE 'unchanged' END AS outcome
FROM sheet_row r
JOIN households_member m ON left(m.village_id, 6) = %(county)s AND m.person_no = r.person_no
LEFT JOIN households_presence z ON z.member_id = m.id
     AND (z.since IS NULL OR z.since <= {COUNT_DAY.sql("r.year::int")})
     AND (z.until IS NULL OR z.until > {COUNT_DAY.sql("r.year::int")})
LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = r.year
WHERE {GOOD_ROWS}
"""  # noqa: S608
