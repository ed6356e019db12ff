"""A sheet of comprehensive assessments (综合评估) into their rows of a year; decisions never come from a sheet."""

from dataclasses import dataclass

from django.db.models import Model

from households.models import Review
from households.sheets import annual
from households.sheets.annual import AnnualMerge

FORMER_POOR = "01"  # household_type


@dataclass(frozen=True)
class ReviewMerge(AnnualMerge):
    """One sheet of assessments on its way into one county."""

    def _target(self) -> tuple[type[Model], str]:
        return Review, "review"

    def _gathering(self) -> str:
        return annual.GATHER_HOUSEHOLDS.format(table="households_review")

    def _reject_more(self) -> None:
        """What the verb refuses (households.review.services), for sets."""
        self._remark("row.household_no", "check", "该户不是脱贫户，不需要综合评估，请核对", _NOT_FORMER_POOR)
        self._remark("row.household_no", "check", "县级已按这次评估作出决定，不能再改", _DECIDED)
        self._remark("review.assessed_on", "check", "应在该年度内，且不晚于今天，请核对", _WRONG_DAY)


_NOT_FORMER_POOR = f"""
SELECT r.n FROM sheet_row r
JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
WHERE h.household_type <> '{FORMER_POOR}' OR h.removed_on IS NOT NULL
"""  # noqa: S608

_DECIDED = """
SELECT r.n FROM sheet_row r
JOIN households_household h ON left(h.village_id, 6) = %(county)s AND h.household_no = r.household_no
JOIN households_review v ON v.household_id = h.id AND v.year = r.year
JOIN households_supportdecision d ON d.review_id = v.id AND d.until IS NULL AND d.withdrawn_on IS NULL
WHERE ROW(v.economy, v.ability, v.evidence, v.assessors, v.assessed_on, v.proposal)
    IS DISTINCT FROM ROW(r.v_economy, r.v_ability, r.v_evidence, r.v_assessors, r.v_assessed_on, r.v_proposal)
"""

_WRONG_DAY = """
SELECT n FROM sheet_row WHERE extract(year FROM v_assessed_on) <> year OR v_assessed_on > register_today()
"""
