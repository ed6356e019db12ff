"""Bar charts as SVG text: what was measured, the bar it is held against, what lies beyond it in red."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LABELS, RIGHT, ROW, TOP = 900, 330, 160, 26, 56
GOOD, BAD, WORSE, SOFT, INK, LINE = "#2f6f8f", "#b3261e", "#7d1a15", "#9fc1d1", "#222222", "#777777"


@dataclass(frozen=True)
class Row:
    """One line of a chart: ``value`` as the bar's length, ``text`` what stands behind it, ``inner`` a shorter bar in it
    (a median, a p50)."""

    label: str
    value: float
    text: str
    over: bool = False
    inner: float | None = None


def chart(title: str, rows: Sequence[Row], limit: float, limit_text: str) -> str:
    """The rows below each other; a dashed line at ``limit``. A row beyond twice the limit is cut, its text is not."""
    most = min(max([limit, *(row.value for row in rows)]), limit * 2) * 1.02
    scale = (WIDTH - LABELS - RIGHT) / most
    height = TOP + ROW * len(rows) + 16
    at = LABELS + limit * scale
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="22" font-size="15" font-weight="600" fill="{INK}">{escape(title)}</text>',
        *(part for number, row in enumerate(rows) for part in _bar(row, TOP + number * ROW, scale, most, limit)),
        f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 6}" y2="{height - 10}" stroke="{LINE}" stroke-dasharray="4 3"/>',
        f'<text x="{at:.1f}" y="{TOP - 12}" text-anchor="middle" fill="{LINE}">{escape(limit_text)}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _bar(row: Row, y: int, scale: float, most: float, limit: float) -> list[str]:
    length = min(row.value, most) * scale
    middle = y + ROW / 2 + 4
    color = BAD if row.over else GOOD
    shade = SOFT if row.inner is not None and not row.over else color
    parts = [
        f'<text x="{LABELS - 8}" y="{middle}" text-anchor="end" fill="{INK}">{escape(row.label)}</text>',
        f'<rect x="{LABELS}" y="{y + 4}" width="{length:.1f}" height="{ROW - 8}" fill="{shade}"/>',
    ]
    if row.inner is not None:
        inner, color = min(row.inner, most) * scale, GOOD if row.inner <= limit else WORSE
        parts.append(f'<rect x="{LABELS}" y="{y + 4}" width="{inner:.1f}" height="{ROW - 8}" fill="{color}"/>')
    parts.append(f'<text x="{LABELS + length + 6:.1f}" y="{middle}" fill="{INK}">{escape(row.text)}</text>')
    return parts
