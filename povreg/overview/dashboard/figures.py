"""The cards of a dashboard, every figure with the address of the rows behind it."""

from decimal import Decimal
from typing import Any

from households.eligibility.criteria import BY_CODE
from povreg.overview.dashboard.behind import Behind
from povreg.overview.dashboard.charts import VERDICTS
from povreg.overview.dashboard.tallies import Counts
from villages.models import CriteriaSet
from villages.standards.rules import Thresholds


def cards(counts: Counts, behind: Behind, thresholds: Thresholds) -> list[dict[str, Any]]:
    """The figures at the top."""
    total = counts.households("total")
    found = [
        {
            "label": "在册",
            "value": total,
            "unit": "户",
            "sub": f"{counts.people('total'):,} 人",
            "sub_url": behind.people(),
            "url": behind.rows(),
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
    return [*found, *_more_cards(counts, behind, thresholds)]


def _more_cards(counts: Counts, behind: Behind, thresholds: Thresholds) -> list[dict[str, Any]]:
    blocked = counts.households("blocker", "identified_this_year")
    return [
        {
            "label": "踩线",
            "value": counts.households("borderline", "yes"),
            "sub": f"收入达标，{thresholds.borderline_words}",
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


def criteria_in(criteria_set: CriteriaSet | None) -> list[str]:
    return list(criteria_set.criteria) if criteria_set else list(BY_CODE)
