"""What a roster says of standing: written as spells while the county is in its opening stock (建库期), else compared.

After the opening stock a difference never changes the register: it is a warning in the report and a proposal that
somebody takes into a list or dismisses (contract.md section 5).
"""

from typing import Any

from households.sheets import standing_sql
from households.sheets.cleaning import RowCleaner
from households.sheets.outcome import rank_of
from households.sheets.staging import remark, rows_of, run
from households.standing.opening import is_opening
from households.standing.stated import COLUMNS, write_spells

CODE = "standing_differs"
DIFFERS = "与在册身份不同，没有写入；身份只能经名单程序变更，差异已列入“身份差异”"


def said_columns(cleaner: RowCleaner) -> list[str]:
    """The columns of standing that a sheet fills."""
    return [name for name in COLUMNS if f"h_{name}" in cleaner.names]


def compare(cleaner: RowCleaner) -> None:
    """Lay what the sheet says beside what the register holds (``sheet_stated``), once its households are written."""
    staged = said_columns(cleaner)
    said = ", ".join(f"{standing_sql.said(name, staged)} AS {name}" for name in COLUMNS)
    differs = " OR ".join(standing_sql.differing(name, COLUMNS[name]) for name in staged) or "false"
    asof = "s.h_data_date" if "h_data_date" in cleaner.names else "NULL::date"
    run(standing_sql.STATED.format(asof=asof, said=said, differs=differs))


def settle(
    cleaner: RowCleaner, county: str, params: dict[str, Any], source: str, sheet_id: int | None = None
) -> list[int]:
    """Write or propose; returns the ids of the households whose spells were written. ``sheet_id`` is the upload that a
    proposal points to."""
    compare(cleaner)
    if not is_opening(county):
        _warn(cleaner, params)
        run(standing_sql.PROPOSE, {"source": source, "sheet": sheet_id})
        return []
    run(standing_sql.RESTATED)
    run(standing_sql.FORGET_EPISODES)
    run(standing_sql.FORGET)
    write_spells(standing_sql.SOURCE, {}, source)
    _warn(cleaner, params, firm="q.firm AND ")
    return [row[0] for row in rows_of("SELECT household_id FROM sheet_restated")]


def _warn(cleaner: RowCleaner, params: dict[str, Any], firm: str = "") -> None:
    """A remark in every cell that differs from what the register holds."""
    for name in said_columns(cleaner):
        column = cleaner.found.spec.column(f"household.{name}")
        query = (
            "SELECT s.n FROM sheet_ready s JOIN sheet_stated q ON q.n = s.n"  # noqa: S608 - declared names only
            f" JOIN households_household h ON h.id = q.household_id"
            f" WHERE {firm}{standing_sql.differing(name, COLUMNS[name])}"
        )
        position = cleaner.at.get(f"household.{name}", 0)
        remark(
            cleaner.found.sheet,
            column.header,
            position,
            "standing_differs",
            rank_of("standing_differs"),
            DIFFERS,
            query,
            params,
        )
