"""Removed risks (风险消除): one row a household, with what was true of it then (thirteen fields of the national file).

In the opening stock the removal is written as the end of its spell of monitoring; afterwards it is only compared.
"""

# ruff: noqa: S608 - the texts are constants

from dataclasses import dataclass
from typing import Any

from households.sheets import annual
from households.sheets.cleaning import RowCleaner
from households.sheets.layouts.monitoring import AMOUNTS, GUARANTEES
from households.sheets.outcome import WARNING, Counts, rank_of
from households.sheets.staging import rejected_rows, remark, rows_of, run
from households.sheets.standing import CODE, DIFFERS, settle
from households.standing.opening import is_opening

IMPLIED = ("risk_cleared",)


@dataclass(frozen=True)
class ClearedMerge:
    """One sheet of removed risks on its way into one county."""

    cleaner: RowCleaner
    county: str
    within: list[str] | None = None

    @property
    def params(self) -> dict[str, Any]:
        sheet = self.cleaner.found.sheet
        return {"county": self.county, "sheet": sheet, "warning": WARNING, "within": self.within or []}

    def run(self, rows_read: int) -> tuple[Counts, list[int]]:
        """Reject, compare, write; returns the counts and the ids of the households that changed."""
        self._reject()
        given = [name for name in self.cleaner.names if name.startswith("h_")]
        facts = "".join(f', r."{name}"' for name in given)
        klass = "coalesce(r.h_monitor_type, h.monitor_type)" if "h_monitor_type" in given else "h.monitor_type"
        run(_GATHER.format(facts=facts, snapshot=self._snapshot()), self.params)
        self._remark("row.household_no", "unknown_household", _NO_CLASS, _NOT_MONITORED.format(klass=klass))
        run(_DROP, self.params)
        run("CREATE TEMP VIEW sheet_ready AS SELECT * FROM sheet_good")
        source = f"名册导入：{self.cleaner.found.sheet}"[:120]
        changed = set(settle(self.cleaner, self.county, self.params, source, more=IMPLIED))
        changed |= self._keep_snapshots()
        total = rows_of("SELECT count(*) FROM sheet_good")[0][0]
        counts = Counts(rows_read, 0, len(changed), total - len(changed), rejected_rows(self.cleaner.found.sheet))
        return counts, sorted(changed)

    def _reject(self) -> None:
        again = "本表前面已有这一户，请核对后删去一行"
        self._remark("row.household_no", "duplicate_person", again, annual.AGAIN.format("household_no"))
        unknown = "本县没有登记这个户编号，请核对"
        self._remark("row.household_no", "unknown_household", unknown, annual.UNKNOWN_HOUSEHOLD)
        if self.within is not None:
            outside = "该户不在您负责的范围内，请删去这一行"
            self._remark("row.household_no", "unknown_household", outside, annual.OUTSIDE)

    def _remark(self, field: str, code: str, message: str, query: str) -> None:
        column = self.cleaner.found.spec.column(field)
        position = self.cleaner.at.get(field, 0)
        remark(
            self.cleaner.found.sheet, column.header, position, code, rank_of(code), message, query, self.params
        )  # fmt: skip

    def _snapshot(self) -> str:
        """What the row says was true at the removal, as ``Episode.snapshot`` keeps it."""
        there = [name for name in (*GUARANTEES, *AMOUNTS) if f"after_{name}" in self.cleaner.names]
        pairs = ", ".join(f"'{name}', {_TOLD[name in GUARANTEES].format(f'r.after_{name}')}" for name in there)
        return f"jsonb_strip_nulls(jsonb_build_object({pairs}))"

    def _keep_snapshots(self) -> set[int]:
        """Write them where the sheet may write standing, else say where they differ."""
        if is_opening(self.county):
            return {row[0] for row in rows_of(_KEEP)}
        there = next((name for name in self.cleaner.at if name.startswith("row.after_")), None)
        if there:
            self._remark(there, CODE, DIFFERS, _DIFFERING)
        return set()


_TOLD = {True: "CASE {0} WHEN TRUE THEN 'fail' WHEN FALSE THEN 'pass' END", False: "{0}::text"}
_NO_CLASS = "该户没有登记为监测对象，请先导入监测对象名册，或填写监测对象类型"
_GATHER = f"""
CREATE TEMP TABLE sheet_good AS
SELECT r.n, r.household_no, h.id AS household_id, TRUE AS facts, TRUE AS h_risk_cleared{{facts}},
       {{snapshot}} AS snapshot
FROM sheet_row r
JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
WHERE {annual.GOOD_ROWS}
"""
_NOT_MONITORED = """
SELECT g.n FROM sheet_good g JOIN sheet_row r ON r.n = g.n JOIN households_household h ON h.id = g.household_id
WHERE {klass} = ''
"""
_DROP = """
DELETE FROM sheet_good g WHERE EXISTS (
    SELECT 1 FROM sheet_remark f WHERE f.n = g.n AND f.sheet = %(sheet)s AND f.rank < %(warning)s)
"""
_LATEST = """
SELECT DISTINCT ON (p.household_id) p.id, g.n, g.household_id, g.snapshot, p.origin
FROM sheet_good g JOIN households_spell p ON p.household_id = g.household_id AND p.axis = 'monitoring'
ORDER BY p.household_id, p.since DESC NULLS LAST, p.id DESC
"""
_KEEP = f"""
UPDATE households_episode e SET snapshot = e.snapshot || l.snapshot FROM ({_LATEST}) l
WHERE e.spell_id = l.id AND l.origin = 'opening' AND e.snapshot || l.snapshot <> e.snapshot
RETURNING l.household_id
"""
_DIFFERING = f"""
SELECT l.n FROM ({_LATEST}) l JOIN households_episode e ON e.spell_id = l.id
WHERE e.snapshot || l.snapshot <> e.snapshot
"""
