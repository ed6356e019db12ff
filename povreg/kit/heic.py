"""Photos as newer phones store them (HEIC), made into JPEG by a child of bounded memory and time."""

from povreg.kit import boxed

SECONDS = 30.0
BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class Unreadable(Exception):  # noqa: N818 - says what the file is
    """No photo that can be drawn, or one that is too large."""


def is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in BRANDS


def as_jpeg(content: bytes) -> bytes:
    """The photo alone, upright, at most 3000 pixels long. Raises Unreadable."""
    try:
        drawn = boxed.turned("heic.py", content, SECONDS)
    except boxed.Died as fault:
        raise Unreadable from fault
    if not drawn:
        raise Unreadable
    return drawn
