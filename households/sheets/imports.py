"""Importing a workbook: read and clean in chunks, then merge as sets, all or nothing.

The rows of a sheet that cannot be kept are rejects, never a failure; a workbook that cannot be read at all raises
SheetError. Nothing personal goes into the reason of the history or the log.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from households.models import AnnualRecord, Household, Member, MemberYear
from households.register import after
from households.sheets import changes, checks, named
from households.sheets.annual import AnnualMerge
from households.sheets.assessed import ReviewMerge
from households.sheets.cleaning import RowCleaner
from households.sheets.cleared import ClearedMerge
from households.sheets.departments import DepartmentMerge
from households.sheets.layouts import DEPARTMENT_LIST, RESIDENTS, REVIEWS, RISK_CLEARED
from households.sheets.lines import Lines
from households.sheets.outcome import QUESTION, WARNING, Counts, Named, Outcome, Remark, SheetRead, rank_of
from households.sheets.placebook import PlaceBook
from households.sheets.residents import ResidentsMerge
from households.sheets.roster import RosterMerge
from households.sheets.staging import REMARKS, SEEN, drop_all, fill, rejected_rows, remarks_table, rows_of, run
from households.sheets.verbs import IMPORT
from households.standing.opening import is_opening
from povreg.kit import locks
from povreg.kit.bulk import refresh_statistics
from povreg.kit.hash_keys import ROTATING, hold_hashes, one_hash_key
from povreg.kit.history import act
from povreg.kit.sheets.columns import Layout, letter_of
from povreg.kit.sheets.finding import NOTHING, Found, Wishes, look_over, open_sheets
from povreg.kit.sheets.reader import SheetError, Workbook, digest_of
from villages.models import Place, User

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
    wishes: Wishes = NOTHING,
    job_id: str = "",
    sheet_id: int | None = None,
    progress: Report = silent,
) -> Outcome:
    """Bring a workbook of ``layout`` into the register of ``county`` (6 digits).

    ``dry_run`` does everything and takes it back. ``within`` limits to places of somebody's postings (None: no limit).
    ``wishes`` is what was decided by hand about sheets, columns and questions, ``sheet_id`` is the upload.
    Raises SheetError when the file cannot be read.
    """
    if not Place.objects.filter(code=county, level=Place.Level.COUNTY).exists():
        raise SheetError(f"没有代码为 {county} 的县。请用 6 位县代码；若区划尚未导入，请先运行 load_places。")
    outcome, key = Outcome(layout.code, county, digest_of(path), dry_run), one_key(wait=not job_id)
    limits = None if within is None else sorted(within)
    with Workbook(path) as book, remarks_table():
        found = open_sheets(book, layout, wishes)
        outcome.unknown_columns = list(dict.fromkeys(name for each in found for name in each.match.unknown))
        places, today = PlaceBook(county, limits), timezone.localdate()
        opening = is_opening(county)
        cleaners = [RowCleaner(each, places, today, wishes.confirmed, opening=opening) for each in found]
        outcome.sheets = _sheets(book, layout, wishes)
        read = [_stage(book, cleaner, at, wishes, outcome, progress) for at, cleaner in enumerate(cleaners)]
        progress(sum(read), f"已读取 {sum(read)} 行，正在核对和写入")
        with act(by=by, verb=IMPORT, reason=f"导入{layout.label}", job=job_id, layout=layout.code):
            _lock(county, dry_run=dry_run, wait=not job_id)
            one_key(key, wait=not job_id)
            for at, cleaner in enumerate(cleaners):
                _merge(outcome, _merge_of(cleaner, outcome, limits, by, sheet_id), at, read)
            outcome.counts.check()
            _collect_remarks(outcome, found)
            _tell_changes(outcome)
            _end(outcome)
    return outcome


def _tell_changes(outcome: Outcome) -> None:
    """What changes, by column and one by one; who is new, who is registered and not in the sheet, and who is registered
    in another village than it says."""
    outcome.context = changes.context_id()
    columns, cells = changes.changes_of(outcome.context) if outcome.counts.updated else ([], Named())
    mentioned = outcome.mentioned
    told = {
        "cells": cells,
        "entered": named.entered(outcome.context) if outcome.counts.created else Named(),
        "gone": mentioned.absent,
        "unlisted": named.unlisted(mentioned, registered=outcome.layout != RESIDENTS.code),
        "moved": mentioned.moved,
    }
    outcome.changes = {
        "columns": columns,
        "absent": mentioned.absent.count,
        "large": changes.is_large(outcome.counts),
        **{name: each.as_dict() for name, each in told.items()},
    }


def _sheets(book: Workbook, layout: Layout, wishes: Wishes) -> list[SheetRead]:
    """Every sheet of the file, read or left out."""
    return [
        SheetRead(
            each.sheet.name, each.sheet.visible, each.found is not None, each.why,
            header_row=each.found.header_row if each.found else None,
        )
        for each in look_over(book, layout, wishes)
    ]  # fmt: skip


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


def one_key(made_by: str = "", *, wait: bool) -> str:
    """Rows are matched by look-up hashes: all of one key, before reading and when writing. While keys rotate raises
    Busy in a job, else SheetError."""
    try:
        if made_by:
            hold_hashes(made_by)
        return made_by or one_hash_key()
    except locks.Busy as fault:
        if wait:
            raise SheetError(ROTATING) from fault
        raise


def _stage(book: Workbook, cleaner: RowCleaner, at: int, wishes: Wishes, outcome: Outcome, progress: Report) -> int:
    found = cleaner.found
    lines = Lines(found, book.rows(found.sheet, after=found.header_row), hidden=wishes.of(found.sheet).hidden)
    count = fill(f"sheet_row{at}", cleaner, lines, lambda done: progress(done, f"已读取“{found.sheet}”{done} 行"))
    told = next(each for each in outcome.sheets if each.name == found.sheet)
    told.rows, told.hidden, told.skipped = count, lines.hidden, lines.skipped
    return count


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


def _merge(outcome: Outcome, merge: Merge, at: int, read: Sequence[int]) -> None:
    """One sheet: its staging table takes the name the statements know, and goes when it is done."""
    cleaner = merge.cleaner
    run("ALTER TABLE {old} RENAME TO sheet_row", old=f"sheet_row{at}")
    counts, households = _refused(cleaner, read[at]) or _judged(outcome, merge, read[at])
    counts.check()
    outcome.by_sheet[cleaner.found.sheet] = counts
    if isinstance(merge, RosterMerge) and rows_of("SELECT to_regclass('pg_temp.sheet_good') IS NOT NULL")[0][0]:
        named.hear(outcome.mentioned)
    outcome.counts.add(counts)
    outcome.households = sorted({*outcome.households, *households})
    if cleaner.found.spec.has("member.name") and not cleaner.found.spec.column("row.household_no").must_exist:
        params = {"county": outcome.county, "warning": WARNING, "sheet": cleaner.found.sheet}
        found = rows_of(_NUMBERS_OF_REJECTED, params)
        outcome.household_nos |= {(cleaner.found.sheet, row): number for row, number in found}
    drop_all(keep=(REMARKS, SEEN, *(f"sheet_row{later}" for later in range(at + 1, len(read)))))


def _judged(outcome: Outcome, merge: Merge, rows_read: int) -> tuple[Counts, list[int]]:
    """Merge a sheet and hear the rules of entry about it. What they refuse is taken back, noted, and the rest merged
    again; what was wrong before, and is no worse, is no reason."""
    cleaner, opening = merge.cleaner, is_opening(outcome.county)
    for _ in range(MOST_PASSES):
        point = transaction.savepoint()
        counts, households = merge.run(rows_read)
        if isinstance(merge, DepartmentMerge | ClearedMerge) or outcome.layout == REVIEWS.code:
            return counts, households
        heard = households[: checks.MOST_JUDGED] if opening else households
        years = checks.years_of(cleaner)
        said = checks.judge(cleaner, heard, years)
        errors = [] if opening else [each for each in said if each.is_error]
        if not errors:
            break
        rows = checks.rows_by_target(cleaner)
        transaction.savepoint_rollback(point)
        before = checks.keys_before(cleaner, errors, years)
        worse = [each for each in errors if (each.household_id, each.finding.key) not in before]
        checks.note(cleaner, worse, rows, rank_of(checks.CODE))
        if not worse:
            counts, households = merge.run(rows_read)
            break
    checks.note(cleaner, said, checks.rows_by_target(cleaner), WARNING)
    return counts, households


MOST_PASSES = 4  # a refused head refuses his household, which may bring up another error


def _refused(cleaner: RowCleaner, rows_read: int) -> tuple[Counts, list[int]] | None:
    """A sheet of which a necessary column stands twice: nothing of it is written until somebody says which."""
    if not any(column.must_exist for _, column in cleaner.doubtful):
        return None
    return Counts(rows_read, rejected=rejected_rows(cleaner.found.sheet)), []


# Where the layout has no household number, a rejected row of a registered household can only come back with it.
_NUMBERS_OF_REJECTED = """
SELECT r.n, r.household_no FROM sheet_row r
JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
WHERE EXISTS (SELECT 1 FROM sheet_remark f WHERE f.n = r.n AND f.sheet = %(sheet)s AND f.rank < %(warning)s)
"""
_REMARKS = """
SELECT sheet, n, header, code, message, position FROM sheet_remark WHERE rank {} %s ORDER BY sheet, n, rank, position
"""


def _collect_remarks(outcome: Outcome, found: Sequence[Found]) -> None:
    for sheet, row, header, code, message, position in rows_of(_REMARKS.format("<"), [WARNING]):
        faulty = outcome.faulty.setdefault(sheet, {}).setdefault(row, {})
        if not faulty:
            outcome.rejects.append(Remark(sheet, row, header, code, message))
        faulty.setdefault(position, message)
    for *said, rank in rows_of(_SAID, [WARNING]):
        (outcome.questions if rank >= QUESTION else outcome.warnings).append(Remark(*said))
    outcome.questions = [*_rival_columns(found), *outcome.questions]
    for each in outcome.sheets:
        if each.hidden:
            message = f"有 {each.hidden} 行是隐藏或筛选掉的，照样读取；不要的请在文件里删去，或选择不读隐藏的行。"
            outcome.warnings.append(Remark(each.name, each.header_row or 0, "", "hidden_rows", message))


_SAID = """
SELECT sheet, n, header, code, message, rank FROM sheet_remark WHERE rank >= %s ORDER BY sheet, n, rank, position
"""


def _rival_columns(found: Sequence[Found]) -> list[Remark]:
    """Questions about columns whose header stands twice."""
    asked = []
    for each in found:
        for column, positions in each.match.doubtful:
            where = "、".join(f"{letter_of(at)} 列" for at in sorted(positions))
            likely = f"像是 {letter_of(positions[0])} 列，请确认或改表头"
            message = f"{column.header}：有几列都叫这个名称（{where}），没有读取；{likely}。"
            asked.append(Remark(each.sheet, each.header_row, column.header, "two_columns", message))
    return asked
