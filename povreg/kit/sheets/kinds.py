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

from django.utils import timezone

from povreg.kit.boxed.workbook import UNCALCULATED as UNCALCULATED
from povreg.kit.idnumber import half_width, normalise
from povreg.kit.plaintext import plain_name
from povreg.kit.sheets.cells import (
    AS_NUMBER,
    BLANKS,
    CENT,
    MOST_YUAN,
    Fault,
    Told,
    amount_of,
    error_in,
    lost_digits,
    plain_number,
    text_of,
)

_BETWEEN = re.compile(r"[,，、;；/|\s]+")
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 7306, 73051  # 1920 to 2099: a date whose cell lost its format
_DAY = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|(\d{2})(\d{2})?)(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
)


class Kind:
    """Text of any length; the base of all kinds. ``steady`` kinds have few different values: readers may keep them."""

    steady = False
    numeric = False
    help = "文字"

    def parse(self, cell: Any) -> Any:
        text = text_of(cell)
        if not text or (text in BLANKS and self.says_nothing(text)):
            return None
        if text[0] == "#" and (fault := error_in(text)):
            return fault
        return self.read(text, cell)

    def says_nothing(self, text: str) -> bool:
        """Whether a word of BLANKS stands for a blank cell here."""
        return True

    def read(self, text: str, _cell: Any) -> Any:
        """The value of a cell that is not blank, or a Fault."""
        return text

    def write(self, value: Any) -> Any:
        """The cell for a value; None for a blank one."""
        return value or None


@dataclass(frozen=True)
class Text(Kind):
    """Free text; what is longer than ``length`` is refused, never cut. ``close``: the name of a person."""

    length: int
    close: bool = False

    def read(self, text: str, _cell: Any) -> Any:
        text = plain_name(text) if self.close else text
        if len(text) > self.length:
            return Fault("check", f"有 {len(text)} 个字，最多 {self.length} 个，请写短后重新填写")
        return text


@dataclass(frozen=True)
class Number(Kind):
    """A running number that is text (户编号): half-width, no blanks."""

    length: int
    help = "编号，请设为文本格式"

    def read(self, text: str, cell: Any) -> Any:
        text = normalise(text)
        if lost_digits(cell, text):
            return AS_NUMBER
        if len(text) > self.length:
            return Fault("bad_number", f"编号超过 {self.length} 个字符，请核对")
        return text


class Identity(Kind):
    """Numbers of papers: half-width, no blanks, no mark of text before them. What they say is read elsewhere."""

    help = "号码，请设为文本格式"

    def read(self, text: str, cell: Any) -> Any:
        text = normalise(text)
        return AS_NUMBER if lost_digits(cell, text) else text


_PHONE = re.compile(r"(?:\+?86-?)?(?:1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8}|400-?\d{3}-?\d{4})(?:(?:转|-)\d{1,6})?")
_SEVERAL = re.compile(r"[/、,，;；|\\]|或|(?<=\d{11})\s+(?=1\d{10})")


class Phone(Kind):
    """A telephone number: half-width, no blanks. A masked one (``138****1234``) says nothing; of two the first counts,
    and is told."""

    help = "号码，请设为文本格式"

    def read(self, text: str, cell: Any) -> Any:
        if "*" in text:
            return None
        if lost_digits(cell, normalise(text)):
            return AS_NUMBER
        numbers = [normalise(part).translate(_BRACKETS) for part in _SEVERAL.split(half_width(text)) if part.strip()]
        if not numbers or not all(map(_PHONE.fullmatch, numbers)):
            return Fault("bad_number", f"“{text[:20]}”不是电话号码，请只填一个手机号或带区号的座机号，没有的留空")
        if len(numbers) > 1:
            return Told(numbers[0], "two_phones", "写了不止一个号码，已登记第一个；其余的请另填本人电话或备注")
        return numbers[0]


class Account(Kind):
    """The number of a bank card or account: half-width, no blanks; a masked one says nothing."""

    help = "账号，请设为文本格式"

    def read(self, text: str, cell: Any) -> Any:
        if "*" in text:
            return None
        number = normalise(text)
        if lost_digits(cell, number):
            return AS_NUMBER
        if not (_ACCOUNT.fullmatch(number) and any(map(str.isdigit, number))):
            return Fault("bad_number", f"“{text[:20]}”不是银行账号，请对照银行卡或存折填写，没有的留空")
        return number


_BRACKETS = str.maketrans({"(": "", ")": "-"})
_ACCOUNT = re.compile(r"[0-9A-Z-]{8,34}")


