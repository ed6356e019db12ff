"""Importing a workbook: read and clean in chunks, then merge as sets, all or nothing.

The rows of a sheet that cannot be kept are rejects, never a failure; a workbook that cannot be read at all raises
SheetError. Nothing personal goes into the reason of the history or the log.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from households.models import AnnualRecord, Household, Member, MemberYear
from households.register import after
from households.sheets.annual import AnnualMerge
from households.sheets.assessed import ReviewMerge
from households.sheets.cleaning import RowCleaner
from households.sheets.cleared import ClearedMerge
from households.sheets.departments import DepartmentMerge
from households.sheets.layouts import DEPARTMENT_LIST, RESIDENTS, REVIEWS, RISK_CLEARED
from households.sheets.outcome import WARNING, Outcome, Remark
from households.sheets.placebook import PlaceBook
from households.sheets.residents import ResidentsMerge
from households.sheets.roster import RosterMerge
from households.sheets.staging import REMARKS, drop_all, fill, remarks_table, rows_of, run
from households.sheets.verbs import IMPORT
from povreg.kit import locks
from povreg.kit.bulk import refresh_statistics
from povreg.kit.history import act
from povreg.kit.sheets.columns import Layout
from povreg.kit.sheets.reader import SheetError, Workbook, digest_of, open_sheets
from villages.models import Place, User

STAGES = 2  # the most sheets a layout has
MANY = 1000  # households changed, from which on the planner must know
Report = Callable[[int, str], None]
Merge = RosterMerge | AnnualMerge | ClearedMerge | DepartmentMerge


def silent(_done: int, _message: str) -> None:
    """No progress to report."""


def import_sheet(
    *,
    by: User | None,
    path: Path,
    layout: Layout,
    county: str,
    dry_run: bool = False,
    within: Iterable[str] | None = None,
    chosen: Mapping[str, str] | None = None,
    job_id: str = "",
    sheet_id: int | None = None,
    progress: Report = silent,
) -> Outcome:
    """Bring a workbook of ``layout`` into the register of ``county`` (6 digits).

    ``dry_run`` does everything and takes it back. ``within`` limits to places of somebody's postings (None: no limit).
    ``chosen`` maps headers the layout does not know to its own, ``sheet_id`` is the upload.
    Raises SheetError when the file cannot be read.
    """
    if not Place.objects.filter(code=county, level=Place.Level.COUNTY).exists():
        raise SheetError(f"没有代码为 {county} 的县。请用 6 位县代码；若区划尚未导入，请先运行 load_places。")
    outcome = Outcome(layout.code, county, digest_of(path), dry_run)
    limits = None if within is None else sorted(within)
    with Workbook(path) as book, remarks_table():
        found = open_sheets(book, layout, chosen)
        outcome.unknown_columns = [name for each in found for name in each.match.unknown]
        cleaners = [RowCleaner(each, PlaceBook(county, limits), timezone.localdate()) for each in found]
        read = [_stage(book, cleaner, at, progress) for at, cleaner in enumerate(cleaners)]
        progress(sum(read), f"已读取 {sum(read)} 行，正在核对和写入")
        with act(by=by, verb=IMPORT, reason=f"导入{layout.label}", job=job_id, layout=layout.code):
            _lock(county, dry_run=dry_run, wait=not job_id)
            for at, cleaner in enumerate(cleaners):
                _merge(outcome, _merge_of(cleaner, outcome, limits, by, sheet_id), at, read[at])
            outcome.counts.check()
            _collect_remarks(outcome)
            _end(outcome)
    return outcome


def _end(outcome: Outcome) -> None:
    """Tell those who judge households afterwards, or take everything back."""
    if outcome.dry_run:
        transaction.set_rollback(True)
        return
    if len(outcome.households) > MANY:
        refresh_statistics(Household, Member, AnnualRecord, MemberYear)
    after.changed(outcome.households)


def _lock(county: str, *, dry_run: bool, wait: bool) -> None:
    """One import a county at a time: two would not see each other's people. A check, which is taken back, waits for
    nobody but for rows that are being written. Raises Busy in a job while another import is at work."""
    if not dry_run:
        locks.hold("import", county, wait=wait)
    elif not wait:
        run("SET LOCAL lock_timeout = '2s'")
    run("SET LOCAL work_mem = '64MB'")
    run("SET LOCAL jit = off")


def _stage(book: Workbook, cleaner: RowCleaner, at: int, progress: Report) -> int:
    found = cleaner.found
    rows = book.rows(found.sheet, after=found.header_row)
    return fill(f"sheet_row{at}", cleaner, rows, lambda done: progress(done, f"已读取“{found.sheet}”{done} 行"))


OWN: dict[str, type[RosterMerge | AnnualMerge | ClearedMerge]] = {
    RESIDENTS.code: ResidentsMerge, RISK_CLEARED.code: ClearedMerge, REVIEWS.code: ReviewMerge,
}  # fmt: skip
"""Layouts that are merged in a way of their own."""


def _merge_of(
    cleaner: RowCleaner, outcome: Outcome, within: list[str] | None, by: User | None, sheet_id: int | None
) -> Merge:
    """What brings one sheet of a layout into the county."""
    if outcome.layout == DEPARTMENT_LIST.code:
        return DepartmentMerge(cleaner, outcome.county, by)
    if own := OWN.get(outcome.layout):
        return own(cleaner, outcome.county, within)
    if cleaner.has_place:
        return RosterMerge(cleaner, outcome.county, within, sheet_id)
    return AnnualMerge(cleaner, outcome.county, within)


def _merge(outcome: Outcome, merge: Merge, at: int, rows_read: int) -> None:
    """One sheet: its staging table takes the name the statements know, and goes when it is done."""
    cleaner = merge.cleaner
    run("ALTER TABLE {old} RENAME TO sheet_row", old=f"sheet_row{at}")
    counts, households = merge.run(rows_read)
    counts.check()
    outcome.by_sheet[cleaner.found.sheet] = counts
    outcome.counts.add(counts)
    outcome.households = sorted({*outcome.households, *households})
    if cleaner.found.spec.has("member.name") and not cleaner.found.spec.column("row.household_no").must_exist:
        outcome.household_nos = dict(rows_of(_NUMBERS_OF_REJECTED, {"county": outcome.county, "warning": WARNING}))
    drop_all(keep=(REMARKS, *(f"sheet_row{later}" for later in range(at + 1, STAGES))))


# Where the layout has no household number, a rejected row of a registered household can only come back with it.
_NUMBERS_OF_REJECTED = """
SELECT r.n, r.household_no FROM sheet_row r
JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
WHERE EXISTS (SELECT 1 FROM sheet_remark f WHERE f.n = r.n AND f.rank < %(warning)s)
"""
_REMARKS = """
SELECT sheet, n, header, code, message, position FROM sheet_remark WHERE rank {} %s ORDER BY sheet, n, rank, position
"""


def _collect_remarks(outcome: Outcome) -> None:
    for sheet, row, header, code, message, position in rows_of(_REMARKS.format("<"), [WARNING]):
        faulty = outcome.faulty.setdefault(sheet, {}).setdefault(row, {})
        if not faulty:
            outcome.rejects.append(Remark(sheet, row, header, code, message))
        faulty.setdefault(position, message)
    outcome.warnings = [Remark(*row[:5]) for row in rows_of(_REMARKS.format(">="), [WARNING])]
