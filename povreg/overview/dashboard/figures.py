"""What the dashboard shows: cards, charts and a table, every figure with the address of the rows behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from households.eligibility.criteria import BY_CODE
from households.eligibility.measures import BAND, HIGHEST, LOWEST, band_label
from households.eligibility.remedies import yuan
from povreg.overview.dashboard.tallies import Counts
from villages.codes.selectors import labels
from villages.models import CriteriaSet, Place, PovertyLine

BORDERLINE = Decimal("0.10")  # unless the criteria set says otherwise


@dataclass(frozen=True)
class Behind:
    """Addresses of the lists behind the figures of one place and year."""

    place: str
    year: int

    def rows(self, **filters: str) -> str:
        return f"{reverse('households')}?{urlencode({'place': self.place, 'year': self.year, **filters})}"

    def dashboard(self, code: str) -> str:
        return f"{reverse('dashboard-place', args=[code])}?year={self.year}"


def cards(counts: Counts, behind: Behind) -> list[dict[str, Any]]:
    """The figures at the top."""
    total = counts.households("total")
    verdicts = [("pass", "达标", "pass"), ("fail", "未达标", "fail"), ("missing", "数据缺失", "missing")]
    found = [
        {"label": "在册", "value": total, "unit": "户", "sub": f"{counts.people('total'):,} 人", "url": behind.rows()}
    ]
    found += [
        {
            "label": label,
            "value": counts.households("verdict", code),
            "sub": shown(counts.share(code)),
            "tone": tone,
            "url": behind.rows(verdict=code),
        }
        for code, label, tone in verdicts
    ]
    return [*found, *_more_cards(counts, behind)]


def _more_cards(counts: Counts, behind: Behind) -> list[dict[str, Any]]:
    blocked = counts.households("blocker", "identified_this_year")
    return [
        {
            "label": "收入踩线",
            "value": counts.households("borderline", "yes"),
            "sub": "收入达标，高于标准不足 10%",
            "tone": "warn",
            "url": behind.rows(borderline="1"),
        },
        {
            "label": "具备退出条件",
            "value": counts.households("eligible", "yes"),
            "sub": f"当年识别、返贫 {blocked:,} 户不得退出",
            "sub_url": behind.rows(figure="blocker.identified_this_year"),
            "url": behind.rows(eligible="1"),
        },
        {
            "label": "录入未完成",
            "value": counts.households("incomplete", "yes"),
            "unit": "户",
            "sub": f"录入完整度 {shown(counts.entered)}",
            "url": behind.rows(figure="incomplete.yes"),
        },
    ]


def shown(share: Decimal | None) -> str:
    return "—" if share is None else f"{share}%"


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


def table_row(place: Place, counts: Counts, year: int) -> dict[str, Any]:
    """One place below: its counts, its worst criterion, poor and other villages by the same measure, completeness."""
    behind = Behind(place.pk, year)
    return {
        "name": str(place),
        "url": behind.dashboard(place.pk),
        "rows_url": behind.rows(),
        "total": counts.households("total"),
        "people": counts.people("total"),
        "verdicts": [
            {
                "code": code,
                "label": label,
                "count": counts.households("verdict", code),
                "url": behind.rows(verdict=code),
            }
            for code, label in (("pass", "达标"), ("fail", "未达标"), ("missing", "缺失"))
        ],
        "worst": _worst(counts, behind),
        "poor": shown(counts.share("pass", poor=True)),
        "poor_url": behind.rows(verdict="pass", poor="yes"),
        "other": shown(counts.share("pass", poor=False)),
        "other_url": behind.rows(verdict="pass", poor="no"),
        "entered": counts.entered,
    }


def _worst(counts: Counts, behind: Behind) -> dict[str, Any] | None:
    codes = [code for code in counts.buckets("failed") if code in BY_CODE]
    if not codes:
        return None
    code = max(codes, key=lambda each: counts.households("failed", each))
    return {"label": BY_CODE[code].short, "count": counts.households("failed", code), "url": behind.rows(failed=code)}


def criteria_in(criteria_set: CriteriaSet | None) -> list[str]:
    return list(criteria_set.criteria) if criteria_set else list(BY_CODE)
