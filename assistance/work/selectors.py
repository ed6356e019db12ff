"""What is read of work: who works, who is not confirmed, counts against last year, posts that fit a wish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from assistance.models import WorkPost, WorkSpell, WorkWish
from households.models.member import head_name
from povreg.kit.scopes import TOWNSHIP, VILLAGE, within_any
from povreg.kit.workbench import inside
from villages.models import Place, User
from villages.rights.ready import ReadyFor


def spells(user: User) -> QuerySet[WorkSpell]:
    """Spells a person may see, those that go on first."""
    rows = WorkSpell.objects.visible_to(user).select_related("member", "village__parent", "household")
    rows = rows.annotate(head_name=head_name("household_id"))
    return rows.order_by(F("until").desc(nulls_first=True), "village_id", "member_id")


def last_month() -> date:
    """The first day of the month before this one."""
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def unconfirmed(rows: QuerySet[WorkSpell], last: date | None = None) -> QuerySet[WorkSpell]:
    """Open spells that were not confirmed for last month."""
    return rows.filter(until=None).filter(Q(seen_month=None) | Q(seen_month__lt=last or last_month()))


def _unconfirmed_at(user: Any, last: date, *, role: str) -> QuerySet[WorkSpell]:
    return unconfirmed(WorkSpell.objects.visible_to(user).filter(inside(user, role, "village_id")), last)


UNCONFIRMED = ReadyFor(_unconfirmed_at, date)
"""The same in the places of a role."""


def on(day: date) -> Q:
    """Spells that held on a day."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


@dataclass(frozen=True)
class Against:
    """How many people work now and on the same day last year, in one place."""

    code: str
    name: str
    now: int
    then: int

    @property
    def change(self) -> int:
        return self.now - self.then


def against_last_year(user: User, today: date | None = None) -> list[Against]:
    """People at work by township (by village for somebody of one township), against the same day last year."""
    day = today or timezone.localdate()
    before = date(day.year - 1, day.month, min(day.day, 28))
    codes = [code for _role, code in user.postings_today()]
    below = VILLAGE if codes and all(len(code) >= TOWNSHIP for code in codes) else TOWNSHIP
    rows = WorkSpell.objects.visible_to(user).filter(within_any("village_id", codes)).order_by()
    counted = (
        rows.annotate(at=Left("village_id", below))
        .values_list("at")
        .annotate(
            now=Count("member", filter=on(day), distinct=True), then=Count("member", filter=on(before), distinct=True)
        )
    )
    found = {code: (now, then) for code, now, then in counted}
    names = Place.objects.in_bulk(found)
    return [Against(code, str(names[code]), *found[code]) for code in sorted(found) if code in names]


def posts(user: User) -> QuerySet[WorkPost]:
    """Posts of the person's places, those still open first."""
    return WorkPost.objects.visible_to(user).select_related("place").order_by("-until", "-wage", "pk")


def wishes_for(user: User, post: WorkPost) -> QuerySet[WorkWish]:
    """People who want such work and have none, nearest to what they expect first."""
    working = WorkSpell.objects.filter(member=OuterRef("member"), until=None)
    rows = WorkWish.objects.visible_to(user).filter(wants=True).filter(~Exists(working))
    rows = rows.filter(Q(sector="") | Q(sector=post.sector), Q(wage=None) | Q(wage__lte=post.wage))
    rows = rows if post.near else rows.filter(near=False)
    return rows.select_related("member", "village__parent", "household").order_by("-wage", "pk")
