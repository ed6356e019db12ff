"""What waits for the caller by the clock of the procedures."""

from __future__ import annotations

from typing import Any

import django_filters
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin

from households.models import Reminder
from households.procedures.lists.selectors import reminders
from povreg.kit.api import filters
from povreg.kit.api.views import ScopedViewSet


class ReminderSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")

    class Meta:
        model = Reminder
        fields = ("id", "type", "text", "place", "batch", "objection", "due_on", "created_at")
        read_only_fields = fields


class ReminderFilter(django_filters.FilterSet):
    place = filters.Place(field_name="place_id")
    type = filters.Choice(choices=Reminder.Type.choices)
    batch = filters.Whole(field_name="batch_id", help_text="名单 id")


class ReminderViewSet(ListModelMixin, ScopedViewSet):
    """Open reminders, the most pressing first; one goes away by itself when its work is done."""

    queryset = Reminder.objects.all()
    serializer_class = ReminderSerializer
    filterset_class = ReminderFilter
    orderings = {"due_on": ("due_on",), "created_at": ("created_at",)}

    def get_queryset(self) -> Any:
        return super().get_queryset() if getattr(self, "swagger_fake_view", False) else reminders(self.request.user)
