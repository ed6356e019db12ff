"""Workbooks for tests: rows given by header, everything else as in an ordinary, faultless row."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from households.sheets.imports import import_sheet
from households.sheets.layouts import LAYOUTS
from households.sheets.outcome import Outcome
from tests import factories

_people = itertools.count(1)
ROSTER_HEADERS = [column.header for column in LAYOUTS["roster-2022"].sheets[0].listed]
Rows = Iterable[dict[str, Any]]


BORN = {
    "配偶": (date(1976, 3, 4), "2"), "之子": (date(2010, 5, 6), "1"), "之女": (date(2011, 5, 6), "2"),
    "之父": (date(1948, 2, 3), "1"), "之母": (date(1949, 2, 3), "2"), "之儿媳": (date(1998, 2, 3), "2"),
}  # fmt: skip
"""When somebody of a relation was born, and of which sex, so that no rule of entry objects."""


def new_id(born: date = date(1975, 8, 9), sex: str = "1") -> str:
    return factories.id_number(born, sex)


def person(household_no: str = "500154201200000001", relation: str = "户主", **cells: Any) -> dict[str, Any]:
    """One faultless row of the 2022 roster, by header."""
    number = next(_people)
    return {
        "序号": number,
        "数据日期": "2020-12-31",
        "县(市、区、旗)": "开州区",
        "乡(镇)": "关面乡",
        "行政村": "泉秀村",
        "自然村": "2组",
        "户编号": household_no,
        "姓名": "李建国",
        "证件号码": new_id(*BORN.get(relation, ())),
        "与户主关系": relation,
        "民族": "汉族",
        "文化程度": "初中",
        "健康状况": "健康",
        "劳动技能": "普通劳动力",
        "务工时间（月）": 8,
        "是否参加大病保险": "是",
        "致贫原因1": "因病",
        "危房户": "否",
        "是否解决安全饮用水": "是",
        "人均纯收入": 4613.72,
        "户联系电话": "13800001234",
        "首次识别时间": "201508",
        "人员识别时间": "201508",
        "户类型": "脱贫户",
        **cells,
    }


def save(path: Path, sheets: dict[str, Rows], headers: Sequence[str] | None = None, title: str = "") -> Path:
    """Write the rows; without ``headers`` those of the first row, in its order."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        listed = list(rows)
        names = list(headers or dict.fromkeys(key for row in listed for key in row))
        sheet = book.create_sheet(name)
        if title:
            sheet.append([title])
        sheet.append(names)
        for row in listed:
            sheet.append([row.get(name) for name in names])
    book.save(path)
    return path


def run(path: Path, rows: Rows | dict[str, Rows], layout: str = "roster-2022", **options: Any) -> Outcome:
    """Write the rows to a workbook and import it into the test county."""
    sheets = rows if isinstance(rows, dict) else {"名单": rows}
    save(path, sheets)
    return import_file(path, layout, **options)


def import_file(path: Path, layout: str = "roster-2022", **options: Any) -> Outcome:
    factories.place(factories.VILLAGE)
    return import_sheet(**{"by": None, "path": path, "layout": LAYOUTS[layout], "county": factories.COUNTY, **options})


def told(outcome: Outcome) -> list[Any]:
    """The warnings that are not a logic rule's, and not that all are called alike and born on one day."""
    return [each for each in outcome.warnings if each.code not in ("check", "likely_duplicate")]


def codes(outcome: Outcome) -> list[tuple[int, str]]:
    return [(each.row, each.code) for each in outcome.rejects]


def counted(outcome: Outcome) -> tuple[int, int, int, int, int]:
    counts = outcome.counts
    return counts.rows_read, counts.created, counts.updated, counts.unchanged, counts.rejected


def cells_of(path: Path, sheet: int | str = 0, header_row: int = 1) -> list[dict[str, Any]]:
    """Rows of a workbook by header."""
    book = openpyxl.load_workbook(path)
    rows = list((book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]).iter_rows(values_only=True))
    return [dict(zip(rows[header_row - 1], row, strict=True)) for row in rows[header_row:]]
