"""The charts of a dashboard as figures, each with the address of its rows (docs/components.md, chart data)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from households.eligibility.criteria import BY_CODE
from households.eligibility.measures import BAND, HIGHEST, LOWEST, band_label
from households.eligibility.remedies import yuan
from povreg.overview.dashboard.behind import Behind
from povreg.overview.dashboard.tallies import Counts, percent
from villages.codes.selectors import labels
from villages.models import PovertyLine

BORDERLINE = Decimal("0.10")  # unless the criteria set says otherwise
VERDICTS = (("pass", "达标", "pass"), ("fail", "未达标", "fail"), ("missing", "数据缺失", "missing"))
SIDES = ((True, "贫困村", "yes", "main"), (False, "非贫困村", "no", "plain"))


def unmet_chart(counts: Counts, behind: Behind, criteria: Iterable[str]) -> dict[str, Any]:
    """Households by criterion that is not met or not recorded, the worst first."""
    codes = [code for code in criteria if code in BY_CODE]
    codes.sort(key=lambda code: -counts.households("failed", code) - counts.households("missing", code))
    parts = [("未达标", "fail", "failed"), ("缺失", "missing", "missing")]
    return {
        "kind": "stack",
        "unit": "户",
        "head": "指标",
        "categories": [BY_CODE[code].short for code in codes],
        "series": [
            {
                "name": name,
                "tone": tone,
                "values": [counts.households(measure, code) for code in codes],
                "urls": [behind.rows(**{measure: code}) for code in codes],
            }
            for name, tone, measure in parts
        ],
    }


def income_chart(counts: Counts, behind: Behind, line: PovertyLine | None) -> dict[str, Any]:
    """Households by net income a head in bands of 500 yuan, with the line."""
    lows = list(range(LOWEST, HIGHEST + BAND, BAND))
    amount = line.amount if line else None
    data: dict[str, Any] = {
        "kind": "histogram",
        "unit": "户",
        "head": "人均纯收入（元）",
        "categories": [band_label(str(low)) for low in lows],
        "tones": [_band_tone(low, amount) for low in lows],
        "series": [
            {
                "name": "户数",
                "tone": "act",
                "values": [counts.households("income_band", str(low)) for low in lows],
                "urls": [behind.rows(figure=f"income_band.{low}") for low in lows],
            }
        ],
    }
    if amount is not None:
        data["line"] = {"at": min(int(amount - LOWEST) // BAND, len(lows) - 1), "label": f"标准线 {yuan(amount)} 元"}
    return data


def _band_tone(low: int, line: Decimal | None) -> str:
    """Red up to the line, amber where the band holds the line or what lies close above it, blue beyond."""
    if line is None:
        return "act"
    if low + BAND <= line:
        return "fail"
    return "warn" if low < line * (1 + BORDERLINE) else "act"


def cause_chart(counts: Counts, behind: Behind) -> dict[str, Any]:
    """Households by main cause, the commonest first."""
    names = labels("cause")
    codes = [code for code in counts.buckets("cause") if code in names]
    codes.sort(key=lambda code: -counts.households("cause", code))
    return {
        "kind": "bar",
        "unit": "户",
        "head": "主要致贫原因",
        "categories": [names[code] for code in codes],
        "series": [
            {
                "name": "户数",
                "tone": "act",
                "values": [counts.households("cause", code) for code in codes],
                "urls": [behind.rows(cause=code) for code in codes],
            }
        ],
    }


def trend_chart(years: dict[int, Counts], behind: Behind) -> dict[str, Any]:
    """The years that were judged: households by verdict, and the net income a head of those that recorded it."""
    there = {year: (counts, behind.of(year)) for year, counts in years.items()}
    series: list[dict[str, Any]] = [
        {
            "name": "已评定",
            "table_only": True,
            "values": [counts.households("total") for counts, _ in there.values()],
            "urls": [rows.rows(figure="total.all") for _, rows in there.values()],
        }
    ]
    series += [
        {
            "name": name,
            "tone": tone,
            "values": [counts.households("verdict", code) for counts, _ in there.values()],
            "urls": [rows.rows(verdict=code) for _, rows in there.values()],
        }
        for code, name, tone in VERDICTS
    ]
    heads = [counts.per_head() for counts, _ in there.values()]
    series.append(
        {
            "name": "人均纯收入",
            "tone": "main",
            "unit": "元",
            "line": True,
            "values": [None if head is None else float(head) for head in heads],
            "counts": [counts.households("net_income") for counts, _ in there.values()],
            "urls": [rows.rows(figure="net_income.all", order="income") for _, rows in there.values()],
        }
    )
    return {
        "kind": "stack",
        "horizontal": False,
        "unit": "户",
        "head": "年度",
        "categories": [f"{year}年" for year in there],
        "series": series,
    }


def sides_chart(counts: Counts, behind: Behind, criteria: Iterable[str]) -> dict[str, Any] | None:
    """Poor and other villages by the same measure (同一把尺子): how many per cent of each side fail, and in
    what. None where there is only one side."""
    totals = {poor: counts.households("total", "all", poor) for poor, *_ in SIDES}
    if not all(totals.values()):
        return None
    codes = [code for code in criteria if code in BY_CODE and counts.households("failed", code)]
    rows = [("verdict", "fail", "整户未达标"), *(("failed", code, BY_CODE[code].short) for code in codes)]
    return {
        "kind": "bar",
        "percent": True,
        "horizontal": False,
        "head": "未达标",
        "categories": [label for *_, label in rows],
        "series": [
            {
                "name": f"{name} {totals[poor]:,} 户",
                "tone": tone,
                "counts": (found := [counts.households(measure, code, poor) for measure, code, _ in rows]),
                "values": [float(percent(count, totals[poor]) or 0) for count in found],
                "urls": [behind.rows(**{measure: code, "poor": choice}) for measure, code, _ in rows],
            }
            for poor, name, choice, tone in SIDES
        ],
    }
