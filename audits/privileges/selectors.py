"""What a privilege review looks at, inside the places of whoever reviews."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from audits.models import PrivilegeReview
from households.models import Batch, Lead
from povreg.kit.scopes import LEVEL_BY_LENGTH, within
from villages.models import Posting, User
from villages.rights import GRANTS, Right, Role, clash

UNUSED = timedelta(days=90)
"""An account that nobody signed in with for so long is closed, or its holder says why not."""
MOST = 100
LEVELS = {"county": "县", "township": "乡镇", "village": "村", "prefecture": "市", "province": "省", "country": "全国"}


@dataclass(frozen=True)
class RoleLine:
    """A role at a level: how many hold it, and what it may."""

    role: str
    level: str
    holders: int
    rights: tuple[str, ...]


@dataclass(frozen=True)
class Deed:
    """What one person did where two are asked for."""

    what: str
    who: str
    where: str
    url: str


def roles_at(county: str) -> list[RoleLine]:
    """Who can do what where: postings of today by role and level."""
    held = Posting.objects.today().filter(within("place_id", county), user__is_active=True)
    found: Counter[tuple[str, str]] = Counter()
    for role, place in held.values_list("role", "place_id"):
        found[role, LEVEL_BY_LENGTH[len(place)]] += 1
    order = list(Role)
    lines = sorted(found.items(), key=lambda item: (order.index(Role(item[0][0])), item[0][1]))
    return [RoleLine(str(Role(role).label), LEVELS[level], count, rights_of(role)) for (role, level), count in lines]


def rights_of(role: str) -> tuple[str, ...]:
    """What a role may, in words."""
    return tuple(str(right.label) for right in Right if right in GRANTS[Role(role)])


def unused(county: str, today: date | None = None) -> QuerySet[User]:
    """Accounts in use on paper that nobody signed in with for ninety days; those never used come first."""
    since = timezone.now() - UNUSED
    posted = Posting.objects.today().filter(within("place_id", county)).values("user_id")
    rows = User.objects.filter(pk__in=posted, is_active=True, created_at__lt=since)
    rows = rows.filter(Q(last_login__isnull=True) | Q(last_login__lt=since)).select_related("place")
    return rows.order_by(F("last_login").asc(nulls_first=True), "pk")


def conflicting(county: str) -> list[tuple[User, str]]:
    """People whose postings of today must not meet in one person, with the roles."""
    held: dict[int, set[str]] = defaultdict(set)
    for user, role in Posting.objects.today().filter(within("place_id", county)).values_list("user_id", "role"):
        held[user].add(role)
    clashing = {user: pairs for user, roles in held.items() if (pairs := clashes(roles))}
    people = User.objects.in_bulk(clashing)
    return [(people[user], "；".join(pairs)) for user, pairs in sorted(clashing.items())]


def clashes(roles: Iterable[str]) -> list[str]:
    """Pairs of roles that must not meet."""
    known = sorted(Role(role) for role in roles)
    return [
        f"{one.label}与{other.label}"
        for position, one in enumerate(known)
        for other in known[position + 1 :]
        if clash(one, other)
    ]


def one_hand(county: str) -> list[Deed]:
    """Deeds of one hand where the rules ask for two: the verbs refuse them, so each came past the product, or from
    before the rule."""
    looks = (batches_at_two_levels, own_lists_approved, leads_decided)
    return [deed for look in looks for deed in look(county)]


def batches_at_two_levels(county: str) -> list[Deed]:
    rows = Batch.objects.filter(within("place_id", county), records__by__isnull=False)
    kept: Any = rows.values("pk", "records__by__name", "place__short_name", "records__by_id")
    kept = kept.annotate(levels=Count("records__level", distinct=True)).filter(levels__gt=1).order_by("pk")
    return [
        Deed("同一批名单两级都由一人办理", row["records__by__name"], row["place__short_name"], batch_url(row["pk"]))
        for row in kept[:MOST]
    ]


def own_lists_approved(county: str) -> list[Deed]:
    rows = Batch.objects.filter(
        within("place_id", county), records__by=F("created_by"), records__outcome="passed",
        records__level__in=("township", "county"),
    )  # fmt: skip
    kept: Any = (
        rows.values("pk", "created_by__name", "place__short_name").annotate(last=Max("records__at")).order_by("pk")
    )
    return [
        Deed("自己拟定的名单自己审核通过", row["created_by__name"], row["place__short_name"], batch_url(row["pk"]))
        for row in kept[:MOST]
    ]


def batch_url(pk: int) -> str:
    return reverse("procedure", args=[pk])


def leads_decided(county: str) -> list[Deed]:
    told = ("listed", "dismissed")
    rows = Lead.objects.filter(within("village_id", county), decided_by=F("checked_by"), outcome__in=told)
    return [
        Deed("线索由核实的人办结", str(row.decided_by), str(row.village), reverse("lead", args=[row.pk]))
        for row in rows.select_related("decided_by", "village").order_by("pk")[:MOST]
    ]


def quarter_of(day: date) -> tuple[int, int]:
    """Year and quarter to be reviewed on a day: the one that runs."""
    return day.year, (day.month + 2) // 3


def reviews(county: str) -> QuerySet[PrivilegeReview]:
    return PrivilegeReview.objects.filter(county_id=county).select_related("signed_by")


def review_now(county: str, day: date | None = None) -> PrivilegeReview | None:
    """The review of the running quarter, if it is signed."""
    year, quarter = quarter_of(day or timezone.localdate())
    return reviews(county).filter(year=year, quarter=quarter).first()


def counts_at(county: str) -> dict[str, int]:
    """What a signature stands on."""
    return {
        "accounts": Posting.objects.today().filter(within("place_id", county), user__is_active=True)
        .values("user_id").distinct().count(),
        "unused": unused(county).count(),
        "conflicting": len(conflicting(county)),
        "one_hand": len(one_hand(county)),
    }  # fmt: skip
