"""What requests for correction can be narrowed by."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import Q
from django.utils import timezone

from assistance.models import CorrectionRequest
from povreg.kit.pages import filters
from villages.places.filters import InPlace

STATES = (("open", "待答复"), ("late", "逾期"), ("answered", "已答复"), ("all", "全部"))


def in_state(state: str, today: date | None = None) -> Q:
    """Requests that wait, wait too long, or were answered."""
    conditions = {
        "open": Q(answered_on__isnull=True),
        "late": Q(answered_on__isnull=True, due_on__lt=today or timezone.localdate()),
        "answered": Q(answered_on__isnull=False),
    }
    return conditions.get(state, Q())


class RequestFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=STATES, label="状态", method="of_state")
    about = filters.Choice(choices=CorrectionRequest.About.choices, label="哪方面")
    outcome = filters.Choice(choices=CorrectionRequest.Outcome.choices, label="结果")

    def of_state(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(in_state(value))
