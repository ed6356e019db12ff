"""Doubts in the API: what the rules found."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin

from audits.checks.catalogue import words_of
from audits.checks.lists import DOUBTS
from audits.models import Doubt
from povreg.kit.pages.api import Listed
from villages.rights import Right


class DoubtSerializer(serializers.ModelSerializer):
    """One doubt; ``seen`` are the facts the rule looked at."""

    village = serializers.CharField(source="village_id")
    text = serializers.SerializerMethodField(help_text="规则说的是什么")

    class Meta:
        model = Doubt
        fields = (
            "id", "rule", "text", "severity", "group", "year", "village", "household", "member", "seen", "first_seen",
            "last_seen", "solved_on", "times", "exempted", "confirmed", "finding",
        )  # fmt: skip
        read_only_fields = fields

    def get_text(self, row: Doubt) -> str:
        return words_of(row.rule)


class DoubtViewSet(RetrieveModelMixin, Listed):
    queryset = Doubt.objects.all()
    serializer_class = DoubtSerializer
    listing = DOUBTS
    lookup_value_converter = "int"
    rights = {"": Right.CHECK_VIEW}
