"""Guards that several kinds of lists share, and the conditions that guards are made of."""

from django.db.models import Exists, F, OuterRef, Q

from households.models import Assessment, Member
from households.procedures.engine.procedure import RowGuard


def judged(year: int, **facts: object) -> Q:
    """Whether the household's verdict of the year is such."""
    return Q(Exists(Assessment.objects.filter(household_id=OuterRef("household_id"), year=year, **facts)))


def headless(year: int) -> Q:
    """Whether the household has no present head."""
    return ~Q(Exists(Member.objects.heads().filter(household=OuterRef("household_id"))))


REMOVED = RowGuard("removed", lambda _: Q(household__removed_on__isnull=False), "已销号")
MOVED = RowGuard("moved", lambda _: ~Q(household__village_id=F("batch__place_id")), "已迁到其他村")
ORDINARY = RowGuard("candidate", lambda _: Q(household__in_register=False), "是普通农户，不在册")
NO_HEAD = RowGuard("no_head", headless, "没有户主，请先在农户信息中登记户主")
REGISTERED = (REMOVED, MOVED, ORDINARY)
"""Only households of the village that are in the register."""
