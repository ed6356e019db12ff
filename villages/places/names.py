"""Names of villages as sheets write them: with or without the committee's suffix (contract.md section 2)."""

from povreg.kit.idnumber import half_width

VILLAGE_SUFFIXES = ("村民委员会", "村委会")
TOWN_SUFFIXES = ("居民委员会", "居委会")
TOWNSHIP_SUFFIXES = ("办事处", "人民政府")


def clean_name(text: str) -> str:
    """A name without blanks, full-width digits and letters made half-width."""
    return "".join(half_width(text).split())


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


def village_spellings(name: str) -> set[str]:
    """Every way a sheet may write a village: 梅庄村委会 also as 梅庄, 梅庄村, 梅庄村民委员会 and 梅庄村村民委员会."""
    full = clean_name(name)
    short = village_short_name(full)
    if full.endswith(VILLAGE_SUFFIXES):
        return {full, short} | _with_committee(short, "村", VILLAGE_SUFFIXES)
    if full.endswith(TOWN_SUFFIXES):
        return {full, short} | _with_committee(short, "社区", TOWN_SUFFIXES)
    return {full, short}


def _with_committee(short: str, kind: str, suffixes: tuple[str, ...]) -> set[str]:
    bodies = {short, short if short.endswith(kind) else short + kind}
    return bodies | {body + suffix for body in bodies for suffix in suffixes}
