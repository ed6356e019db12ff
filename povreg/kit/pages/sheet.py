"""The workbook of a declared list: the filtered rows, in bounded memory, with the sheet 说明 and its digest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse
from django.utils import timezone

from povreg.kit.pages.shown import ShownList
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.writer import HEADER_LABEL, SheetOut, write_workbook

MOST_ROWS = 20_000
"""Rows that are written while somebody waits; more are taken away in parts."""


def workbook(shown: ShownList, words: str = "") -> FileResponse:
    """The answer with the file; ``words`` say how a list without filters of its own was narrowed.

    Raises PermissionDenied without the list's right, ValidationError for too many rows.
    """
    listing, user = shown.listing, shown.user
    if listing.sheet is None or not listing.may_take(user):
        raise PermissionDenied
    if shown.page.paginator.count > MOST_ROWS:
        raise ValidationError(f"超过 {MOST_ROWS:,} 行，请先用筛选缩小范围，再分几次导出。")
    columns = [column.sheet for column in listing.sheet_columns(user)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        rows = listing.written_rows(shown.found, user)
        leaving = Leaving(f"list:{listing.code}", listing.title, user)
        write_workbook(path, [SheetOut(listing.sheet.name, columns, rows)], about(shown, words), leaving)
        file = path.open("rb")  # stays readable after its folder is gone; the answer closes it
    return FileResponse(file, as_attachment=True, filename=f"{listing.title}-{timezone.localdate():%Y%m%d}.xlsx")


def about(shown: ShownList, words: str = "") -> Iterator[tuple[str, str]]:
    """What the sheet 说明 says."""
    sheet = shown.listing.sheet
    assert sheet is not None
    yield "表格", shown.listing.title
    yield from sheet.about(shown.user)
    yield "筛选", words or shown.words()
    yield "导出人", f"{shown.user.name}（{shown.user.username}）"  # type: ignore[union-attr]
    yield "导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    yield HEADER_LABEL, "1"
