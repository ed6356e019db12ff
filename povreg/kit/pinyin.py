"""Pinyin of names: initials for pickers that are typed into (关面乡 is found by "gmx"), whole syllables for people."""

import os
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import NamedTuple

# Characters only, and as they are: its 47,000 phrases take half a second to read.
WITHOUT_PHRASES = {"PYPINYIN_NO_PHRASES": "1", "PYPINYIN_NO_DICT_COPY": "1"}

# Where the commonest reading is not the one of names, whether of places or people.
READINGS = {"长": "chang", "重": "chong", "厦": "xia"}
# Of places only: many are called after a family.
PLACE_READINGS = {
    "曾": "zeng", "翟": "zhai", "覃": "qin", "仇": "qiu", "解": "xie", "单": "shan", "卜": "bu",
}  # fmt: skip
PHRASES = {"解放": "jf", "单家集": "djj", "铅山": "ys", "涡阳": "gy", "番禺": "py", "莘庄": "xz", "黄埔": "hp"}
_PHRASE = re.compile("|".join(map(re.escape, PHRASES)))
# Surnames that are read otherwise than the same character elsewhere.
SURNAMES = {
    "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"),
    "查": ("zha",), "区": ("ou",), "朴": ("piao",), "盖": ("ge",), "员": ("yun",), "种": ("chong",),
    "缪": ("miao",), "乐": ("yue",), "召": ("shao",), "折": ("she",), "秘": ("bi",), "能": ("nai",),
    **{surname: (reading,) for surname, reading in PLACE_READINGS.items()},
    "盛": ("sheng",), "车": ("che",), "华": ("hua",), "宁": ("ning",), "葛": ("ge",), "翁": ("weng",), "黑": ("he",),
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


@cache
def _place_letters() -> dict[int, str]:
    return _letters() | {ord(character): reading[0] for character, reading in PLACE_READINGS.items()}


def _plain(reading: str) -> str:
    """Tones off, ü as people type it: "lǚ" gives "lv", "ér" gives "er"."""
    letters = unicodedata.normalize("NFKD", reading).replace("u\u0308", "v").lower()
    return "".join(letter for letter in letters if letter.isascii())


def _kept(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.lower()
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum()).lower()


def initials(text: str) -> str:
    """First letters of the characters, small; letters and digits stay, everything else is left out."""
    return _kept(_PHRASE.sub(lambda found: PHRASES[found.group()], text).translate(_place_letters()))


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


_SYLLABLE = re.compile(r"[b-df-hj-np-tw-z]{0,2}[aeiouv]+(?:ng|n|r)?")


class Otherwise(NamedTuple):
    """How a name may be kept that was typed by another reading of one of its characters: the spelling to look for, and
    which characters stand at ``place`` (from 0) of the name."""

    spelling: str
    place: int
    characters: str