class YesNo(Kind):
    """是 or 否; blank is "not recorded"."""

    steady = True
    help = "是 或 否；空白表示未登记"
    words: Mapping[str, bool] = {
        **dict.fromkeys(("是", "有", "1", "y", "yes", "true", "√", "已消除", "风险已消除"), True),
        **dict.fromkeys(("否", "0", "n", "no", "false", "×", "未消除", "风险未消除"), False),
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

    def says_nothing(self, text: str) -> bool:
        return self.find(text) is None

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

    def says_nothing(self, text: str) -> bool:
        return self.one.find(text) is None

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


@dataclass(frozen=True)
class Yuan(Kind):
    """An amount in yuan, rounded half up to cents. Below ``least`` the rule of entry (``check``) has its say."""

    least: Decimal | None = None
    numeric = True
    help = "金额（元），最多两位小数"

    def read(self, text: str, cell: Any) -> Any:
        if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
            amount = None
        elif isinstance(cell, float):
            amount = plain_number(f"{cell:f}")
        else:
            amount = plain_number(text) if " " in text else amount_of(text)
        if amount is None:
            return Fault("bad_number", f"“{text[:20]}”不是数字，请只填阿拉伯数字（元）")
        if abs(amount) >= MOST_YUAN:
            return Fault("bad_number", "金额过大，请核对单位（元）")
        exact = Decimal(repr(cell)) if isinstance(cell, float) else amount
        rounded = exact.quantize(CENT, ROUND_HALF_UP)
        if self.least is not None and amount < self.least:
            return Told(rounded, "check", "不能是负数，请改正")
        return rounded

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
        number = None if isinstance(cell, bool) else plain_number(text.removesuffix(self.suffix))
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


@dataclass(frozen=True)
class Day(Kind):
    """A day: an Excel date, ``YYYY-MM-DD``, ``YYYY/M/D``, ``YYYY年M月D日``, or a month, which is its first day.

    ``first`` is the earliest that can be; ``past``: days to come are refused, with the words of entry.
    """

    first: date = date(1900, 1, 1)
    past: bool = False
    today: Callable[[], date] = date.today
    steady = True
    help = "日期，如 2020-09-30"
    example = "2020-09-30"

    def read(self, text: str, cell: Any) -> Any:
        found = self._day(text, cell)
        if found is None:
            return Fault("bad_date", f"“{text[:20]}”不是日期，请改填如 {self.example}")
        day = found.value if isinstance(found, Told) else found
        if self.past and day > self.today():
            return Fault("bad_date", f"{day:%Y-%m-%d} 还没有到，请核对")
        if day < self.first:
            return Fault("bad_date", f"{day:%Y-%m-%d} 太早，应不早于 {self.first.year} 年，请核对")
        return found

    def _day(self, text: str, cell: Any) -> date | Told | None:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            if _FIRST_SERIAL <= cell < _LAST_SERIAL:
                return _EXCEL_EPOCH + timedelta(days=int(cell))
            if isinstance(cell, float) and _TENTH_OF_YEAR.fullmatch(text):
                return _lost_zero(text)
        return _read_day(half_width(text))

    def write(self, value: Any) -> Any:
        """The day itself: workbooks hold dates as dates."""
        return value or None


@dataclass(frozen=True)
class Moment(Kind):
    """A moment to the second, in local time: a spreadsheet knows no zones. Only what leaves has it."""

    help = "日期和时间，如 2020-09-30 08:05:00"

    def read(self, text: str, cell: Any) -> Any:
        if isinstance(cell, datetime):
            return cell
        try:
            return datetime.fromisoformat(half_width(text))
        except ValueError:
            return Fault("bad_date", f"“{text[:20]}”不是日期和时间，请改填如 2020-09-30 08:05:00")

    def write(self, value: Any) -> Any:
        if value is None:
            return None
        return (timezone.localtime(value) if timezone.is_aware(value) else value).replace(tzinfo=None, microsecond=0)


_TENTH_OF_YEAR = re.compile(r"(?:19|20)\d{2}\.1")


def _lost_zero(text: str) -> Told:
    """2014.1 in a number cell: a spreadsheet has dropped the nought of 2014.10, or January was meant."""
    year = int(text[:4])
    message = (
        f"{text} 存成了数值，可能是 {year} 年 10 月（末尾的 0 被表格去掉了），没有写入；"
        f"确认后按 10 月登记，是 1 月的请改填 {year}01"
    )
    return Told(date(year, 10, 1), "month_zero", message, asks=True)


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


@dataclass(frozen=True)
class Month(Day):
    """A month as ``YYYYMM``, kept as its first day; a full date is read and written as such."""

    help = "年月，如 202009"
    example = "202009"

    def write(self, value: Any) -> Any:
        if not value:
            return None
        return f"{value.year:04}{value.month:02}" if value.day == 1 else value.isoformat()
