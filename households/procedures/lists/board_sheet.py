"""The board's table as a workbook: what the page shows, one row a list. It holds counts and days, no person's data."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from households.models import Batch
from households.procedures.lists.selectors import BatchRow, table_rows
from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.digest import BookDigest
from povreg.kit.sheets.kinds import Day, Text, Whole
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.writer import HEADER_LABEL, SheetOut, write_workbook

TEXT, COUNT, DAY = Text(200), Whole(0, 10**9), Day()
COLUMNS = (
    Column("村代码", "code", TEXT, width=15),
    Column("乡镇", "township", TEXT, width=16),
    Column("村", "village", TEXT, width=16),
    Column("种类", "kind", TEXT, width=14),
    Column("年度", "year", COUNT, width=8),
    Column("轮次", "round", COUNT, width=8),
    Column("户数", "households", COUNT, width=8),
    Column("人数", "people", COUNT, width=8),
    Column("状态", "state", TEXT, width=10),
    Column("当前步骤", "step", TEXT, width=20),
    Column("第几步", "number", COUNT, width=8),
    Column("共几步", "steps", COUNT, width=8),
    Column("办理期限", "due", DAY),
    Column("是否逾期", "overdue", TEXT, width=10),
    Column("公示开始", "posted", DAY),
    Column("公示结束", "ends", DAY),
    Column("异议未办结", "open", COUNT),
    Column("异议已办结", "done", COUNT),
    Column("抽查户数", "sampled", COUNT),
    Column("抽查不符户数", "failed", COUNT, width=14),
    Column("提醒", "warnings", TEXT, width=40),
    Column("办结日期", "ended", DAY),
)


def write_board(path: Path, batches: Iterable[Batch], about: Iterable[tuple[str, Any]], leaving: Leaving) -> BookDigest:
    """Write the lists in their order, in a constant number of statements. Raises OSError."""
    sheet = SheetOut("名单", COLUMNS, _rows(table_rows(batches)))
    known = (*about, ("导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M}"), (HEADER_LABEL, 1))
    return write_workbook(path, [sheet], known, leaving)


def _rows(rows: Iterable[BatchRow]) -> Iterator[list[Any]]:
    for row in rows:
        yield [column.kind.write(value) for column, value in zip(COLUMNS, _cells(row), strict=True)]


def _cells(row: BatchRow) -> tuple[Any, ...]:
    batch, notice = row.batch, row.notice
    running = batch.state == Batch.State.RUNNING
    return (
        batch.place_id, str(batch.place.parent), str(batch.place), batch.get_kind_display(), batch.year, batch.round,
        row.households, row.people, batch.get_state_display(), batch.step.label if batch.step else "",
        row.step_number, row.steps, batch.due_on, "是" if running and row.is_overdue else "否",
        notice and notice.posted_on, notice and notice.ends_on, row.objections_open, row.objections_done,
        row.sampled, row.sample_failed, "；".join(row.warnings), batch.ended_on,
    )  # fmt: skip
