"""Reading standing: who had a class when, and a household's spells in words."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from households.models import CorrectionOrder, Household, Presence, Spell, StandingClass, StandingProposal
from households.models.standing import CIVIL, MONITORING, POVERTY, Origin
from households.standing.services import in_year
from villages.models import User
from villages.standards.rules import count_day

TYPES = {"01": ("out",), "03": ("poor", "leaving", "returned")}
EDGE_TYPE = "04"
ANY = "any"
RISK_STATES = (("open", "风险未消除"), ("cleared", "风险已消除"))


def last_day(year: int) -> date:
    """The day whose standing a year shows: its 31 December, today in the running one."""
    return min(date(year, 12, 31), timezone.localdate())


def _of_row(path: str = "pk", **facts: Any) -> QuerySet[Spell]:
    return Spell.objects.filter(household_id=OuterRef(path), **facts)


def had_class(year: int, path: str = "pk") -> Exists:
    """Households that had a class on some day of the year; ``path`` leads to the household's id."""
    return Exists(_of_row(path).filter(in_year(year)))


def counts_for(year: int, path: str = "") -> Q:
    """Households that figures of a year count: who had a class on some day of it, and had not ended by the count day,
    nor split off after it (the old household counts for them, then); ``path`` leads from a row to its household."""
    ended = f"{path}__removed_on" if path else "removed_on"
    lives = Q(**{f"{ended}__isnull": True}) | Q(**{f"{ended}__gt": count_day(year)})
    key = f"{path}_id" if path else "pk"
    split_off = Q(**{f"{key}__in": Spell.objects.filter(origin=Origin.SPLIT).values("household_id")})
    begun = Q(since__isnull=True) | Q(since__lte=count_day(year))
    had_begun = Exists(Presence.objects.filter(begun, household=OuterRef(key)))
    return Q(had_class(year, key)) & lives & (~split_off | Q(had_begun))


def runs(year: int) -> bool:
    """Whether what households are today is what the year shows."""
    return year >= timezone.localdate().year


def of_year(rows: QuerySet[Household], year: int) -> QuerySet[Household]:
    """Of households those that a list of the year begins with: in the running year those in the register."""
    if runs(year):
        return rows.filter(removed_on__isnull=True, in_register=True)
    return rows.filter(counts_for(year))


def sure(day: date) -> Q:
    """Spells of which it is known that they held on a day (else: 时间不详)."""
    begun = Q(since__isnull=False) | Q(proven_on__lte=day)
    return begun & (Q(sure_until__isnull=True) | Q(sure_until__gt=day))


def with_exit_status(rows: QuerySet[Household], codes: Collection[str] | str, year: int) -> QuerySet[Household]:
    """Of households those whose 脱贫属性 at the end of the year is one of ``codes``, or the one that is given."""
    wanted = [codes] if isinstance(codes, str) else list(codes)
    if runs(year):
        return rows.filter(exit_status__in=wanted)
    day = last_day(year)
    return rows.filter(Exists(_of_row(axis=POVERTY, code__in=wanted, during__contains=day).filter(sure(day))))


def with_type(rows: QuerySet[Household], code: str, year: int) -> QuerySet[Household]:
    """Of households those whose 户类型 at the end of the year is ``code``."""
    if runs(year):
        return rows.filter(household_type=code)
    day = last_day(year)
    poverty = _of_row(axis=POVERTY, during__contains=day)
    if code in TYPES:
        return rows.filter(Exists(poverty.filter(sure(day), klass__in=TYPES[code])))
    if code == EDGE_TYPE:
        return rows.filter(~Exists(poverty), Exists(_of_row(axis=MONITORING, klass="edge", since__lte=day)))
    return rows.filter(~Exists(_of_row(during__contains=day)))


def with_monitoring(rows: QuerySet[Household], code: str, state: str, year: int) -> QuerySet[Household]:
    """Of households those whose latest episode at the end of the year is of the class ``code`` ("": of any), and goes
    on (``state`` open), is over (cleared), or either ("")."""
    if runs(year):
        wanted = {"open": Q(risk_cleared=False), "cleared": Q(risk_cleared=True)}.get(state, Q())
        return rows.filter(wanted, monitor_type=code) if code else rows.filter(wanted).exclude(monitor_type="")
    day = last_day(year)
    begun = _of_row(axis=MONITORING).filter(Q(since__isnull=True) | Q(since__lte=day))
    rows = rows.alias(latest=Subquery(begun.order_by(F("since").desc(nulls_last=True), "-pk").values("code")[:1]))
    rows = rows.filter(latest=code) if code else rows.exclude(latest=None)
    goes_on = Exists(_of_row(axis=MONITORING, during__contains=day))
    return rows.filter({"open": goes_on, "cleared": ~goes_on}[state]) if state else rows


def with_civil(rows: QuerySet[Household], key: str, year: int) -> QuerySet[Household]:
    """Of households those in a civil-affairs class at the end of the year; ``key`` is one of them, or any."""
    spells = _of_row(axis=CIVIL, during__contains=last_day(year))
    return rows.filter(Exists(spells if key == ANY else spells.filter(klass=key)))


def spells_of(household: Household) -> list[Spell]:
    """A household's spells axis by axis, oldest first, with class, lists and episode."""
    rows = household.spells.select_related("klass", "batch", "end_batch", "episode", "department_row__list")
    in_order = rows.order_by(F("since").asc(nulls_first=True), "pk")
    return sorted(in_order, key=lambda spell: StandingClass.Axis.values.index(spell.axis))


def orders(user: User) -> QuerySet[CorrectionOrder]:
    """The orders to correct that the person may see, the latest first."""
    related = ("household", "village__parent", "klass", "spell__klass", "ordered_by", "approved_by")
    return CorrectionOrder.objects.visible_to(user).select_related(*related).order_by("-ordered_on", "-pk")


def orders_of(household: Household) -> list[CorrectionOrder]:
    """The orders to correct of a household, the latest first."""
    rows = household.corrections.select_related("klass", "ordered_by", "approved_by")
    return list(rows.order_by("-ordered_on", "-pk"))


def proposals(user: User) -> QuerySet[StandingProposal]:
    """What rosters said otherwise than the register, as far as the person may see it, the latest first."""
    related = ("household", "village__parent", "batch", "settled_by")
    return StandingProposal.objects.visible_to(user).select_related(*related).order_by("-found_at", "-pk")


def open_proposals(user: User) -> QuerySet[StandingProposal]:
    """Those that wait for somebody."""
    return proposals(user).filter(state=StandingProposal.State.OPEN)
