"""What a cell says before a kind reads it: text, errors, digits lost, amounts."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from povreg.kit.boxed.workbook import UNCALCULATED as UNCALCULATED
from povreg.kit.idnumber import half_width
from povreg.kit.plaintext import seen

CENT = Decimal("0.01")
MOST_YUAN = Decimal("9999999999.995")  # rounded it would no longer fit
EXACT_DIGITS = 15  # a spreadsheet's numbers hold no more
BLANKS = frozenset(
    {"/", "//", "\\", "-", "--", "---", "—", "——", "－", "–", "―", "无", "暂无", "空", "空白", "未填", "*"}
)
"""What people write into a cell that has nothing to say."""
ERRORS = re.compile(r"#(N/?A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|####*)", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d{2}", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell is refused: the reject code, and a sentence with fault and remedy (without the column's name)."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Told:
    """A value that is taken, with something to be said about it. With ``asks`` it is taken only where the question of
    this code was answered with yes; until then the cell says nothing."""

    value: Any
    code: str
    message: str
    asks: bool = False


AS_NUMBER = Fault(
    "id_as_number", "存成了数值，表格只保留前 15 位，后几位已经丢失；请把这一列设为文本后，对照原件重新填写"
)
LOST = Fault("error_value", "公式没有计算结果，读不到数；请在 Excel 或 WPS 中打开、保存一次，或改填数值")


def error_in(text: str) -> Fault | None:
    """The fault of a cell that holds an error of the spreadsheet, or a formula that was never calculated."""
    if text == UNCALCULATED:
        return LOST
    if ERRORS.fullmatch(text):
        return Fault("error_value", f"单元格是错误值 {text[:12]}，请改填正确的内容，没有的留空")
    return None


def lost_digits(cell: Any, text: str) -> bool:
    """Whether a cell holds a number of more digits than a spreadsheet keeps, or what one looks like as text."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return abs(cell) >= 10**EXACT_DIGITS
    return bool(_SCIENTIFIC.fullmatch(text))


def text_of(cell: Any) -> str:
    """A cell as text: outer blanks and what cannot be seen off, whole numbers without a point."""
    if isinstance(cell, str):
        return cell.strip() if cell.isascii() and cell.isprintable() else seen(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def plain_number(text: str) -> Decimal | None:
    text = half_width(text)
    if not _NUMBER.fullmatch(text) or not any(map(str.isdigit, text)):
        return None
    return Decimal(text.replace(",", ""))


_AMOUNT = re.compile(r"(?:人民币|RMB|[￥¥])?(?P<number>[^万元]+?)(?P<unit>万元|万|元)?(?:/年|每年|整)?")
TEN_THOUSAND = 10_000


def amount_of(text: str) -> Decimal | None:
    """The yuan that a text says: 5321.5元, ￥5,321.50, 0.53万元."""
    found = _AMOUNT.fullmatch("".join(half_width(text).split()))
    number = plain_number(found["number"]) if found else None
    if number is None or found is None:
        return None
    return number * TEN_THOUSAND if (found["unit"] or "").startswith("万") else number
