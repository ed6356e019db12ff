"""What becomes of work and wishes when two rows of one person become one."""

from itertools import pairwise

from assistance.models import WorkSpell, WorkWish
from households.models import Member


def move_spells(kept: Member, double: Member) -> None:
    """All of it is the kept one's; of two jobs that run the older ends where the newer began."""
    running = list(WorkSpell._base_manager.filter(member__in=(kept, double), until=None).order_by("since", "pk"))
    for older, newer in pairwise(running):
        older.until, older.ended_why = newer.since, WorkSpell.Ended.CHANGED
        older.save(update_fields=["until", "ended_why"])
    WorkSpell._base_manager.filter(member=double).update(member=kept)


def move_wish(kept: Member, double: Member) -> None:
    """The wish that was asked last stays."""
    wishes = list(WorkWish._base_manager.filter(member__in=(kept, double)).order_by("-asked_on", "-pk"))
    for older in wishes[1:]:
        older.delete()
    WorkWish._base_manager.filter(member=double).update(member=kept)
