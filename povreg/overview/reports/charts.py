"""A report as charts: the whole as bars, and the rows as stacked bars where they are few."""

from typing import Any

from povreg.overview.reports.asked import ITEMS, Asked
from povreg.overview.reports.columns import SHOWN
from povreg.overview.reports.declared import AMOUNTS, ENTRY, MARKS, SCALE, STACK
from povreg.overview.reports.grid import SHARE, Grid, Line

MOST_ROWS, MOST_COLUMNS = 20, 9
"""More rows or columns than these are read from the table."""


def of(asked: Asked, grid: Grid) -> list[tuple[str, str, dict[str, Any]]]:
    """(id, title, data) of each chart of a report; none of an empty one."""
    if grid.is_empty:
        return []
    if asked.report.kind == ENTRY:
        return [("chart-entry", "已填项占比（%）", _entered(grid))]
    if asked.report.kind == AMOUNTS:
        return [("chart-amounts", f"{asked.report.title}（{_shown(asked)}{_unit(grid)}）", _amounts(asked, grid))]
    if asked.report.kind == SCALE:
        return [("chart-scale", "人口（人）", _people(grid))]
    if asked.report.kind == MARKS:
        return [("chart-whole", f"{asked.report.title}（{asked.report.unit}）", _marks(grid))]
    found = [("chart-whole", f"{asked.report.title}（{asked.report.unit}）", _whole(asked, grid))]
    if asked.report.chart == STACK and 1 < len(grid.lines) <= MOST_ROWS and len(grid.heads) <= MOST_COLUMNS:
        found.append(("chart-rows", f"按{grid.head}（{asked.report.unit}）", _rows(asked, grid)))
    return found


def _bar(
    head: str, unit: str, categories: list[str], values: list[Any], urls: list[str], **more: Any
) -> dict[str, Any]:
    series = {"name": more.pop("name", "合计"), "tone": "act", "values": values, "urls": [url or None for url in urls]}
    return {"kind": "bar", "unit": unit, "head": head, "categories": categories, "series": [series], **more}


def _whole(asked: Asked, grid: Grid) -> dict[str, Any]:
    """How the whole divides, in the order declared."""
    tones = dict(asked.report.tones)
    cells = grid.total.cells
    return _bar(
        asked.report.title,
        asked.report.unit,
        [head.label for head in grid.heads],
        [cell.value for cell in cells],
        [cell.url for cell in cells],
        name=f"{asked.report.unit}数",
        tones=[tones.get(head.code, "missing" if head.code == "none" else "act") for head in grid.heads],
    )


def _people(grid: Grid) -> dict[str, Any]:
    """The places with most people."""
    at = next(number for number, head in enumerate(grid.heads) if head.code == "people")
    lines = sorted(grid.lines, key=lambda line: -line.cells[at].value)[:MOST_ROWS]
    cells = [line.cells[at] for line in lines]
    return _bar(
        grid.head, "人", [line.label for line in lines], [cell.value for cell in cells], [cell.url for cell in cells]
    )


def _marks(grid: Grid) -> dict[str, Any]:
    """What most households lack first; the last column is the whole."""
    found = sorted(zip(grid.heads[:-1], grid.total.cells[:-1], strict=True), key=lambda pair: -pair[1].value)
    names, cells = [head.label for head, _cell in found], [cell for _head, cell in found]
    return _bar("困难", "户", names, [cell.value for cell in cells], [cell.url for cell in cells], name="户数")


def _rows(asked: Asked, grid: Grid) -> dict[str, Any]:
    tones = dict(asked.report.tones)
    return {
        "kind": "stack",
        "unit": asked.report.unit,
        "head": grid.head,
        "categories": [line.label for line in grid.lines],
        "series": [
            {
                "name": head.label,
                "tone": tones.get(head.code, "missing" if head.code == "none" else f"s{number % 8 + 1}"),
                "values": [line.cells[number].value for line in grid.lines],
                "urls": [line.cells[number].url or None for line in grid.lines],
            }
            for number, head in enumerate(grid.heads)
        ],
    }


def _entered(grid: Grid) -> dict[str, Any]:
    """Share of fields that are filled, the lowest first."""
    at = next(number for number, head in enumerate(grid.heads) if head.unit == SHARE)
    lines = sorted(
        (line for line in grid.lines if line.cells[at].value is not None), key=lambda line: line.cells[at].value
    )
    lines = lines[:MOST_ROWS]
    values = [float(line.cells[at].value) for line in lines]
    names = [f"{line.sub} {line.label}".strip() for line in lines]
    return _bar(grid.head, "", names, values, [line.url for line in lines], percent=True, name="已填项占比")


def _shown(asked: Asked) -> str:
    """户均 or 人均, where that is what the columns show."""
    return SHOWN[asked.show] if asked.rows != ITEMS and asked.show.startswith("per_") else ""


def _unit(grid: Grid) -> str:
    """The unit of the amounts, or of the households that have them."""
    return next(head.unit for head in reversed(grid.heads) if head.unit != SHARE)


def _amounts(asked: Asked, grid: Grid) -> dict[str, Any]:
    """The sums of the items; with other rows, what the columns show of the whole."""
    if asked.rows == ITEMS:
        at = next(number for number, head in enumerate(grid.heads) if head.code == "sum")
        lines: list[Line] = grid.lines
        values, names = [float(line.cells[at].value) for line in lines], [line.label for line in lines]
        return _bar("项目", grid.heads[at].unit, names, values, [line.cells[0].url for line in lines])
    cells = grid.total.cells
    names = [head.label for head in grid.heads]
    return _bar(
        "项目", grid.heads[0].unit, names, [float(cell.value or 0) for cell in cells], [cell.url for cell in cells]
    )
