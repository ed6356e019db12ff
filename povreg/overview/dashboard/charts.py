"""The charts of a dashboard as figures, each with the address of its rows (docs/components.md, chart data)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from households.closed.selectors import closed_years
from households.eligibility.criteria import BY_CODE
from households.eligibility.criterion import FAIL, MISSING, RESULT_WORDS, Criterion, yuan
from households.eligibility.measures import NO_INCOME, STEPS, THRICE, line_edges, line_label
from households.models.assessment import Verdict
from povreg.overview.dashboard.behind import Behind
from povreg.overview.dashboard.tallies import Counts, percent
from villages.codes.selectors import labels
from villages.models import PovertyLine
from villages.standards.rules import ORDINARY

VERDICTS = [(code, label, code) for code, label in Verdict.choices]  # each is its own tone
FEW = 10  # households: of fewer, a share says nothing
SIDES = ((True, "贫困村", "yes", "main"), (False, "非贫困村", "no", "plain"))


def unmet_chart(counts: Counts, behind: Behind, criteria: Iterable[str], lined: bool = True) -> dict[str, Any]:
    """Households by criterion that is not met or not recorded, the worst first. Not ``lined``: there is no line to
    judge income by, which is no missing record."""
    codes = [code for code in criteria if code in BY_CODE]
    codes.sort(key=lambda code: -counts.households("failed", code) - counts.households("missing", code))
    parts = [(RESULT_WORDS[FAIL], "fail", "failed"), (RESULT_WORDS[MISSING], "missing", "missing")]
    return {
        "kind": "stack",
        "unit": "户",
        "head": "指标",
        "categories": [_named(BY_CODE[code], lined) for code in codes],
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


def _named(criterion: Criterion, lined: bool) -> str:
    return criterion.short if lined or not criterion.against_line else f"{criterion.short}（没有标准线）"


def income_chart(
    counts: Counts, behind: Behind, line: PovertyLine | None, near: Decimal = ORDINARY.borderline
) -> dict[str, Any]:
    """Households by net income a head in bands of a tenth of the line, whose edges meet at the line: what lies up to
    it is red, what lies above it by less than ``near`` (踩线) amber. Where no one line holds, in per cent of each
    household's own."""
    steps = range(NO_INCOME, THRICE + 1)
    amount = line.amount if line else None
    data: dict[str, Any] = {
        "kind": "histogram",
        "unit": "户",
        "head": "人均纯收入（元）" if amount else "人均纯收入，为标准线的",
        "categories": [_band_text(step, amount) for step in steps],
        "edges": [float((1 + Decimal(step) / STEPS) * (amount or 1)) for step in (*steps, THRICE + 1)],
        "tones": [_band_tone(step, near) for step in steps],
        "line": {"value": float(amount or 1), "label": f"标准线 {yuan(amount)} 元" if amount else "标准线"},
        "series": [
            {
                "name": "户数",
                "tone": "act",
                "values": [counts.households("line_band", str(step)) for step in steps],
                "urls": [behind.rows(figure=f"line_band.{step}") for step in steps],
            }
        ],
    }
    return data if amount else {**data, "edges_in": "%"}


def _band_text(step: int, line: Decimal | None) -> str:
    low, high = line_edges(step)
    if line is None:
        return line_label(str(step))
    if low is None or high is None:
        return "0 及以下" if low is None else f"{yuan(low * line)} 以上"
    return f"{yuan(low * line)}—{yuan(high * line)}"


def _band_tone(step: int, near: Decimal) -> str:
    """Red up to the line, amber where all of the band lies near above it, blue beyond."""
    if step < 0:
        return "fail"
    return "warn" if Decimal(step + 1) / STEPS <= near else "act"


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
                "urls": [behind.rows(figure=f"cause.{code}") for code in codes],
            }
        ],
    }


def trend_chart(years: dict[int, Counts], behind: Behind) -> dict[str, Any]:
    """The years that were judged: households by verdict, and the net income a head of those that recorded it; closed
    ones are marked."""
    closed = closed_years(behind.place)
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
        "categories": [f"{year}年{'（已封存）' if year in closed else ''}" for year in there],
        "series": series,
    }


def sides_chart(counts: Counts, behind: Behind, criteria: Iterable[str]) -> dict[str, Any] | None:
    """Poor and other villages by the same measure (同一把尺子): how many per cent of each side fail, and in
    what. None where one side holds so few households that a share says nothing."""
    totals = {poor: counts.households("total", "all", poor) for poor, *_ in SIDES}
    if min(totals.values()) < FEW:
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
