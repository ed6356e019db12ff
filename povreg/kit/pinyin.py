"""Pinyin initials of names, for pickers that are typed into: 关面乡 is found by "gmx"."""

import re
import unicodedata
from functools import cache

from pypinyin.constants import PINYIN_DICT

# Where the commonest reading is not the one of place names and surnames.
READINGS = {"长": "c", "重": "c", "厦": "x", "曾": "z", "翟": "z", "覃": "q", "仇": "q", "解": "x", "单": "s"}
PHRASES = {"解放": "jf", "单家集": "djj", "铅山": "ys", "涡阳": "gy", "番禺": "py", "莘庄": "xz", "黄埔": "hp"}
_PHRASE = re.compile("|".join(map(re.escape, PHRASES)))


@cache
def _table() -> dict[int, str]:
    """First letter of every character's commonest reading; full-width letters and digits as half-width ones."""
    table = {code: _letter(readings.split(",")[0]) for code, readings in PINYIN_DICT.items()}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)}
    return table | {ord(character): letter for character, letter in READINGS.items()}


def _letter(reading: str) -> str:
    """Tones off: "ér" gives "e"."""
    return unicodedata.normalize("NFD", reading)[0].lower()


def initials(text: str) -> str:
    """First letters of the characters, small; letters and digits stay, everything else is left out."""
    spelled = _PHRASE.sub(lambda found: PHRASES[found.group()], text).translate(_table())
    return "".join(letter for letter in spelled if letter.isascii() and letter.isalnum()).lower()
