"""One cleaning of what people type or paste, for sheets, pages and the API: what cannot be seen is dropped, the forms
of a middle dot in a name are one."""

import re

_SEEN = {0x0009, 0x000A, 0x000D}
UNSEEN: dict[int, None] = dict.fromkeys(
    code
    for code in (
        *range(0x20), *range(0x7F, 0xA0), 0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5,
        *range(0x180B, 0x180F),
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF,
        0xFFA0, *range(0xFFF0, 0xFFFC), *range(0xE000, 0xE100),
    )
    if code not in _SEEN
)  # fmt: skip
"""Control characters, marks of direction, joiners and blanks of no width; line breaks and tabs are kept."""
DOT = "·"
_DOTS = dict.fromkeys(map(ord, "•・．‧∙⋅●▪･᛫․․●·"), DOT)
_WITHIN_LATIN = re.compile(r"(?<=[^\x00-\x7f])[.](?=[^\x00-\x7f])")


def seen(text: str) -> str:
    """The text without what cannot be seen, outer blanks off."""
    return (text if text.isascii() and text.isprintable() else text.translate(UNSEEN)).strip()


def plain_name(text: str) -> str:
    """A person's name as it is kept and searched: no blanks, nothing unseen, one middle dot (阿依·古丽)."""
    name = "".join(seen(text).split())
    if name.isalpha():
        return name
    return _WITHIN_LATIN.sub(DOT, name.translate(_DOTS))
