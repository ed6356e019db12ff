"""Names of villages as sheets write them: with or without the committee's suffix (contract.md section 2)."""

from povreg.kit.idnumber import half_width
from povreg.kit.plaintext import UNSEEN

VILLAGE_SUFFIXES = ("村民委员会", "村委会")
TOWN_SUFFIXES = ("居民委员会", "居委会")
TOWNSHIP_SUFFIXES = ("办事处", "人民政府")


def clean_name(text: str) -> str:
    """A name without blanks and what cannot be seen, full-width digits and letters made half-width."""
    return "".join(half_width(text).translate(UNSEEN).split())


def _without(text: str, suffixes: tuple[str, ...]) -> str:
    for suffix in suffixes:
        if text.endswith(suffix) and len(text) > len(suffix):
            return text.removesuffix(suffix)
    return text


def village_short_name(text: str) -> str:
    """The name without its committee: 关庙社区居民委员会 is 关庙社区, 泉秀村村民委员会 is 泉秀村.

    A single character keeps its 村 (丁村委会 is 丁村). Applying it twice changes nothing.
    """
    name = clean_name(text)
    bare = _without(name, VILLAGE_SUFFIXES + TOWN_SUFFIXES)
    if len(bare) > 1 or bare == name:
        return bare
    return f"{bare}村" if name.endswith(VILLAGE_SUFFIXES) else name


def township_short_name(text: str) -> str:
    """The name without 办事处 or 人民政府: 汉丰街道办事处 is 汉丰街道."""
    return _without(clean_name(text), TOWNSHIP_SUFFIXES)
