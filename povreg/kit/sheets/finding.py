"""Finding the sheets of a layout in a workbook as people make it: titles above, headers in one row or two, several
sheets of one kind, others that are not meant. What is not read is named with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from povreg.kit.sheets.cells import text_of
from povreg.kit.sheets.columns import Column, Layout, Match, SheetSpec, match
from povreg.kit.sheets.reader import HEADER_ROWS, Sheet, SheetError, Workbook, damaged

NOT_THIS = "没有这种表格的表头"
HIDDEN = "隐藏的工作表，没有读取；要用请指定"
LEFT_OUT = "指定不读取"
EMPTY = "空白"


@dataclass(frozen=True)
class Wish:
    """What somebody decided about one sheet of a file: read it or not, in which row its header ends, and whether its
    hidden rows are read."""

    use: bool | None = None
    header_row: int | None = None
    hidden: bool = True


@dataclass(frozen=True)
class Wishes:
    """What was decided by hand about a file: ``columns`` by header or letter, ``sheets`` by name, and the kinds of
    questions that were answered with yes (``confirmed``)."""

    columns: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, Wish] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()

    def of(self, sheet: str) -> Wish:
        return self.sheets.get(sheet, Wish())


NOTHING = Wishes()


@dataclass(frozen=True)
class Found:
    """A sheet of the layout found in a workbook: its name there, the number of the header's (last) row, the columns,
    and the numbers of rows that are hidden."""

    spec: SheetSpec
    sheet: str
    header_row: int
    headers: Sequence[Any]
    match: Match
    hidden: frozenset[int] = frozenset()

    @property
    def rank(self) -> tuple[bool, bool, int]:
        return not self.match.missing(self.spec), self.sheet == self.spec.name, len(self.match.columns)


@dataclass(frozen=True)
class Seen:
    """A sheet of the file: what it was found to be, or why it is left out."""

    sheet: Sheet
    found: Found | None
    why: str = ""


def headers_of(sheet: Sheet, spec: SheetSpec, wishes: Wishes = NOTHING) -> Found | None:
    """The header of ``spec`` in a sheet: the row, or two rows, with most of its columns."""
    if sheet.top is None:
        return None
    wish, best = wishes.of(sheet.name), None
    rows = dict(sheet.top)
    for number, cells in rows.items():
        for found in _readings(sheet, spec, number, cells, rows, wishes):
            if wish.header_row not in (None, found.header_row) or not found.match.columns:
                continue
            if best is None or _better(found, best):
                best = found
    return best


def _better(one: Found, other: Found) -> bool:
    def weight(found: Found) -> tuple[bool, int]:
        return not found.match.missing(found.spec), len(found.match.columns) + len(found.match.doubtful)

    return weight(one) > weight(other)


def _readings(
    sheet: Sheet, spec: SheetSpec, number: int, cells: list[Any], rows: Mapping[int, list[Any]], wishes: Wishes
) -> list[Found]:
    """A row as a header by itself, and together with the row below it."""
    found = [_found(sheet, spec, number, cells, (), rows, wishes)]
    below = rows.get(number + 1)
    if below is not None:
        groups = _spread(number, cells, sheet)
        width = max(len(below), len(cells))
        lower = [*below, *[""] * (width - len(below))]
        upper = [*cells, *[""] * (width - len(cells))]
        headers = [low if text_of(low) else high for low, high in zip(lower, upper, strict=True)]
        above = [group if text_of(low) else "" for low, group in zip(lower, groups + [""] * width, strict=False)]
        found.append(_found(sheet, spec, number + 1, headers, above, rows, wishes))
    return found


def _spread(number: int, cells: Sequence[Any], sheet: Sheet) -> list[Any]:
    """Headings of groups over every column they stand for: where cells are merged over those, else up to the next."""
    groups, last = list(cells), ""
    for at, cell in enumerate(groups):
        last = groups[at] = cell if text_of(cell) else last
    for (top, left), (_bottom, right) in sheet.merged:
        if top == number - 1 and left < len(groups):
            for at in range(left + 1, min(right + 1, len(groups))):
                groups[at] = groups[left]
    return groups


def _found(
    sheet: Sheet, spec: SheetSpec, header_row: int, headers: list[Any], above: Sequence[Any],
    rows: Mapping[int, list[Any]], wishes: Wishes,
) -> Found:  # fmt: skip
    below = [cells for number, cells in rows.items() if number > header_row]

    def filled(position: int) -> bool:
        return any(position < len(cells) and text_of(cells[position]) for cells in below)

    matched = match(spec, headers, wishes.columns, above, filled)
    if matched.doubtful and "two_columns" in wishes.confirmed:
        matched = _take_likeliest(matched)
    return Found(spec, sheet.name, header_row, headers, matched, sheet.hidden)


def _take_likeliest(matched: Match) -> Match:
    taken = {positions[0]: column for column, positions in matched.doubtful}
    return Match(
        {**matched.columns, **taken}, matched.unknown, (), matched.in_thousands, matched.unknown_at
    )  # fmt: skip


def find_sheet(book: Workbook, spec: SheetSpec, wishes: Wishes = NOTHING) -> Found | None:
    """Where in the workbook the sheet ``spec`` is: under its own name, else the header with most of its columns."""
    found = [each for name in book.sheet_names if (each := headers_of(book.sheet(name), spec, wishes))]
    visible = [each for each in found if book.sheet(each.sheet).visible]
    return max(visible or found, key=lambda each: each.rank, default=None)


def look_over(book: Workbook, layout: Layout, wishes: Wishes = NOTHING) -> list[Seen]:
    """Every sheet of the workbook, in its order: which sheet of the layout it is, or why it is not read.

    A sheet that resembles two sheets of the layout is the one it is named after, else the one it resembles more. A
    hidden sheet is read only where no visible one has the header, or when it was asked for.
    """
    best = {name: _best(book.sheet(name), layout, wishes) for name in book.sheet_names}
    read = {name: each for name, each in best.items() if each and not each.match.missing(each.spec)}
    shown = any(book.sheet(name).visible and wishes.of(name).use is not False for name in read)
    return [_seen(book.sheet(name), each, wishes.of(name), shown) for name, each in best.items()]


def _best(sheet: Sheet, layout: Layout, wishes: Wishes) -> Found | None:
    found = [each for spec in layout.sheets if (each := headers_of(sheet, spec, wishes))]
    return max(found, key=lambda each: each.rank, default=None)


def _seen(sheet: Sheet, found: Found | None, wish: Wish, others: bool) -> Seen:
    if wish.use is False:
        return Seen(sheet, None, LEFT_OUT)
    if sheet.top is not None and not sheet.top:
        return Seen(sheet, None, EMPTY)
    if found is None:
        return Seen(sheet, None, "内容已损坏" if sheet.top is None else NOT_THIS)
    if not sheet.visible and others and wish.use is None:
        return Seen(sheet, None, HIDDEN)
    missing = found.match.missing(found.spec)
    if missing and wish.use is None and others:
        return Seen(sheet, None, f"{NOT_THIS}（缺少列：{_named(missing)}）")
    return Seen(sheet, found)


def _named(columns: Sequence[Column]) -> str:
    return "、".join(column.header for column in columns)


def open_sheets(book: Workbook, layout: Layout, wishes: Wishes = NOTHING) -> list[Found]:
    """Every sheet of the workbook that has the layout's header, in the order of the layout, then of the workbook.

    Raises SheetError when none is there, or when one lacks a column without which it cannot be read.
    """
    seen = look_over(book, layout, wishes)
    order = list(layout.sheets)
    found = sorted((each.found for each in seen if each.found), key=lambda each: order.index(each.spec))
    names = "、".join(f"“{spec.name}”" for spec in layout.sheets)
    if not found:
        for name in book.sheet_names:
            if book.sheet(name).top is None:
                raise damaged(name)
        raise SheetError(
            f"文件里找不到{layout.label}的表头（前 {HEADER_ROWS} 行）。"
            f"请下载空白模板对照列名，或指定表头在哪一行：{names}。"
        )
    for each in found:
        if missing := each.match.missing(each.spec):
            raise SheetError(
                f"工作表“{each.sheet}”缺少列：{_named(missing)}。"
                f"请补上这些列（表头写在前 {HEADER_ROWS} 行内），再试一次。"
            )
    return found


@dataclass(frozen=True)
class Proposal:
    """A layout that a workbook may have. ``lost`` are columns of the file that it does not know and another does;
    ``share`` is how much of layout and file fit."""

    layout: Layout
    share: float
    matched: int
    lost: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        lost = f"，但不认识“{'”“'.join(self.lost[:4])}”" if self.lost else ""
        return f"认出 {self.matched} 列{lost}"


def propose_layouts(book: Workbook, layouts: Sequence[Layout]) -> list[Proposal]:
    """The layouts whose necessary columns the workbook has, best first: one that loses no column another would read
    comes before one that does, then the larger share counts."""
    fits = [(layout, found) for layout in layouts if (found := _fitting(book, layout))]
    known = [{text for each in found for text in _read_headers(each)} for _, found in fits]
    proposals = []
    for (layout, found), own in zip(fits, known, strict=True):
        unknown = {text for each in found for text in each.match.unknown}
        lost = tuple(sorted(text for text in unknown if text not in own and any(text in other for other in known)))
        matched = sum(len(each.match.columns) + len(each.match.doubtful) for each in found)
        alien = len(unknown)
        share = matched / (sum(len(spec.columns) for spec in layout.sheets) * _times(found, layout) + alien)
        proposals.append(Proposal(layout, share, matched, lost))
    return sorted(proposals, key=lambda each: (len(each.lost), -each.share))


def _times(found: Sequence[Found], layout: Layout) -> float:
    return max(len(found) / len(layout.sheets), 1)


def _read_headers(found: Found) -> list[str]:
    return [str(found.headers[at]).strip() for at in found.match.columns]


def _fitting(book: Workbook, layout: Layout) -> list[Found]:
    """The sheets of a layout where every one is there with its necessary columns, else none."""
    seen = [each.found for each in look_over(book, layout) if each.found]
    there = {each.spec.name for each in seen if not each.match.missing(each.spec)}
    whole = [each for each in seen if not each.match.missing(each.spec)]
    return whole if len(there) == len(layout.sheets) else []


def find_layout(book: Workbook, layouts: Sequence[Layout]) -> Layout | None:
    """The layout the workbook has, where there is no doubt; None where there is none, or where the best one would lose
    a column that is filled."""
    proposals = propose_layouts(book, layouts)
    return proposals[0].layout if proposals and not proposals[0].lost else None
