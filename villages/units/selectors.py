"""Reading units and cadres of one's places."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from villages.models import Cadre, Unit, User

DUTIES = {"first_secretary": "第一书记", "team_leader": "工作队长", "team_member": "驻村队员"}


def units(user: User) -> QuerySet[Unit]:
    """Units the person may see, with the number of villages each supports (``village_count``) and of its cadres
    (``cadre_count``)."""
    rows = Unit.objects.visible_to(user).select_related("place")
    rows = rows.annotate(village_count=Count("villages", distinct=True), cadre_count=Count("cadres", distinct=True))
    return rows.order_by("-is_active", "place_id", "name")


def cadres(user: User) -> QuerySet[Cadre]:
    """Cadres the person may see."""
    return Cadre.objects.visible_to(user).select_related("place__parent", "unit", "user")


def stationed_now() -> Q:
    """Cadres whose stay in the village has not ended."""
    return Q(stationed_to__isnull=True) | Q(stationed_to__gte=timezone.localdate())


def duties_of(cadre: Cadre) -> list[str]:
    """What the cadre is in the village: 第一书记, 工作队长, 驻村队员."""
    return [label for duty, label in DUTIES.items() if getattr(cadre, f"is_{duty}")]
