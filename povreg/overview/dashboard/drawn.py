"""Rows of the dashboard's tables as ready markup: a county has forty of twenty cells each, twice; drawn cell by cell by
a template they were a third of the page."""

from collections.abc import Mapping
from html import escape
from typing import Any

from django.utils.safestring import SafeString

NOTHING = '<span class="soft">—</span>'
SUM = "合计"
WIDE = "num only-laptop"


def place_row(row: Mapping[str, Any], total: bool = False) -> SafeString:
    """One place of the table (``povreg.overview.dashboard.table.table_row``), or the sum of all."""
    worst = row["worst"]
    cells = [
        _cell("num", _link(row["rows_url"], f"{row['total']:,}")),
        _cell(WIDE, _link(row["people_url"], f"{row['people']:,}")),
        *(_cell("num", _count(each["count"], each["url"])) for each in row["verdicts"]),
        _cell("num", _count(row["borderline"], row["borderline_url"])),
        _cell("only-laptop", _link(worst["url"], f"{worst['label']} {worst['count']:,}") if worst else NOTHING),
        _cell(WIDE, _share(row["poor"], row["poor_url"])),
        _cell(WIDE, _share(row["other"], row["other_url"])),
        _cell("only-laptop", _entered(row)),
    ]
    return _row(row, cells, total)


def heat_row(row: Mapping[str, Any], total: bool = False) -> SafeString:
    """One place of the table of criteria, or the sum of all, which has no shade."""
    none = "0" if total else '<span class="soft">0</span>'
    cells = [
        _cell(
            "num" if total else f"num heat-{cell['shade']}",
            f'<a href="{escape(cell["url"])}" title="{cell["title"]}">{cell["count"]:,}</a>' if cell["count"] else none,
        )
        for cell in row["cells"]
    ]
    return _row(row, cells, total)


def _row(row: Mapping[str, Any], cells: list[str], total: bool) -> SafeString:
    head = SUM if total else _link(row["url"], escape(row["name"]))
    opened = '<tr class="row-total">' if total else "<tr>"
    return SafeString(f'{opened}<th scope="row">{head}</th>{"".join(cells)}</tr>')


def _cell(css: str, inside: str) -> str:
    return f'<td class="{css}">{inside}</td>'


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{text}</a>'


def _count(count: int, url: str) -> str:
    return _link(url, f"{count:,}") if count else "0"


def _share(text: str, url: str) -> str:
    return NOTHING if text == "—" else _link(url, text)


def _entered(row: Mapping[str, Any]) -> str:
    """How much of the entry fields is recorded, as a bar, and who lacks something."""
    if row["entered"] is None:
        return NOTHING
    lacking = _link(row["incomplete_url"], f"缺 {row['incomplete']:,} 户") if row["incomplete"] else ""
    bar = f'<progress class="bar" value="{row["entered"]}" max="100" aria-label="{escape(row["name"])}录入完整度">'
    return f'<span class="dash-entered">{bar}</progress><span>{row["entered_text"]}</span>{lacking}</span>'
