"""Columns, sheets and layouts; finding columns by the text of their headers."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from povreg.kit.idnumber import half_width
from povreg.kit.plaintext import UNSEEN
from povreg.kit.sheets.kinds import Kind

REASON_HEADER = "退回原因"
MARKS = str.maketrans("", "", "()[]【】〔〕*※★☆#:.。、_-“”\"'")
_NUMBERING = re.compile(r"^(?:[*※★☆#]+|\d{1,2}[.、)]|[(]\d{1,2}[)])+")
_DECORATION = re.compile(
    r"[(\[【〔](?:必填项?|选填|必录|可?不填|单位.*|万?元(?:/?[年人月])*|个?月|年|亩|人|岁|平方米|㎡|m2|公里|千米|是[/或、]?否"
    r"|下拉.*|.*格式.*|.*选择.*|[如例].*|\d+位.*|文本.*|yyyy.*|年月日?)[)\]】〕]|(?:必填|选填)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Column:
    """One column: its header and older wordings of it, where its value goes, how it is read and written.

    ``must_exist``: without the column the sheet cannot be read. ``must_fill``: a blank cell rejects the row.
    ``listed`` False: understood when it is there, but no part of the layout that is written.
    """

    header: str
    field: str
    kind: Kind
    also: tuple[str, ...] = ()
    must_exist: bool = False
    must_fill: bool = False
    note: str = ""
    width: float = 12.0
    listed: bool = True

    def headers(self) -> tuple[str, ...]:
        return (self.header, *self.also)


@dataclass(frozen=True)
class SheetSpec:
    """One sheet of a layout. ``title`` is a first row above the header, as the older national exports had."""

    name: str
    unit: str
    columns: tuple[Column, ...]
    title: str = ""

    @property
    def listed(self) -> tuple[Column, ...]:
        """The columns that templates and exports have."""
        return tuple(column for column in self.columns if column.listed)

    def column(self, field_path: str) -> Column:
        """The column of a field. Raises KeyError where the sheet has none."""
        return next((column for column in self.columns if column.field == field_path), None) or _no_column(field_path)

    def has(self, field_path: str) -> bool:
        return any(column.field == field_path for column in self.columns)


def _no_column(field_path: str) -> Column:
    raise KeyError(field_path)


@dataclass(frozen=True)
class Layout:
    """A workbook as offices exchange it: one sheet or several."""

    code: str
    label: str
    sheets: tuple[SheetSpec, ...]
    about: str = ""


def plain_header(text: Any) -> str:
    """A header as it is compared: half-width, without blanks, line breaks, marks and what cannot be seen."""
    return "".join(half_width(str(text or "")).translate(UNSEEN).split()).translate(MARKS).lower()


def bare_header(text: Any) -> str:
    """A header without numbering, stars and brackets that say nothing of what the column holds: 务工时间（月） is
    务工时间, 户编号（必填） is 户编号; 姓名（帮扶人） keeps its brackets."""
    whole = "".join(half_width(str(text or "")).translate(UNSEEN).split())
    return plain_header(_DECORATION.sub("", _NUMBERING.sub("", whole)))


def in_ten_thousands(text: Any) -> bool:
    """Whether a header says that its amounts are in 万元."""
    return "万元" in half_width(str(text or ""))


def letter_of(position: int) -> str:
    """The letter of a column as the spreadsheet shows it; positions count from 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def by_letter(position: int) -> str:
    """The key under which one column is assigned by hand, whatever its header says."""
    return f"@{letter_of(position)}"


@dataclass(frozen=True)
class Match:
    """Which column of a sheet stands where. Positions count from 0.

    ``doubtful`` are columns whose header stands over several columns, with their positions, likeliest first: none of
    them is taken until somebody says which. ``in_thousands`` are positions whose amounts are in 万元.
    """

    columns: Mapping[int, Column] = field(default_factory=dict)
    unknown: Sequence[str] = ()
    doubtful: Sequence[tuple[Column, Sequence[int]]] = ()
    in_thousands: frozenset[int] = frozenset()
    unknown_at: Sequence[int] = ()

    def missing(self, spec: SheetSpec) -> list[Column]:
        """Columns without which the sheet cannot be read and that were not found."""
        found = set(map(id, self.columns.values())) | {id(column) for column, _ in self.doubtful}
        return [column for column in spec.columns if column.must_exist and id(column) not in found]


