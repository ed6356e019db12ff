"""What the API says of verdicts."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from households.models import Assessment
from households.models.assessment import Verdict


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "string", "enum": [value for value, _ in Verdict.choices]}}
)
class Criteria(serializers.Field):
    """The result of every criterion of the set."""

    def to_representation(self, row: Assessment) -> dict[str, str]:
        failed, missing = set(row.failed), set(row.missing)
        return {
            code: "fail" if code in failed else "missing" if code in missing else "pass"
            for code in row.criteria_set.criteria
        }


class AssessmentSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    household_no = serializers.CharField(source="household.household_no")
    verdict = serializers.ChoiceField(Verdict.choices)
    criteria = Criteria(source="*", read_only=True)
    criteria_set = serializers.CharField(source="criteria_set.__str__", help_text="名称和版本")
    blockers = serializers.ListField(child=serializers.CharField())
    gaps = serializers.ListField(child=serializers.CharField(), help_text="未填完的部分")
    reasons = serializers.DictField(
        child=serializers.CharField(), help_text="未记录的指标另有原因的：no_line 为当年还没有标准线"
    )

    class Meta:
        model = Assessment
        fields = ("id", "household", "household_no", "village", "year", "verdict", "criteria", "criteria_set",
                  "persons", "net_income", "per_head", "line_amount", "national_amount", "provincial_amount", "reasons",
                  "margin", "borderline", "blockers", "eligible", "gaps", "assessed_at")  # fmt: skip
        read_only_fields = fields
