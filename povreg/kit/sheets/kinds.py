"""Kinds of cells: how each is read, what is wrong with it in words, and how it is written back.

``parse`` takes what a spreadsheet gives (text, number, truth value, date) and returns the value, None for a blank cell,
or a :class:`Fault` whose code is a reject code of contract.md section 3. ``write`` gives the cell that ``parse`` reads
back as the same value, for every value the register can hold.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from povreg.kit.idnumber import half_width, normalise

CENT = Decimal("0.01")
MOST_YUAN = Decimal("9999999999.995")  # rounded it would no longer fit
EXACT_DIGITS = 15  # a spreadsheet's numbers hold no more
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")
_BETWEEN = re.compile(r"[,，、;；/|\s]+")
_CONTROL = dict.fromkeys([*range(32), 127])
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 7306, 73051  # 1920 to 2099: a date whose cell lost its format
_DAY = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|(\d{2})(\d{2})?)(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell is refused: the reject code, and a sentence with fault and remedy (without the column's name)."""

    code: str
    message: str


def text_of(cell: Any) -> str:
    """A cell as text: outer blanks and control characters off, whole numbers without a point."""
    if isinstance(cell, str):
        return (cell if cell.isprintable() else cell.translate(_CONTROL)).strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


class Kind:
    """Text of any length; the base of all kinds. ``steady`` kinds have few different values: readers may keep them."""

    steady = False
    numeric = False
    help = "文字"

    def parse(self, cell: Any) -> Any:
        text = text_of(cell)
        return self.read(text, cell) if text else None

    def read(self, text: str, _cell: Any) -> Any:
        """The value of a cell that is not blank, or a Fault."""
        return text

    def write(self, value: Any) -> Any:
        """The cell for a value; None for a blank one."""
        return value or None


@dataclass(frozen=True)
class Text(Kind):
    """Free text; what is longer than ``length`` is cut. ``close`` takes inner blanks out (names of people)."""

    length: int
    close: bool = False

    def read(self, text: str, _cell: Any) -> Any:
        return ("".join(text.split()) if self.close else text)[: self.length]


@dataclass(frozen=True)
class Number(Kind):
    """A running number that is text (户编号): half-width, no blanks."""

    length: int
    help = "编号，请设为文本格式"

    def read(self, text: str, cell: Any) -> Any:
        if not isinstance(cell, str) and len(text) > EXACT_DIGITS:
            return Fault("bad_number", "编号存成了数值，末几位已经丢失；请把这一列设为文本后重新填写")
        text = normalise(text)
        if len(text) > self.length:
            return Fault("bad_number", f"编号超过 {self.length} 个字符，请核对")
        return text


class Phone(Kind):
    """Telephone numbers and bank cards: half-width, no blanks. Masked ones (``138****1234``) say nothing."""

    help = "号码，请设为文本格式"

    def read(self, text: str, _cell: Any) -> Any:
        return None if "*" in text else normalise(text)


class YesNo(Kind):
    """是 or 否; blank is "not recorded"."""

    steady = True
    help = "是 或 否；空白表示未登记"
    words: Mapping[str, bool] = {
        **dict.fromkeys(("是", "有", "1", "y", "yes", "true", "√", "已消除", "风险已消除"), True),
        **dict.fromkeys(("否", "无", "0", "n", "no", "false", "×", "未消除", "风险未消除"), False),
    }

    def read(self, text: str, _cell: Any) -> Any:
        value = self.words.get(half_width(text).lower())
        return Fault("unknown_code", f"“{text[:20]}”不是“是”或“否”，请改填是、否或留空") if value is None else value

    def write(self, value: Any) -> Any:
        return None if value is None else "是" if value else "否"


@dataclass(frozen=True)
class Choice(Kind):
    """A code out of a code table, written as its label. ``find`` knows every spelling, ``labels`` the national ones."""

    find: Callable[[str], str | None]
    labels: Callable[[], Mapping[str, str]]
    steady = True

    def read(self, text: str, _cell: Any) -> Any:
        code = self.find(text)
        if code is None:
            return Fault("unknown_code", f"“{text[:20]}”不在可填的范围内，请改填：{self._some()}")
        return code

    def write(self, value: Any) -> Any:
        return self.labels().get(value, value) or None

    def _some(self) -> str:
        names = list(self.labels().values())
        return "、".join(names[:8]) + ("等" if len(names) > 8 else "")

    @property
    def help(self) -> str:  # type: ignore[override]
        return "填名称或代码：" + "、".join(self.labels().values())


