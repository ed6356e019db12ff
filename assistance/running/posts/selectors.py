"""What is read of public posts: those that run, those of a month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from assistance.measures.selectors import measures
from assistance.models.catalogue import Kind
from villages.models import User


def last_day(first: date) -> date:
    """The last day of a month that begins on ``first``."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def posts(user: User) -> Any:
    """The posts a person may see, with the months noted this year and the last one."""
    this_year = Q(attendance__month__year=timezone.localdate().year)
    rows = measures(user).filter(withdrawn_on__isnull=True, item__kind=Kind.POST)
    rows = rows.annotate(months=Count("attendance", this_year), last_month=Max("attendance__month"))
    return rows.order_by("village_id", "-ends_on", "pk")


def posts_in(rows: Any, first: date) -> Any:
    """Of measures the posts that ran on a day of the month."""
    ended = Coalesce(F("settled_on"), F("ends_on"))
    found = rows.standing().filter(item__kind=Kind.POST, delivered_on__lte=last_day(first))
    return found.annotate(ended=ended).filter(Q(ended__gte=first) | Q(ended=None)).select_related("member", "item")
