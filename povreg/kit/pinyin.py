"""Pinyin of names: initials for pickers that are typed into (关面乡 is found by "gmx"), whole syllables for people."""

import os
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import import_module

# Characters only, and as they are: its 47,000 phrases take half a second to read.
WITHOUT_PHRASES = {"PYPINYIN_NO_PHRASES": "1", "PYPINYIN_NO_DICT_COPY": "1"}

# Where the commonest reading is not the one of place names and surnames.
READINGS = {
    "长": "chang", "重": "chong", "厦": "xia", "曾": "zeng", "翟": "zhai", "覃": "qin", "仇": "qiu", "解": "xie",
    "单": "shan", "卜": "bu",
}  # fmt: skip
PHRASES = {"解放": "jf", "单家集": "djj", "铅山": "ys", "涡阳": "gy", "番禺": "py", "莘庄": "xz", "黄埔": "hp"}
_PHRASE = re.compile("|".join(map(re.escape, PHRASES)))
# Surnames that are read otherwise than the same character elsewhere.
SURNAMES = {
    "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"),
    "查": ("zha",), "区": ("ou",), "朴": ("piao",), "盖": ("ge",), "员": ("yun",), "种": ("chong",),
    "缪": ("miao",), "乐": ("yue",), "召": ("shao",), "折": ("she",), "秘": ("bi",), "能": ("nai",),
    "燕": ("yan",), "繁": ("po",), "洗": ("xian",), "祭": ("zhai",), "柏": ("bai",), "任": ("ren",),
}  # fmt: skip


def _readings() -> Mapping[int, str]:
    """The package's table, read when a name is first spelled: most commands and pages spell none."""
    os.environ.update(WITHOUT_PHRASES)
    table: Mapping[int, str] = import_module("pypinyin.constants").PINYIN_DICT
    return table


@cache
def _syllables() -> dict[int, str]:
    """Every character's commonest reading without tones; full-width letters and digits as half-width ones."""
    table = {code: _plain(readings.split(",")[0]) for code, readings in _readings().items()}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)}
    return table | {ord(character): reading for character, reading in READINGS.items()}


@cache
def _letters() -> dict[int, str]:
    return {code: syllable[0] for code, syllable in _syllables().items()}


def _plain(reading: str) -> str:
    """Tones off, ü as people type it: "lǚ" gives "lv", "ér" gives "er"."""
    letters = unicodedata.normalize("NFKD", reading).replace("u\u0308", "v").lower()
    return "".join(letter for letter in letters if letter.isascii())


def _kept(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum()).lower()


def initials(text: str) -> str:
    """First letters of the characters, small; letters and digits stay, everything else is left out."""
    return _kept(_PHRASE.sub(lambda found: PHRASES[found.group()], text).translate(_letters()))


def name_spelled(name: str) -> tuple[str, str]:
    """A person's name as initials and as whole syllables ("zw", "zhangwei"), the surname as surnames are read."""
    surname = next((length for length in (2, 1) if name[:length] in SURNAMES), 0)
    first = SURNAMES.get(name[:surname], ())
    rest = name[surname:]
    return (
        "".join(syllable[0] for syllable in first) + _kept(rest.translate(_letters())),
        "".join(first) + _kept(rest.translate(_syllables())),
    )


def typed_pinyin(text: str) -> str:
    """Pinyin as somebody typed it, as names are spelled here: "Zhāng wěi" and "zhang'wei" give "zhangwei"."""
    return _kept(_plain(text).replace("lyu", "lv").replace("nyu", "nv"))
