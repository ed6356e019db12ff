"""The households of a village whose income lies nearest the line, above or below: where a visit decides most."""

from collections.abc import Mapping
from typing import Any

from django.db.models.functions import Abs

from households.eligibility.selectors import head_names
from households.models import Assessment
from households.models.assessment import Verdict
from villages.models import User

SHOWN = 10


def nearest_the_line(user: User, village: str, year: int) -> list[dict[str, Any]]:
    """The nearest first, in two queries on one village's verdicts."""
    rows = Assessment.objects.visible_to(user).filter(village=village, year=year, margin__isnull=False)
    rows = rows.filter(counted=True)
    found = list(
        rows.order_by(Abs("margin"), "household_id").values(
            "household_id", "persons", "per_head", "line_amount", "verdict", "borderline"
        )[:SHOWN]
    )
    heads = head_names(row["household_id"] for row in found)
    return [_shown(row, heads.get(row["household_id"], "")) for row in found]


def _shown(row: Mapping[str, Any], head: str) -> dict[str, Any]:
    above = row["per_head"] - row["line_amount"]
    return {**row, "head": head, "above": above, "below": -above, "verdict_text": Verdict(row["verdict"]).label}
