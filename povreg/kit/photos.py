"""What a photo says of itself before it is written anew: when and where it was taken, and what it looks like."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone as fixed
from fractions import Fraction
from typing import Any

from django.utils import timezone
from PIL import Image

from povreg.kit import boxed
from povreg.kit.heic import SECONDS, is_heic

EXIF, GPS = 0x8769, 0x8825
TAKEN, TAKEN_OFFSET = 0x9003, 0x9011
LATITUDE_SIDE, LATITUDE, LONGITUDE_SIDE, LONGITUDE = 1, 2, 3, 4
SIXTY = 60
WIDE, HIGH = 9, 8
"""Points across and down that a look is made of: 64 comparisons of neighbours."""
PLAIN_BITS = 6
"""A look with fewer bits set (or unset) is of an even surface and says nothing."""


@dataclass(frozen=True)
class Taken:
    """When a photo says it was taken, and where (degrees, as "31.16412,108.39251"); nothing where it does not say."""

    at: datetime | None = None
    position: str = ""


def taken(content: bytes) -> Taken:
    """Time and place out of the photo's own notes. What cannot be read counts as not said."""
    try:
        notes = _notes(content)
        return Taken(_moment(notes.get_ifd(EXIF)), _position(notes.get_ifd(GPS)))
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, ArithmeticError, struct.error, boxed.Died):
        return Taken()


def _notes(content: bytes) -> Image.Exif:
    if is_heic(content):
        notes = Image.Exif()
        notes.load(boxed.turned("heic_exif.py", content, SECONDS))
        return notes
    with Image.open(io.BytesIO(content)) as image:
        return image.getexif()


def _moment(said: dict[int, Any]) -> datetime | None:
    text = str(said.get(TAKEN, "")).strip("\0 ")
    if not text:
        return None
    day = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone stands beside it
    offset = str(said.get(TAKEN_OFFSET, "")).strip("\0 ")
    if offset:
        sign = -1 if offset.startswith("-") else 1
        hours, minutes = (int(part) for part in offset.lstrip("+-").split(":"))
        return day.replace(tzinfo=fixed(sign * timedelta(hours=hours, minutes=minutes)))
    return timezone.make_aware(day)


def _position(said: dict[int, Any]) -> str:
    if LATITUDE not in said or LONGITUDE not in said:
        return ""
    north = _degrees(said[LATITUDE], said.get(LATITUDE_SIDE) == "S")
    east = _degrees(said[LONGITUDE], said.get(LONGITUDE_SIDE) == "W")
    return f"{north:.5f},{east:.5f}" if abs(north) <= 90 and abs(east) <= 180 else ""


def _degrees(parts: Any, is_negative: bool) -> float:
    degrees, minutes, seconds = (float(Fraction(str(part))) for part in parts)
    found = degrees + minutes / SIXTY + seconds / SIXTY**2
    return -found if is_negative else found


def look_of(content: bytes) -> int | None:
    """64 bits of what a picture looks like, as a signed number (PostgreSQL's bigint): alike pictures differ in few
    bits, whatever their size and compression. None for an even surface."""
    with Image.open(io.BytesIO(content)) as image:
        small = image.convert("L").resize((WIDE, HIGH), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(HIGH):
        for column in range(WIDE - 1):
            at = row * WIDE + column
            bits = bits << 1 | (small[at] > small[at + 1])
    if not PLAIN_BITS <= bits.bit_count() <= 64 - PLAIN_BITS:
        return None
    return bits - 2**64 if bits >= 2**63 else bits