def match(
    spec: SheetSpec,
    headers: Iterable[Any],
    chosen: Mapping[str, str] | None = None,
    groups: Sequence[Any] = (),
    filled: Callable[[int], bool] | None = None,
) -> Match:
    """Find the columns of ``spec`` among the headers of a sheet, in any order.

    ``chosen`` maps headers that match nothing, or columns by letter (``@K``), to headers of the layout (empty: leave
    out). ``groups`` are the headings above, of which a header may be a part (户 over 联系电话). ``filled`` tells
    whether a column holds anything: of several columns with one header an empty one is no rival. The rejects' reason is
    never a column.
    """
    names = _Names(spec, chosen or {})
    texts = list(headers)
    above = [*groups, *[""] * (len(texts) - len(groups))]
    wanted: dict[int, list[int]] = {}
    known = {id(column): column for column in spec.columns}
    unknown: list[int] = []
    for position, header in enumerate(texts):
        column = names.column_at(position, header, above[position])
        if column is not None:
            wanted.setdefault(id(column), []).append(position)
        elif plain_header(header) not in ("", plain_header(REASON_HEADER)):
            unknown.append(position)
    columns: dict[int, Column] = {}
    rivals: list[tuple[Column, list[int]]] = []
    for key, positions in wanted.items():
        taken = names.settled(positions, filled)
        if taken is None:
            rivals.append((known[key], positions))
            continue
        columns[taken] = known[key]
        unknown += [position for position in positions if position != taken]
    doubtful = tuple((column, _likeliest(spec, column, at, columns, wanted)) for column, at in rivals)
    shown = sorted(unknown)
    return Match(
        dict(sorted(columns.items())), tuple(str(texts[at]).strip() for at in shown), doubtful,
        frozenset(at for at in columns if in_ten_thousands(texts[at])), tuple(shown),
    )  # fmt: skip


class _Names:
    """What the headers of one sheet may be called."""

    def __init__(self, spec: SheetSpec, chosen: Mapping[str, str]) -> None:
        self.exact = {plain_header(name): column for column in spec.columns for name in column.headers()}
        self.bare: dict[str, Column] = {}
        for column in spec.columns:
            for name in column.headers():
                self.bare.setdefault(bare_header(name), column)
        self.by_letter = {key: wanted for key, wanted in chosen.items() if key.startswith("@")}
        self.given = {plain_header(key): wanted for key, wanted in chosen.items() if not key.startswith("@")}

    def column_at(self, position: int, header: Any, above: Any) -> Column | None:
        assigned = self.by_letter.get(by_letter(position))
        if assigned is not None:
            return self.exact.get(plain_header(assigned))
        key = plain_header(header)
        if not key or key == plain_header(REASON_HEADER):
            return None
        whole = plain_header(f"{above}{header}") if above else ""
        found = self.exact.get(whole) or self.exact.get(key) or self.bare.get(bare_header(header))
        return found or self.exact.get(plain_header(self.given.get(key, "")))

    def settled(self, positions: Sequence[int], filled: Callable[[int], bool] | None) -> int | None:
        """The one position that counts, if there is no doubt."""
        by_hand = [at for at in positions if by_letter(at) in self.by_letter]
        if by_hand or len(positions) == 1:
            return (by_hand or positions)[0]
        holding = [at for at in positions if filled(at)] if filled else []
        return holding[0] if len(holding) == 1 else None


def _likeliest(
    spec: SheetSpec, column: Column, positions: Sequence[int], columns: Mapping[int, Column], wanted: Mapping[int, Any]
) -> tuple[int, ...]:
    """Positions with the likeliest first: the one whose neighbours are the column's neighbours in the layout."""
    order = {id(each): at for at, each in enumerate(spec.columns)}
    standing = {at: order[id(each)] for at, each in columns.items()}

    def distance(position: int) -> float:
        beside = [at for at in range(position - 3, position + 4) if at in standing]
        apart = [abs((order[id(column)] - standing[at]) - (position - at)) for at in beside]
        return sum(min(each, 9) for each in apart) / len(apart) if apart else 99

    return tuple(sorted(positions, key=lambda at: (distance(at), -at)))
