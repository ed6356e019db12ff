"""Which households are drawn: decided by a seed and SHA-256, so that anybody can draw again with any tool.

Within its stratum every unit gets the number SHA-256("seed:stratum:unit") (UTF-8, hexadecimal, small letters); the
units with the smallest numbers are drawn, the next ones are the reserve, in this order. Nothing else decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

RULE = 'SHA-256("种子:层:户编号")，十六进制小写，层内由小到大取前 n 户，其后为备选'
"""The rule as it is printed for those who draw again."""


def number_of(seed: str, stratum: str, unit: str) -> str:
    """What decides about a unit."""
    return hashlib.sha256(f"{seed}:{stratum}:{unit}".encode()).hexdigest()


def draw(
    seed: str, frame: Iterable[tuple[str, str]], sizes: Mapping[str, int], reserve: int = 0
) -> dict[str, list[str]]:
    """The units drawn by stratum, in order, ``reserve`` further ones behind them. ``frame``: stratum and unit."""
    numbered: dict[str, list[tuple[str, str]]] = {}
    for stratum, unit in frame:
        if sizes.get(stratum):
            numbered.setdefault(stratum, []).append((number_of(seed, stratum, unit), unit))
    return {
        stratum: [unit for _, unit in sorted(units)[: sizes[stratum] + reserve]] for stratum, units in numbered.items()
    }


def digest_of(frame: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the frame: lines "stratum,unit" in the order of their text. It is published before the draw."""
    lines = sorted(f"{stratum},{unit}\n" for stratum, unit in frame)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
