"""The places below as tables: one row a place, and a map of what is unmet where."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any

from households.eligibility.criteria import BY_CODE
from povreg.overview.dashboard.behind import Behind
from povreg.overview.dashboard.charts import FEW
from povreg.overview.dashboard.figures import shown
from povreg.overview.dashboard.tallies import Counts, percent
from villages.models import Place

HEAT = (0, 2, 5, 10, 20)  # per cent of a place's households: the lower bounds of the shades


VERDICTS = (("pass", "达标"), ("fail", "未达标"), ("missing", "缺数据"))


def table_row(place: Place, counts: Counts, behind: Behind) -> dict[str, Any]:
    """One place below: its counts, its worst criterion, poor and other villages by the same measure, completeness."""
    return {
        "name": str(place),
        "url": behind.dashboard(place.pk),
        "rows_url": behind.rows(figure="total.all"),
        "total": counts.households("total"),
        "people": counts.people("total"),
        "people_url": behind.people(),
        "verdicts": [
            {
                "code": code,
                "label": label,
                "count": counts.households("verdict", code),
                "url": behind.rows(verdict=code),
            }
            for code, label in VERDICTS
        ],
        "borderline": counts.households("borderline", "yes"),
        "borderline_url": behind.rows(borderline="1"),
        "worst": _worst(counts, behind),
        "poor": shown(counts.share("pass", poor=True)),
        "poor_url": behind.rows(verdict="pass", poor="yes"),
        "other": shown(counts.share("pass", poor=False)),
        "other_url": behind.rows(verdict="pass", poor="no"),
        "entered": counts.entered,
        "entered_text": shown(counts.entered),
        "incomplete": counts.households("incomplete", "yes"),
        "incomplete_url": behind.rows(figure="incomplete.yes"),
    }


def _worst(counts: Counts, behind: Behind) -> dict[str, Any] | None:
    found = [(counts.households("failed", code), code) for code in counts.buckets("failed") if code in BY_CODE]
    if not found:
        return None
    count, code = max(found, key=lambda each: each[0])
    return {"label": BY_CODE[code].short, "count": count, "url": behind.rows(failed=code)}


def heat(
    children: Sequence[tuple[Place, Counts, Behind]], whole: Counts, here: Behind, criteria: Iterable[str]
) -> dict[str, Any]:
    """Households that fail a criterion, place by place: criteria in the order of the chart, the shade by share. A
    criterion that nobody fails has no column, a place with few households no shade."""
    found = {code: whole.households("failed", code) for code in criteria if code in BY_CODE}
    codes = sorted((code for code, count in found.items() if count), key=lambda code: -found[code])
    return {
        "heads": [BY_CODE[code].short for code in codes],
        "rows": [_heat_row(str(child), counts, behind, codes) for child, counts, behind in children],
        "sum": _heat_row("合计", whole, here, codes),
        "shades": [f"{low}% 以上" if low else "有" for low in HEAT],
    }


def _heat_row(name: str, counts: Counts, behind: Behind, codes: Sequence[str]) -> dict[str, Any]:
    total = counts.households("total")
    cells = []
    for code in codes:
        count = counts.households("failed", code)
        share = percent(count, total) or 0
        shade = bisect_left(HEAT, share) if count and total >= FEW else 0
        text, title = f"{count:,}/{total:,}", f"{total:,} 户中 {count:,} 户，占 {share}%"
        cells.append(
            {
                "count": count,
                "share": share,
                "text": text,
                "title": title,
                "shade": shade,
                "url": behind.rows(failed=code),
            }
        )
    return {"name": name, "url": behind.dashboard(behind.place), "cells": cells}
