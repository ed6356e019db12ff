"""The day moves on: a spell whose bound lies in the future comes to hold, or to end, without anybody writing."""

from datetime import timedelta

from celery import shared_task
from django.db.models import F, Q
from django.utils import timezone

from households.models import Spell
from povreg.kit.history import act

LOOK_BACK = timedelta(days=7)  # a night without a worker is made up for


@shared_task(name="households.refresh_standing")
def refresh_standing() -> int:
    """Have the database project anew the households whose spells begin or end in these days; returns their number."""
    today = timezone.localdate()
    near = (today - LOOK_BACK, today)
    rows = Spell.objects.filter(Q(since__range=near) | Q(until__range=near))
    with act(by=None, verb="refresh_standing"):
        return int(rows.update(document=F("document")))
