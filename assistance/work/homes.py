"""Work when people change households: a job and a wish are the person's, and stand where he lives."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Greatest

from assistance.models import WorkSpell, WorkWish
from households.models import Member
from households.register.turnover import Turn, Turnover

GONE = WorkSpell.Ended.GONE


def follow(happened: Turnover) -> None:
    """Running jobs and wishes go with the person; with one who leaves, or a household that ends, the job is no longer
    the register's. Jobs that ended stay in the household in which they were done."""
    if happened.turn in (Turn.SPLIT, Turn.MERGED, Turn.CAME):
        take_along(happened.members)
    elif happened.turn is Turn.LEFT:
        stop_or_go_on(happened, member__in=happened.members)
    elif happened.turn is Turn.ENDED:
        stop_or_go_on(happened, household=happened.household)


def take_along(members: Collection[int]) -> None:
    home = Member.objects.filter(pk=OuterRef("member"))
    place = {name: Subquery(home.values(name)[:1]) for name in ("household_id", "village_id")}
    for rows in (WorkSpell.objects.filter(until=None), WorkWish.objects.all()):
        rows.filter(member__in=members).update(**place)


def stop_or_go_on(happened: Turnover, **whose: Any) -> None:
    last = Greatest(F("since"), happened.on)
    if happened.undone:
        WorkSpell.objects.filter(**whose, ended_why=GONE, until=last).update(until=None, ended_why="")
    else:
        WorkSpell.objects.filter(**whose, until=None).update(until=last, ended_why=GONE)