@dataclass(frozen=True)
class Several(Kind):
    """Codes out of a table, in their order; ``alone`` is one that stands beside no other."""

    one: Choice
    alone: str = ""
    steady = True

    def read(self, text: str, cell: Any) -> Any:
        codes: list[str] = []
        parts = [text] if self.one.find(text) else _BETWEEN.split(text)
        for part in filter(None, parts):
            code = self.one.read(part, cell)
            if isinstance(code, Fault):
                return code
            codes += [code] if code not in codes else []
        if self.alone in codes and len(codes) > 1:
            return Fault("unknown_code", f"“{self.one.write(self.alone)}”不能与其他几项同填，请只留一种说法")
        return codes or None

    def write(self, value: Any) -> Any:
        labels = self.one.labels()
        return ",".join(labels.get(code, code) for code in value or ()) or None

    @property
    def help(self) -> str:  # type: ignore[override]
        return f"{self.one.help}；有几项的用逗号隔开"


def _plain_number(text: str) -> Decimal | None:
    text = half_width(text)
    if not _NUMBER.fullmatch(text) or not any(map(str.isdigit, text)):
        return None
    return Decimal(text.replace(",", ""))


class Yuan(Kind):
    """An amount in yuan, rounded half up to cents."""

    numeric = True
    help = "金额（元），最多两位小数"

    def read(self, text: str, cell: Any) -> Any:
        amount = None if isinstance(cell, bool) else _plain_number(f"{cell:f}" if isinstance(cell, float) else text)
        if amount is None:
            return Fault("bad_number", f"“{text[:20]}”不是数字，请只填阿拉伯数字（元）")
        if abs(amount) >= MOST_YUAN:
            return Fault("bad_number", "金额过大，请核对单位（元）")
        exact = Decimal(repr(cell)) if isinstance(cell, float) else amount
        return exact.quantize(CENT, ROUND_HALF_UP)

    def write(self, value: Any) -> Any:
        return None if value is None else float(value)


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number between two bounds."""

    least: int
    most: int
    suffix: str = ""
    steady = True
    numeric = True

    def read(self, text: str, cell: Any) -> Any:
        number = None if isinstance(cell, bool) else _plain_number(text.removesuffix(self.suffix))
        if number is None or number != int(number):
            return Fault("bad_number", f"“{text[:20]}”不是整数，请只填阿拉伯数字")
        if not self.least <= number <= self.most:
            return Fault("bad_number", f"应在 {self.least} 到 {self.most} 之间，请核对")
        return int(number)

    def write(self, value: Any) -> Any:
        return value

    @property
    def help(self) -> str:  # type: ignore[override]
        return f"整数，{self.least} 到 {self.most}"


class Day(Kind):
    """A day: an Excel date, ``YYYY-MM-DD``, ``YYYY/M/D``, ``YYYY年M月D日``, or a month, which is its first day."""

    steady = True
    help = "日期，如 2020-09-30"

    def read(self, text: str, cell: Any) -> Any:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if isinstance(cell, int | float) and _FIRST_SERIAL <= cell < _LAST_SERIAL:
            return _EXCEL_EPOCH + timedelta(days=int(cell))
        return _read_day(half_width(text)) or Fault("bad_date", f"“{text[:20]}”不是日期，请改填如 {self.example}")

    example = "2020-09-30"

    def write(self, value: Any) -> Any:
        return value.isoformat() if value else None


def _read_day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day, month_only, day_only = found.groups()
    try:
        read = date(int(year), int(month or month_only), int(day or day_only or 1))
    except ValueError:
        return None
    return read if 1900 <= read.year <= 2100 else None


class Month(Day):
    """A month as ``YYYYMM``, kept as its first day; a full date is read and written as such."""

    help = "年月，如 202009"
    example = "202009"

    def write(self, value: Any) -> Any:
        if not value:
            return None
        return f"{value.year:04}{value.month:02}" if value.day == 1 else value.isoformat()
