"""Reading people: who somebody is today, accounts and postings of a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import caches
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from povreg.kit.scopes import TOWNSHIP, VILLAGE, county_of, township_of, within_any
from villages.models import Place, Posting, SignInAttempt, User
from villages.rights import Right, Role

TOWNSHIP_DIGITS = 9
KEEP_NAMES = 300  # seconds
STATES = {
    "open": "正常",
    "initial": "未改初始密码",
    "locked": "已锁定",
    "unposted": "未授予任职",
    "closed": "已停用",
}


@dataclass(frozen=True)
class Who:
    """The signed-in person as the frame of every page shows him."""

    name: str
    role: str
    place: str


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Short names by code, kept for some minutes: the frame of every page needs them."""
    cache = caches["process"]
    keys = {f"place-name:{code}": code for code in codes if code}
    names = {keys[key]: name for key, name in cache.get_many(keys).items()}
    lacking = set(keys.values()) - set(names)
    if lacking:
        found = {place.code: str(place) for place in Place.objects.filter(code__in=lacking)}
        cache.set_many({f"place-name:{code}": name for code, name in found.items()}, KEEP_NAMES)
        names |= found
    return names


def place_label(code: str) -> str:
    """The place as its people say it: township and village, township, or county."""
    codes = [township_of(code), code[:VILLAGE]] if len(code) > TOWNSHIP else [code]
    names = place_names(codes)
    return " ".join(names[part] for part in codes if part in names)


def county_name(user: User) -> str:
    """Name of the county (or the place above it) of the person's first posting; else of the account's own place."""
    codes = [code for _role, code in user.postings_today()] or [user.place_id or ""]
    return place_names([county_of(codes[0])]).get(county_of(codes[0]), "")


def who(user: User) -> Who:
    """Name, role and place of the person; with several postings the first one and how many there are."""
    postings = user.postings_today()
    if not postings:
        return Who(user.name, "尚未授予任职", place_label(user.place_id or ""))
    role, code = postings[0]
    more = f"等 {len(postings)} 项" if len(postings) > 1 else ""
    return Who(user.name, f"{role.label}{more}", place_label(code))


def accounts(user: User) -> QuerySet[User]:
    """Accounts the person may see, with their postings of today (``current``)."""
    return User.objects.visible_to(user).select_related("place", "unit").prefetch_related(current_postings())


def current_postings() -> Prefetch:
    return Prefetch("postings", Posting.objects.today().select_related("place"), to_attr="current")


def postings_seen(user: User) -> QuerySet[Posting]:
    """Every posting inside the person's places, ended ones too, latest first."""
    rows = Posting.objects.visible_to(user).select_related("user", "place__parent", "granted_by")
    return rows.order_by("-starts_on", "-pk")


def postings_of(user: User, account: User) -> QuerySet[Posting]:
    """Those of one account."""
    return postings_seen(user).filter(user=account)


def posted(condition: Q = Q()) -> Exists:  # noqa: B008  an empty condition has no state
    """Whether an account holds a posting today that meets the condition."""
    return Exists(Posting.objects.today().filter(condition, user=OuterRef("pk")))


def in_state(rows: QuerySet[User], state: str) -> QuerySet[User]:
    """Accounts in one of :data:`STATES`; an empty or unknown state keeps all."""
    locked = Q(locked_until__gt=timezone.now())
    conditions = {
        "open": Q(is_active=True) & ~locked & posted(),
        "initial": Q(is_active=True, must_change_password=True),
        "locked": Q(is_active=True) & locked,
        "unposted": Q(is_active=True) & ~posted(),
        "closed": Q(is_active=False),
    }
    return rows.filter(conditions[state]) if state in conditions else rows


def state_of(account: User) -> str:
    """The state that matters most to an administrator (key of :data:`STATES`); needs ``current``."""
    if not account.is_active:
        return "closed"
    if account.is_locked:
        return "locked"
    if not account.current:  # type: ignore[attr-defined]
        return "unposted"
    return "initial" if account.must_change_password else "open"


def villages_without_cadre(*places: str) -> QuerySet[Place]:
    """Villages of the places for which no account was opened and nobody is posted as village cadre."""
    own = User.objects.filter(place_id=OuterRef("code"), is_active=True)
    posted = Posting.objects.today().filter(role=Role.VILLAGE_CADRE, place_id=OuterRef("code"))
    villages = Place.objects.filter(within_any("code", places), level=Place.Level.VILLAGE).current()
    return villages.filter(~Exists(own), ~Exists(posted))


def village_accounts_unposted(user: User, *places: str) -> QuerySet[User]:
    """Accounts opened for villages of the places that hold no posting yet."""
    rows = User.objects.visible_to(user).filter(
        within_any("place_id", places), place__level=Place.Level.VILLAGE, is_active=True
    )
    return rows.filter(~Exists(Posting.objects.filter(user=OuterRef("pk")))).select_related("place")


def by_township(rows: QuerySet, path: str) -> list[tuple[Place, int]]:
    """How many of the rows lie in each township, the township first; ``path`` leads to the village's code."""
    counted = rows.order_by().values_list(Left(path, TOWNSHIP_DIGITS)).annotate(count=Count("pk"))
    counts = dict(counted)
    return [(place, counts[place.code]) for place in Place.objects.filter(code__in=counts).order_by("code")]


def sign_ins(user: User) -> QuerySet[SignInAttempt]:
    """Tries to sign in with accounts of the places whose logs somebody reads, and with names that nobody has."""
    places = user.places_with(Right.LOG_VIEW)
    theirs = Q(user__in=User.objects.filter(within_any("place_id", places) | posted(within_any("place_id", places))))
    return SignInAttempt.objects.filter(theirs | Q(user=None)).select_related("user").order_by("-at", "-pk")
