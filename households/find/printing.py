"""The household list on paper, in the columns that the person chose for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from households.find.asked import Asked
from households.find.columns import COLUMNS, HEAD, Column, Show, prepare
from households.find.filters import sentence
from households.find.listing import list_page
from povreg.kit.pages.columns import plain_text
from povreg.kit.pages.printed import MOST_PRINTED, Paper, PaperCell, offer
from villages.models import User

CODE = "households"
TYPED = "按输入的文字查找"


def households_paper(user: User, wanted: Asked, usual: Sequence[Column], year: int, place: str, back: str) -> Paper:
    """The filtered households, in their order; ``usual`` are the columns that the page shows."""
    known = (HEAD, *COLUMNS.values())
    offered = offer(
        user, CODE, ((each.code, each.label, each.kind.numeric) for each in known),
        (HEAD.code, *(each.code for each in usual)),
    )  # fmt: skip
    columns = [column for column, each in zip(known, offered, strict=True) if each.on]
    also = ("phone",) if any(column.code == "phone" for column in columns) else ()
    page = list_page(user, wanted.filters, year, size=MOST_PRINTED, also=also)
    prepare(page.rows, columns)
    show = Show(year, wide=True)
    rows = [[PaperCell(_said(column, row, show)) for column in columns] for row in page.rows]
    count = page.whole or page.count
    said = f"{year}年 · {sentence(wanted.codes, place, TYPED if wanted.typed else '')}"
    return Paper(CODE, "户名单", said, "户", count, offered, rows, back, more=count > len(rows))


def _said(column: Column, row: Any, show: Show) -> str:
    """What the page says where it says it in words, else what the workbook holds."""
    value = column.shown(row, show) if column.draw == "text" else column.value(row)
    return "" if value is None or value == "" else plain_text(value, column.kind)
