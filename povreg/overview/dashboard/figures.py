"""The cards of a dashboard, every figure with the address of the rows behind it."""

from decimal import Decimal
from typing import Any

from households.eligibility.criteria import BY_CODE
from households.eligibility.measures import BELOW_LABELS, BOTH_LINES
from povreg.overview.dashboard.behind import Behind
from povreg.overview.dashboard.charts import VERDICTS
from povreg.overview.dashboard.tallies import Counts
from villages.models import CriteriaSet
from villages.periods.selectors import Era
from villages.standards.rules import Thresholds


def cards(counts: Counts, behind: Behind, thresholds: Thresholds, era: Era) -> list[dict[str, Any]]:
    """The figures at the top."""
    total = counts.households("total")
    found = [
        {
            "label": "在册",
            "value": total,
            "unit": "户",
            "sub": f"{counts.people('total'):,} 人",
            "sub_url": behind.people(),
            "url": behind.rows(figure="total.all"),
        }
    ]
    found += [
        {
            "label": label,
            "value": counts.households("verdict", code),
            "sub": shown(counts.share(code)),
            "tone": tone,
            "url": behind.rows(verdict=code),
        }
        for code, label, tone in VERDICTS
    ]
    leaving = [_leaving_card(counts, behind)] if era.offers("exit") else []
    return [
        *found,
        _near_card(counts, behind, thresholds),
        *_beside(counts, behind),
        *leaving,
        *_monitoring(counts, behind),
        _entry_card(counts, behind),
    ]


def _beside(counts: Counts, behind: Behind) -> list[dict[str, Any]]:
    """Income against the country's line and the province's, where both were entered."""
    both = counts.households("below", BOTH_LINES)
    if not both:
        return []
    return [
        {
            "label": BELOW_LABELS[bucket],
            "value": counts.households("below", bucket),
            "unit": "户",
            "sub": f"{counts.people('below', bucket):,} 人",
            "tone": tone,
            "url": behind.rows(figure=f"below.{bucket}"),
        }
        for bucket, tone in (("national", "fail"), ("provincial", "warn"))
    ]


def _near_card(counts: Counts, behind: Behind, thresholds: Thresholds) -> dict[str, Any]:
    return {
        "label": "踩线",
        "value": counts.households("borderline", "yes"),
        "sub": f"收入达标，{thresholds.borderline_words}",
        "tone": "warn",
        "url": behind.rows(borderline="1"),
    }


def _leaving_card(counts: Counts, behind: Behind) -> dict[str, Any]:
    blocked = counts.households("blocker", "identified_this_year")
    return {
        "label": "具备退出条件",
        "value": counts.households("eligible", "yes"),
        "sub": f"当年识别、返贫 {blocked:,} 户不得退出",
        "sub_url": behind.rows(figure="blocker.identified_this_year"),
        "url": behind.rows(eligible="1"),
    }


def _entry_card(counts: Counts, behind: Behind) -> dict[str, Any]:
    return {
        "label": "录入未完成",
        "value": counts.households("incomplete", "yes"),
        "unit": "户",
        "sub": f"录入完整度 {shown(counts.entered)}",
        "url": behind.rows(figure="incomplete.yes"),
    }


def _monitoring(counts: Counts, behind: Behind) -> list[dict[str, Any]]:
    """Households whose risk is not removed; nothing where nobody is monitored."""
    watched = counts.households("watched", "yes")
    if not watched:
        return []
    ready = counts.households("clearable", "yes")
    return [
        {
            "label": "风险未消除",
            "value": watched,
            "unit": "户",
            "sub": f"可以消除 {ready:,} 户",
            "sub_url": behind.rows(figure="clearable.yes") if ready else "",
            "tone": "warn",
            "url": behind.rows(figure="watched.yes"),
        }
    ]


def shown(share: Decimal | None) -> str:
    return "—" if share is None else f"{share}%"


def criteria_in(criteria_set: CriteriaSet | None) -> list[str]:
    return list(criteria_set.criteria) if criteria_set else list(BY_CODE)
