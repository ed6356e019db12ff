"""What is drawn of a sign: bars, the county's shape, the line, as coordinates of a picture that needs no script."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from audits.detection.services import EDGES
from audits.models import DetectionRun, Sign

WIDTH, HEIGHT, FOOT, HEAD = 760.0, 220.0, 22.0, 26.0
NEAR = 1.05
NIGHT = {22, 23, 0, 1, 2, 3, 4, 5}
ROUND_DIGITS = {0, 5}


@dataclass(frozen=True)
class Bar:
    """A bar: where it stands, its class, what it counts, what stands below it."""

    x: float
    y: float
    width: float
    height: float
    css: str
    count: int
    label: str
    text: str


@dataclass(frozen=True)
class Picture:
    """Bars with, if they are there, a dotted curve and an upright line."""

    bars: list[Bar]
    curve: str = ""
    line: float | None = None
    width: float = WIDTH
    height: float = HEIGHT
    base: float = HEIGHT - FOOT


def bars_of(counts: list[int], kinds: list[str], labels: list[str], texts: list[str], most: float) -> list[Bar]:
    step, whole = WIDTH / max(1, len(counts)), HEIGHT - FOOT - HEAD
    made = []
    for position, count in enumerate(counts):
        high = whole * count / most if most else 0
        made.append(
            Bar(
                round(position * step + 1, 1),
                round(HEIGHT - FOOT - high, 1),
                round(step - 2, 1),
                round(high, 1),
                kinds[position],
                count,
                labels[position],
                texts[position],
            )
        )
    return made


def income_picture(sign: Sign, run: DetectionRun, line: Decimal | None) -> Picture:
    """Households by income a head against the county's shape, scaled to the village."""
    counts = sign.picture.get("bars", [])
    shape = shape_for(counts, run.shape)
    most = max([*counts, *shape, 1])
    kinds = [kind_of(float(low), float(high)) for low, high in pairwise(EDGES)]
    step, whole = WIDTH / max(1, len(counts)), HEIGHT - FOOT - HEAD
    points = [
        f"{(position + 0.5) * step:.1f},{HEIGHT - FOOT - whole * value / most:.1f}"
        for position, value in enumerate(shape)
    ]
    labels = [amount(float(low), line) if position % 5 == 0 else "" for position, low in enumerate(EDGES[:-1])]
    texts = [f"{amount(float(low), line)}—{amount(float(high), line)}" for low, high in pairwise(EDGES)]
    at = WIDTH * (1.0 - float(EDGES[0])) / float(EDGES[-1] - EDGES[0])
    return Picture(bars_of(counts, kinds, labels, texts, most), " ".join(points), round(at, 1))


def amount(share: float, line: Decimal | None) -> str:
    return f"{round(float(line) * share):,}" if line else f"{share:.0%}"


def kind_of(low: float, high: float) -> str:
    if high <= 1.0:
        return "below"
    return "near" if low < NEAR else "plain"


def shape_for(counts: list[int], shape: list[int]) -> list[float]:
    """The county's households by income, as many as the village's."""
    whole = sum(shape)
    return [each * sum(counts) / whole for each in shape] if whole else []


def counted_picture(counts: list[int], marked: set[int], unit: str, every: int = 1) -> Picture:
    """Bars by digit or hour, some of them marked."""
    kinds = ["near" if position in marked else "plain" for position in range(len(counts))]
    labels = [str(position) if position % every == 0 else "" for position in range(len(counts))]
    texts = [f"{position} {unit}" for position in range(len(counts))]
    return Picture(bars_of(counts, kinds, labels, texts, max([*counts, 1])))


def pictures_of(signs: dict[str, Sign], run: DetectionRun, line: Decimal | None) -> dict[str, Picture]:
    """The pictures of a village, by kind."""
    made = {}
    if "income" in signs:
        made["income"] = income_picture(signs["income"], run, line)
    if "digits" in signs:
        made["digits"] = counted_picture(signs["digits"].picture.get("bars", []), ROUND_DIGITS, "")
    if signs.get("edits") and sum(signs["edits"].picture.get("bars", [])):
        made["edits"] = counted_picture(signs["edits"].picture["bars"], NIGHT, "时", 6)
    return made


def spark(sign: Sign) -> list[dict[str, Any]]:
    """The small picture in a row of the ranking."""
    counts = sign.picture.get("bars", [])
    if not counts:
        return []
    most, step = max([*counts, 1]), 96 / len(counts)
    kinds = (
        [kind_of(float(low), float(high)) for low, high in pairwise(EDGES)]
        if sign.kind == "income"
        else ["plain"] * len(counts)
    )
    return [
        {"x": round(position * step, 1), "width": round(step * 0.8, 1), "css": kinds[position],
         "height": round(26 * count / most, 1), "y": round(27 - 26 * count / most, 1)}
        for position, count in enumerate(counts)
    ]  # fmt: skip
