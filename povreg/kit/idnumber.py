"""Resident identity numbers (GB 11643-1999) and disability certificates that start with one.

Rules and reject codes: contract.md section 3; dictionary.md section 7 group 1.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import mul

from povreg.kit.plaintext import UNSEEN

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
_NOUGHTS = ord("0") * sum(WEIGHTS)
EARLIEST_BIRTH = date(1900, 1, 1)
TEXT_MARKS = "'`‘’"
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class IdFault(StrEnum):
    """Why an identity number is refused; the value is the reject code."""

    LENGTH = "id_length"
    BIRTHDATE = "id_birthdate"
    CHECKSUM = "id_checksum"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A well-formed number and what it says. ``upgraded`` when it was given with 15 digits."""

    text: str
    birth_date: date
    sex: str
    area: str
    is_certificate: bool
    upgraded: bool


def half_width(text: str) -> str:
    """Full-width digits, letters and blanks become half-width."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def normalise(raw: str) -> str:
    """Blanks, what cannot be seen and a mark of text before it removed, half-width, ``x`` to ``X``."""
    text = half_width(raw)
    if not text.isascii():
        text = text.translate(UNSEEN)
    return "".join(text.split()).lstrip(TEXT_MARKS).upper()


def check_digit(first17: str) -> str:
    """The 18th character for 17 digits (of ASCII)."""
    return CHECK_DIGITS[(sum(map(mul, first17.encode("ascii"), WEIGHTS)) - _NOUGHTS) % 11]


def upgrade(digits15: str) -> str:
    """A number of the first generation as one of 18: century 19 put in, check digit appended."""
    first17 = f"{digits15[:6]}19{digits15[6:]}"
    return first17 + check_digit(first17)


def _birth_date(text: str, today: date) -> date | None:
    born = _day(text[6:14])
    return born if born is not None and EARLIEST_BIRTH <= born <= today else None


@lru_cache(maxsize=2**16)
def _day(digits: str) -> date | None:
    """A day of eight digits; a list of any length has no more than those of a century."""
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def parse(raw: str, today: date) -> IdNumber | IdFault:
    """Read an identity number or a certificate of 20 or 22 characters; the first fault found is returned, in the
    order of contract.md section 3 (length, birth date, check digit)."""
    text = normalise(raw)
    upgraded = len(text) == 15 and text.isascii() and text.isdigit()
    if upgraded:
        text = upgrade(text)
    if len(text) not in (18, 20, 22):
        return IdFault.LENGTH
    born = _birth_date(text, today)
    if born is None:
        return IdFault.BIRTHDATE
    first17 = text[:17]
    if not (first17.isascii() and first17.isdigit()) or text[17] != check_digit(first17):
        return IdFault.CHECKSUM
    sex = "1" if int(text[16]) % 2 else "2"
    return IdNumber(text, born, sex, text[:6], len(text) > 18, upgraded)


def age_on(birth_date: date, day: date) -> int:
    """Completed years of age on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
