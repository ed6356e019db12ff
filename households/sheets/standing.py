"""What a roster says of standing: written as spells while the county is in its opening stock (建库期), else compared.

After the opening stock a difference never changes the register: it is a warning in the report and a proposal that
somebody takes into a list or dismisses (contract.md section 5).
"""

from collections.abc import Sequence
from typing import Any

from households.sheets import standing_sql
from households.sheets.cleaning import RowCleaner
from households.sheets.outcome import rank_of
from households.sheets.staging import remark, rows_of, run
from households.sheets.standing_sql import KINDS
from households.standing.opening import is_opening
from households.standing.stated import COLUMNS, write_spells

CODE = "standing_differs"
DIFFERS = "与在册身份不同，没有写入；身份只能经名单程序变更，差异已列入“身份差异”"
SLOTS = tuple(f"risk{number}" for number in range(1, 6))


def said_columns(cleaner: RowCleaner) -> list[str]:
    """The columns of standing that a sheet fills; ordered risks stand in slots of their own."""
    filled = [name for name in KINDS if f"h_{name}" in cleaner.names]
    return [*filled, "risks"] if set(SLOTS) & set(cleaner.names) else filled


def risks_said(cleaner: RowCleaner) -> str:
    """The slots of a row (``r``) as one list of codes in SQL, null where none is filled."""
    slots = ", ".join(f"r.{slot}" for slot in SLOTS if slot in cleaner.names)
    return f"nullif(array_remove(ARRAY[{slots}], NULL), '{{}}')::varchar[]"


def compare(cleaner: RowCleaner, staged: Sequence[str]) -> None:
    """Lay what the sheet says beside what the register holds (``sheet_stated``), once its households are written."""
    said = ", ".join(f"{standing_sql.said(name, staged)} AS {name}" for name in KINDS)
    differs = " OR ".join(standing_sql.differing(name, staged) for name in staged) or "false"
    beside = [standing_sql.differing(name, staged) for name in staged if name not in COLUMNS]
    asof = "s.h_data_date" if "h_data_date" in cleaner.names else "NULL::date"
    run(standing_sql.STATED.format(asof=asof, said=said, differs=differs, beside=" OR ".join(beside) or "false"))


def settle(
    cleaner: RowCleaner,
    county: str,
    params: dict[str, Any],
    source: str,
    sheet_id: int | None = None,
    more: Sequence[str] = (),
) -> list[int]:
    """Write or propose; returns the ids of the households whose spells were written. ``sheet_id`` is the upload that a
    proposal points to, ``more`` are columns that the rows state without a column of the sheet."""
    staged = [*said_columns(cleaner), *more]
    compare(cleaner, staged)
    if not is_opening(county):
        _warn(cleaner, staged, params)
        run(standing_sql.PROPOSE, {"source": source, "sheet": sheet_id})
        return []
    run(standing_sql.RESTATED)
    run(standing_sql.KEEP)
    run(standing_sql.FORGET_EPISODES)
    run(standing_sql.FORGET)
    write_spells(standing_sql.SOURCE, {}, source)
    run(standing_sql.GIVE_BACK)
    _warn(cleaner, staged, params, firm="q.firm AND ")
    return [row[0] for row in rows_of("SELECT household_id FROM sheet_restated")]


def _warn(cleaner: RowCleaner, staged: Sequence[str], params: dict[str, Any], firm: str = "") -> None:
    """A remark in every cell that differs from what the register holds."""
    spec = cleaner.found.spec
    for name in staged:
        field = "row.risk1" if name == "risks" else f"household.{name}"
        if not spec.has(field):
            continue
        query = (
            "SELECT s.n FROM sheet_ready s JOIN sheet_stated q ON q.n = s.n"  # noqa: S608 - declared names only
            f" JOIN households_household h ON h.id = q.household_id"
            f" WHERE {firm}{standing_sql.differing(name, staged)}"
        )
        position = cleaner.at.get(field, 0)
        remark(cleaner.found.sheet, spec.column(field).header, position, CODE, rank_of(CODE), DIFFERS, query, params)
