"""Signs of invented data, by village and by account: leads for a visit, never verdicts."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.detection.lists import ACCOUNTS, SIGNS
from audits.detection.selectors import parts_of
from audits.models import Sign
from povreg.kit.pages.api import Listed
from villages.rights import Right


class PartSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    meaning = serializers.CharField()
    level = serializers.ChoiceField(Sign.Level.choices)
    observed = serializers.FloatField()
    expected = serializers.FloatField()


class SignSerializer(serializers.ModelSerializer):
    year = serializers.IntegerField(source="run.year")
    village = serializers.CharField(source="village_id")
    households = serializers.ListField(child=serializers.IntegerField(), source="household_ids")
    parts = serializers.SerializerMethodField()

    class Meta:
        model = Sign
        fields = (
            "id", "year", "village", "account", "kind", "level", "score", "size", "observed", "expected", "households",
            "parts",
        )  # fmt: skip
        read_only_fields = fields

    def get_parts(self, row: Sign) -> list[dict[str, Any]]:
        return list(PartSerializer(parts_of(row), many=True).data)


class SignViewSet(Listed):
    """What the latest look over each county's year says of its villages."""

    queryset = Sign.objects.all()
    serializer_class = SignSerializer
    listing = SIGNS
    rights = {"": Right.SAMPLE_VIEW}


class AccountSignViewSet(Listed):
    """What it says of accounts."""

    queryset = Sign.objects.all()
    serializer_class = SignSerializer
    listing = ACCOUNTS
    rights = {"": Right.SAMPLE_VIEW}
