"""What one's messages can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from povreg.kit.pages import filters
from villages.models import Message


class MessageFilters(django_filters.FilterSet):
    unread = filters.YesNo(method="is_unread", label="未读", help_text="true 只列未读的，false 只列已读的")
    kind = filters.Choice(choices=Message.Kind.choices, label="类型")

    def is_unread(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.filter(read_at__isnull=value)
