"""Posted lists, read only: they are put up, closed and corrected by the verbs of their list."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from households.models import Notice, NoticeEntry
from households.procedures.engine.filters import KindChoice
from households.procedures.engine.procedure import kind_choices
from households.register.filters import SurveyYear
from povreg.kit.api import filters
from povreg.kit.api.views import ScopedViewSet
from villages.rights import Right


class PostedLine(serializers.ModelSerializer):
    """One line as the public page shows it."""

    class Meta:
        model = NoticeEntry
        fields = ("position", "masked_name", "group_name", "persons", "category", "reason")
        read_only_fields = fields


class NoticeSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    kind = serializers.CharField(source="batch.kind")
    year = serializers.IntegerField(source="batch.year")

    class Meta:
        model = Notice
        fields: tuple[str, ...] = (
            "id", "batch", "kind", "year", "type", "sequence", "place", "board", "state", "posted_on", "days",
            "day_rule", "ends_on", "closed_on", "hotline", "digest", "entries_count", "people_count",
            "correction_reason",
        )  # fmt: skip
        read_only_fields = fields


class PostedNotice(NoticeSerializer):
    lines = PostedLine(many=True)

    class Meta(NoticeSerializer.Meta):
        fields = (*NoticeSerializer.Meta.fields, "lines")
        read_only_fields = fields


class NoticeFilter(django_filters.FilterSet):
    place = filters.Place(field_name="place_id")
    batch = filters.Whole(field_name="batch_id", help_text="名单 id")
    kind = KindChoice(field_name="batch__kind", choices=kind_choices)
    year = SurveyYear(field_name="batch__year")
    type = filters.Choice(choices=Notice.Type.choices)
    state = filters.Choice(choices=Notice.State.choices)


class NoticeViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Posted lists; one of them with its lines."""

    queryset = Notice.objects.select_related("batch")
    filterset_class = NoticeFilter
    lookup_value_converter = "int"
    orderings = {"posted_on": ("posted_on",), "ends_on": ("ends_on",), "place": ("place_id", "-posted_on")}
    rights = {"": Right.BATCH_VIEW}

    def get_serializer_class(self) -> Any:
        return PostedNotice if self.action == "retrieve" else NoticeSerializer

    def row(self, rows: QuerySet, pk: Any) -> Notice:
        lines = Prefetch("lines", NoticeEntry.objects.order_by("position"))
        row: Notice = super().row(rows.prefetch_related(lines), pk)
        return row