# Characters of names that people read in more than one way, with the readings beside the commonest one.
ALSO = {
    "乐": "yue", "行": "hang heng", "朝": "zhao", "茜": "qian", "盛": "cheng", "长": "zhang", "重": "zhong",
    "厦": "sha", "柏": "bo", "参": "shen", "都": "dou", "会": "kuai", "降": "xiang", "传": "zhuan",
    "率": "lv", "奇": "ji", "石": "dan", "省": "xing", "调": "diao", "藏": "zang", "还": "hai", "弹": "tan",
    "车": "ju", "晟": "cheng", "莞": "wan", "莘": "xin", "颉": "jie", "扎": "zha", "於": "wu", "阿": "e",
    "娜": "nuo", "艾": "yi", "提": "di", "卡": "qia", "贾": "gu", "角": "jue", "谷": "yu", "万": "mo",
    "俞": "yu", "翘": "qiao", "沈": "chen", "缪": "mou", "尉": "wei yu", "炅": "gui", "隗": "kui",
    "郇": "huan", "乜": "mie", "弄": "long", "校": "jiao", "冠": "guan", "好": "hao", "少": "shao",
    "中": "zhong", "相": "xiang", "强": "jiang", "系": "ji", "合": "ge", "葛": "ge", "观": "guan",
    "更": "geng", "禅": "shan", "度": "duo", "单": "dan chan", "解": "xie", "仇": "qiu", "覃": "tan",
    "翟": "di", "曾": "zeng ceng", "卜": "bo", "查": "cha", "区": "qu", "朴": "pu", "盖": "gai", "员": "yuan",
    "种": "zhong", "召": "zhao", "折": "zhe", "秘": "mi", "能": "neng", "繁": "fan", "洗": "xi", "祭": "ji",
    "黑": "hei", "宿": "su", "洞": "tong", "铅": "yan", "番": "pan", "佛": "bi", "不": "fou", "红": "gong",
    "蕃": "bo", "拓": "ta", "适": "kuo", "喻": "yu", "筠": "jun", "婼": "chuo", "歙": "xi", "珏": "yu",
    "菲": "fei", "樘": "cheng", "澄": "deng", "龟": "jun", "契": "xie", "氏": "zhi", "爪": "zhua",
    "巷": "hang", "期": "ji",
}  # fmt: skip
MOST_SYLLABLES, MOST_WAYS = 5, 24


@cache
def _otherwise() -> dict[str, dict[str, str]]:
    """Syllable to the syllables under which characters are kept that may also be read so, with these characters."""
    kept = _syllables()
    surnames = {name: readings[0] for name, readings in SURNAMES.items() if len(name) == 1}
    found: dict[str, dict[str, str]] = {}
    for character in dict.fromkeys([*ALSO, *surnames]):
        plain, named = kept[ord(character)], surnames.get(character, kept[ord(character)])
        for own in {plain, named}:
            for other in {plain, named, *ALSO.get(character, "").split()} - {own}:
                ways = found.setdefault(other, {})
                ways[own] = ways.get(own, "") + character
    return found


def read_otherwise(typed: str) -> list[Otherwise]:
    """The other spellings under which a name typed as whole syllables may be kept: 王乐 is kept as ``wangle`` and found
    by ``wangyue``. Each differs in one character."""
    ways = []
    for syllables in sorted(_split(typed), key=len):
        for place, syllable in enumerate(syllables):
            before, after = "".join(syllables[:place]), "".join(syllables[place + 1 :])
            kept = _otherwise().get(syllable, {})
            ways += [Otherwise(before + own + after, place, signs) for own, signs in kept.items()]
    return list(dict.fromkeys(ways))[:MOST_WAYS]


def _split(typed: str) -> list[list[str]]:
    """Every way to read the letters as syllables; the last one may be unfinished."""
    if not typed:
        return [[]]
    known = _known_syllables()
    found = [[typed]] if not any(typed.startswith(each) for each in known if len(each) < len(typed)) else []
    for length in range(1, min(len(typed), 6) + 1):
        if typed[:length] in known:
            found += [[typed[:length], *rest] for rest in _split(typed[length:])]
    return [each for each in found if len(each) <= MOST_SYLLABLES]


@cache
def _known_syllables() -> frozenset[str]:
    return frozenset(each for each in _syllables().values() if _SYLLABLE.fullmatch(each))


def lettered_otherwise(typed: str) -> list[Otherwise]:
    """The same for initials: 王乐 is found by ``wy``."""
    ways: dict[tuple[str, int], str] = {}
    for place, letter in enumerate(typed[:MOST_SYLLABLES]):
        for own, signs in _letters_otherwise().get(letter, {}).items():
            ways[typed[:place] + own + typed[place + 1 :], place] = signs
    return [Otherwise(spelling, place, signs) for (spelling, place), signs in ways.items()]


@cache
def _letters_otherwise() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for syllable, ways in _otherwise().items():
        for own, signs in ways.items():
            if own[0] != syllable[0]:
                letters = found.setdefault(syllable[0], {})
                letters[own[0]] = letters.get(own[0], "") + signs
    return found
