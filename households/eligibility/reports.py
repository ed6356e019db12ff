"""What a recompute reports (contract.md section 1): flips, and every verdict on request."""

from decimal import Decimal
from typing import Any

from households.eligibility.explain import result_of
from households.models import Assessment, Flip
from povreg.jobs.models import Job
from povreg.kit.scopes import within
from villages.models import CriteriaSet


def flips_report(job: Job) -> list[dict[str, str]]:
    """The verdicts that a recompute turned, in order of household number."""
    rows = Flip.objects.filter(job=job).order_by("household__household_no")
    values = rows.values_list("household__household_no", "before", "after", "cause")
    return [dict(zip(("household_no", "from", "to", "cause"), row, strict=True)) for row in values]


def assessments_report(place: str, year: int) -> list[dict[str, Any]]:
    """The verdict of every registered household of a place, in order of village and household number."""
    sets = {row.pk: row.criteria for row in CriteriaSet.objects.all()}
    rows = Assessment.objects.filter(within("village_id", place), year=year, counted=True)
    rows = rows.select_related("household")
    ordered = rows.order_by("village_id", "household__household_no").iterator(chunk_size=2000)
    return [_row(row, sets[row.criteria_set_id]) for row in ordered]


def _row(row: Assessment, criteria: list[str]) -> dict[str, Any]:
    return {
        "household_no": row.household.household_no,
        "persons": row.persons,
        "per_head": None if row.per_head is None else str(row.per_head),
        "line": _number(row.line_amount),
        "verdict": row.verdict,
        "criteria": {code: result_of(row, code) for code in criteria},
        "reasons": row.reasons,
        "borderline": row.borderline,
        "blockers": row.blockers,
        "eligible": row.eligible,
        "margin": None if row.margin is None else str(row.margin),
    }


def _number(amount: Decimal | None) -> int | float | None:
    """Yuan as a JSON number, whole where it is."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
