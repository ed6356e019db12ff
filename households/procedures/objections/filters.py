"""What objections can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from households.models import Objection
from households.procedures.engine import clock
from povreg.kit.pages import filters
from villages.places.filters import InPlace

ANSWERED = Objection.State.ANSWERED
OFTEN = (("open", "未办结"), ("overdue", "已逾期"), ("mine", "分给我的"), ("answered", "已答复"), ("all", "全部"))
"""What people ask for; the API takes the single states as well."""
STATES = [*OFTEN, *(each for each in Objection.State.choices if each[0] != ANSWERED)]


class ObjectionFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="村")
    notice = filters.Whole(field_name="notice_id", label="公示", help_text="公示 id")
    state = filters.Choice(choices=STATES, label="状态", method="in_state")
    decision = filters.Choice(choices=Objection.Decision.choices, label="决定")
    overdue_on = filters.Day(field_name="due_on", lookup_expr="lt", label="期限早于", help_text="期限早于这一天的")

    def in_state(self, rows: QuerySet[Objection], name: str, value: str) -> QuerySet[Objection]:
        still_open = ~Q(state=ANSWERED)
        conditions = {
            "open": still_open,
            "overdue": still_open & Q(due_on__lt=clock.today()),
            "mine": still_open & Q(assigned_to=self.request.user),
            "all": Q(),
        }
        return rows.filter(conditions.get(value, Q(state=value)))
