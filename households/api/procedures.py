"""Lists on their way, their notices and the objections to them, read only: steps are taken on the pages."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Prefetch, Q, QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from households.models import Batch, Notice, NoticeEntry, Objection
from households.models.template import Kind
from povreg.kit.api import filters
from povreg.kit.api.fields import masked_name, masked_phone
from povreg.kit.api.views import ScopedViewSet
from villages.people.rights import Right


class BatchSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    step = serializers.CharField(source="step.label", allow_null=True, default=None, help_text="当前步骤")
    households = serializers.IntegerField(help_text="在名单上的户数")

    class Meta:
        model = Batch
        fields = ("id", "kind", "place", "year", "state", "step", "step_since", "due_on", "round", "households", "note",
                  "created_at", "started_on", "ended_on", "ended_reason")  # fmt: skip
        read_only_fields = fields


class BatchFilter(django_filters.FilterSet):
    place = filters.Place(field_name="place_id")
    kind = filters.Choice(choices=Kind.choices)
    year = filters.Year()
    state = filters.Choice(choices=Batch.State.choices)


class BatchViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Lists of households of one kind, village and year, and where they stand."""

    queryset = Batch.objects.select_related("step").annotate(
        households=Count("entries", filter=Q(entries__state="listed"))
    )
    serializer_class = BatchSerializer
    filterset_class = BatchFilter
    lookup_value_converter = "int"
    orderings = {"place": ("place_id", "kind", "-year"), "year": ("year",), "due_on": ("due_on",)}
    rights = {"": Right.BATCH_VIEW}


class PostedLine(serializers.ModelSerializer):
    """One line as the public page shows it."""

    class Meta:
        model = NoticeEntry
        fields = ("position", "masked_name", "group_name", "persons", "category", "reason")
        read_only_fields = fields


class NoticeSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    kind = serializers.ChoiceField(Kind.choices, source="batch.kind")
    year = serializers.IntegerField(source="batch.year")

    class Meta:
        model = Notice
        fields = ("id", "batch", "kind", "year", "type", "sequence", "place", "board", "state", "posted_on", "days",
                  "day_rule", "ends_on", "closed_on", "hotline", "digest", "entries_count", "people_count",
                  "correction_reason")  # fmt: skip
        read_only_fields = fields


class PostedNotice(NoticeSerializer):
    lines = PostedLine(many=True)

    class Meta(NoticeSerializer.Meta):
        fields = (*NoticeSerializer.Meta.fields, "lines")
        read_only_fields = fields


class NoticeFilter(django_filters.FilterSet):
    place = filters.Place(field_name="place_id")
    batch = filters.Whole(field_name="batch_id", help_text="名单 id")
    kind = filters.Choice(field_name="batch__kind", choices=Kind.choices)
    year = filters.Year(field_name="batch__year")
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


class ObjectionSerializer(serializers.ModelSerializer):
    """Who objected is masked; what was written is for those who take or handle objections there."""

    place = serializers.CharField(source="place_id")
    name = masked_name()
    phone = masked_phone()
    text = serializers.SerializerMethodField(help_text="无办理权限时为空")
    decision = serializers.ChoiceField(Objection.Decision.choices, allow_blank=True)
    effect = serializers.ChoiceField(Objection.Effect.choices, allow_blank=True)
    investigation = serializers.SerializerMethodField(help_text="无办理权限时为空")

    class Meta:
        model = Objection
        fields = ("id", "notice", "place", "channel", "state", "name", "phone", "text", "received_on", "due_on",
                  "investigation", "investigated_on", "decision", "effect", "decision_reason", "decided_on", "answer",
                  "answered_on")  # fmt: skip
        read_only_fields = fields

    def get_text(self, row: Objection) -> str:
        return row.text if self.handles(row) else ""

    def get_investigation(self, row: Objection) -> str:
        return row.investigation if self.handles(row) else ""

    def handles(self, row: Objection) -> bool:
        user = self.context["request"].user
        return any(user.can(right, row.place_id) for right in (Right.OBJECTION_TAKE, Right.OBJECTION_HANDLE))


class ObjectionFilter(django_filters.FilterSet):
    place = filters.Place(field_name="place_id")
    notice = filters.Whole(field_name="notice_id", help_text="公示 id")
    state = filters.Choice(choices=Objection.State.choices)
    decision = filters.Choice(choices=Objection.Decision.choices)
    overdue_on = filters.Day(field_name="due_on", lookup_expr="lt", help_text="期限早于这一天的")


class ObjectionViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Objections to posted lists."""

    queryset = Objection.objects.all()
    serializer_class = ObjectionSerializer
    filterset_class = ObjectionFilter
    lookup_value_converter = "int"
    orderings = {"due_on": ("due_on",), "received_on": ("received_on",)}
    rights = {"": Right.BATCH_VIEW}
