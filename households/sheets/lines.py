"""Which rows of a sheet are data: totals, signatures, repeated headers and prepared blank lines are left out and named;
what a household's first row says once is said for its members, too."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise
from typing import Any

from households.models.codes import HEAD
from povreg.kit.sheets.cells import BLANKS, text_of
from povreg.kit.sheets.columns import plain_header
from povreg.kit.sheets.finding import Found
from povreg.kit.sheets.reader import Row

FIRST_LOOK = 200  # rows looked at to see how a sheet writes its households
WHO = ("member.name", "row.id_no", "row.person_no")
"""A row that fills one of these is data, whatever else it says."""
ONCE = ("row.household_no", "row.township", "row.village")
_TOTAL = re.compile(r"(?:.{0,12})(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*数)(?:[:：].*|\(.*\)|（.*）)?")
_SIGNED = re.compile(
    r"(?:填表|制表|审核|复核|负责|经办|填报|联系|分管|主管|审批|统计|登记)(?:人|单位|日期|时间|领导|负责人)?(?:签[字名章])?\s*[:：].*"
    r"|(?:单位|部门)?(?:负责人|领导|盖章|签字|签章|公章|日期|时间|单位|电话)(?:\(.*\)|（.*）)?\s*[:：].*|年\s*月\s*日"
)
_NOTE = re.compile(r"(?:备\s*注|说\s*明|注|填表说明|附注)\s*\d*\s*[:：].*|以下空白|本表一式.*")


class Lines:
    """The data rows of a found sheet; ``skipped`` are the others, ``hidden`` counts the hidden ones that were read."""

    def __init__(self, found: Found, rows: Iterable[Row], *, hidden: bool = True) -> None:
        self.found = found
        self.rows = rows
        self.read_hidden = hidden
        self.skipped: list[tuple[int, str]] = []
        self.hidden = 0
        at = {column.field: position for position, column in found.match.columns.items()}
        self.who = [at[name] for name in WHO if name in at] or [at[name] for name in ONCE[:1] if name in at]
        self.headings = frozenset(text for at in self.who if (text := found.headers[at]))
        self.once = [at[name] for name in ONCE if name in at]
        self.number, self.village = at.get("row.household_no"), at.get("row.village")
        self.relation = at.get("member.relation")
        self.heads = self._words_of_head()
        self.first: list[Any] | None = None
        self.written_once = False
        self.read = sorted(
            position for position, column in found.match.columns.items() if not column.field.startswith("place.")
        )

    def _words_of_head(self) -> frozenset[str]:
        if self.relation is None:
            return frozenset()
        kind = self.found.match.columns[self.relation].kind
        words = ("户主", "本人", "本人或户主", "户主本人", HEAD, "1")
        return frozenset(word for word in words if kind.parse(word) == HEAD)

    def __iter__(self) -> Iterator[Row]:
        source = iter(self.rows)
        beginning = list(islice(source, FIRST_LOOK))
        self.written_once = self._writes_once(beginning)
        last = self.found.header_row
        for number, cells in chain(beginning, source):
            what = self._no_data(cells)
            if what:
                self.skipped.append((number, what))
                self.first = None if what == "合计" else self.first
                continue
            if number in self.found.hidden:
                if not self.read_hidden:
                    self.skipped.append((number, "隐藏的行"))
                    continue
                self.hidden += 1
            self.skipped += [(blank, "空行") for blank in range(last + 1, number) if last > self.found.header_row]
            last = number
            yield number, self._completed(cells)

    def _no_data(self, cells: list[Any]) -> str:
        """What a row is that is no data; empty for data."""
        width = len(cells)
        said = [cells[at] for at in self.who if at < width and cells[at] != ""]
        if said and any(text_of(cell) not in BLANKS for cell in said):
            return self._beside_data(cells, said)
        texts = [text for cell in cells if (text := text_of(cell))]
        if not texts:
            return "空行"
        if any(map(_TOTAL.fullmatch, texts[:2])):
            return "合计"
        if any(map(_SIGNED.fullmatch, texts)):
            return "签字或填报信息"
        if any(map(_NOTE.fullmatch, texts)):
            return "备注"
        if not any(at < width and text_of(cells[at]) for at in self.read):
            return "空行"
        if len(texts) == 1 and len(self.read) > 4 and (self.number is None or self._blank(cells, self.number)):
            return f"只有一格：{texts[0][:20]}"
        return ""

    def _beside_data(self, cells: list[Any], said: list[Any]) -> str:
        """What a row is whose cells of a person are filled: as a rule data."""
        first = said[0]
        if first.__class__ is str and not first.isdigit():
            if len(first) < 13 and ("计" in first or "总数" in first) and _TOTAL.fullmatch(first.strip()):
                return "合计"
            if (":" in first or "：" in first) and (_SIGNED.fullmatch(first.strip()) or _NOTE.fullmatch(first.strip())):
                return "签字或填报信息"
            return "表头" if first in self.headings and self._is_header(cells) else ""
        return "列号" if self._counts_columns(cells) else ""

    def _is_header(self, cells: list[Any]) -> bool:
        """Whether the header stands here once more, as on every printed page."""
        same = sum(
            1
            for at in self.read
            if at < len(cells) and cells[at] != "" and plain_header(cells[at]) == plain_header(self.found.headers[at])
        )
        return same > 2 and same * 2 > len(self.read)

    def _counts_columns(self, cells: list[Any]) -> bool:
        """Whether the row numbers the columns (1, 2, 3 …)."""
        texts = [text_of(cells[at]) for at in self.read if at < len(cells) and cells[at] != ""]
        if len(texts) < 4 or not all(text.isdigit() and len(text) < 4 for text in texts):
            return False
        numbers = list(map(int, texts))
        return all(later - earlier == 1 for earlier, later in pairwise(numbers))

    def _writes_once(self, rows: list[Row]) -> bool:
        """Whether the members' rows leave the household's number blank throughout."""
        if self.number is None or self.relation is None:
            return False
        blank = filled = 0
        for _, cells in rows:
            if self._is_member(cells):
                if self._blank(cells, self.number):
                    blank += 1
                else:
                    filled += 1
        return blank > 1 and not filled

    def _blank(self, cells: list[Any], at: int) -> bool:
        return at >= len(cells) or cells[at] == "" or not text_of(cells[at])

    def _is_member(self, cells: list[Any]) -> bool:
        relation = "" if self.relation is None or self.relation >= len(cells) else text_of(cells[self.relation])
        return bool(relation) and relation not in self.heads

    def _completed(self, cells: list[Any]) -> list[Any]:
        """The row with the cells its household's first row wrote for all: where number and village (or township and
        village, in a layout without numbers) are both blank, or where the sheet leaves the number blank throughout."""
        if not self.written_once and not any(self._blank(cells, at) for at in self.once):
            self.first = cells
            return cells
        blank = [at for at in self.once if self._blank(cells, at)]
        key = self.number if self.number is not None else self.village
        if key not in blank or not self._is_member(cells):
            self.first = cells
            return cells
        if self.first is None or not (self.written_once or (len(blank) > 1 and self.village in blank)):
            return cells
        completed = cells + [""] * (max(self.once) + 1 - len(cells))
        for at in blank:
            completed[at] = self.first[at] if at < len(self.first) else ""
        return completed
