"""Resident teams and support units: who is in which village, what is missing, where units meet (撞车)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, Sum
from django.utils import timezone

from assistance.models import TeamMonth
from assistance.pairing.rules import team_rule
from households.models import Household
from povreg.kit.scopes import within_any
from villages.models import Cadre, Place, Unit, UnitVillage, User, VillageProfile

DAYS_IN_YEAR = 365


@dataclass
class Team:
    """The team of a village today: its members, who leads, days in the village this year, units that support it."""

    code: str
    village: str
    township: str
    must_have: bool
    members: list[Cadre] = field(default_factory=list)
    days: dict[int, int] = field(default_factory=dict)
    units: list[str] = field(default_factory=list)

    @property
    def leader(self) -> str:
        return "、".join(each.name for each in self.members if each.is_team_leader)

    @property
    def first_secretary(self) -> str:
        return "、".join(each.name for each in self.members if each.is_first_secretary)

    @property
    def since(self) -> date | None:
        return min((each.stationed_from for each in self.members if each.stationed_from), default=None)

    @property
    def least_days(self) -> int | None:
        """The days of the member who was there least; None where none are noted."""
        return min((self.days[each.pk] for each in self.members if each.pk in self.days), default=None)

    @property
    def faults(self) -> list[str]:
        """What the team lacks, in words."""
        rule = team_rule()
        said = []
        if self.must_have and not self.members:
            return ["没有驻村工作队"]
        if self.members and len(self.members) < rule.least_members:
            said.append(f"只有 {len(self.members)} 人，应不少于 {rule.least_members} 人")
        if self.members and not self.leader:
            said.append("没有队长")
        if self.members and not self.first_secretary:
            said.append("没有第一书记")
        short = self.least_days is not None and self.least_days < days_due(timezone.localdate())
        if short:
            said.append(f"在村最少的只有 {self.least_days} 天，到今天应有 {days_due(timezone.localdate())} 天")
        return said


def days_due(today: date) -> int:
    """How many days in the village a member should have by the end of last month, in proportion to the year's."""
    passed = today.replace(day=1).timetuple().tm_yday - 1
    return team_rule().days_a_year * passed // DAYS_IN_YEAR


def teams(user: User, place: str = "") -> list[Team]:
    """The teams of the villages that must have one, and of all that have one, in as many statements for many as few."""
    codes = [place] if place else [code for _role, code in user.postings_today()]
    poor = set(
        VillageProfile.objects.filter(within_any("village_id", codes), is_poor=True).values_list("pk", flat=True)
    )
    members = stationed(codes)
    units = supporting(codes)
    names = Place.objects.filter(pk__in={*poor, *members, *units}).select_related("parent").in_bulk()
    days = days_of(each.pk for team in members.values() for each in team)
    return [
        Team(code, str(row), str(row.parent or ""), code in poor, members.get(code, []), days, units.get(code, []))
        for code, row in sorted(names.items())
    ]


def stationed(codes: Iterable[str]) -> dict[str, list[Cadre]]:
    """Team members whose stay has not ended, by village."""
    today = timezone.localdate()
    rows = Cadre.objects.filter(within_any("place_id", codes), is_team_member=True)
    rows = rows.filter(Q(stationed_to=None) | Q(stationed_to__gte=today)).order_by("-is_team_leader", "pk")
    found: dict[str, list[Cadre]] = {}
    for row in rows.defer("id_no", "phone"):
        found.setdefault(row.place_id, []).append(row)
    return found


def supporting(codes: Iterable[str]) -> dict[str, list[str]]:
    """Names of the units in use that support each village."""
    rows = UnitVillage.objects.filter(within_any("village_id", codes), unit__is_active=True)
    found: dict[str, list[str]] = {}
    for village, name in rows.order_by("unit__name").values_list("village_id", "unit__name"):
        found.setdefault(village, []).append(name)
    return found


@dataclass(frozen=True)
class Support:
    """The units of one village: ``poor`` villages must have one."""

    code: str
    village: str
    township: str
    poor: bool
    homes: int
    units: tuple[str, ...]

    @property
    def state(self) -> str:
        """overlap (撞车): several units meet; blank: a village that must have one has none."""
        if len(self.units) > 1:
            return "overlap"
        return "blank" if self.poor and not self.units else "one" if self.units else "none"


def support_grid(user: User) -> list[tuple[str, list[Support]]]:
    """Every village of the person's places by township, with the units that support it: where units meet, where there
    are none. Four statements."""
    codes = [code for _role, code in user.postings_today()]
    rows = Place.objects.filter(within_any("code", codes), level=Place.Level.VILLAGE).select_related("parent")
    poor = set(
        VillageProfile.objects.filter(within_any("village_id", codes), is_poor=True).values_list("pk", flat=True)
    )
    units = supporting(codes)
    kept = Household.objects.visible_to(user).registered().order_by()
    homes = dict(kept.values_list("village_id").annotate(n=Count("pk")))
    found: dict[str, list[Support]] = {}
    for row in rows.order_by("code"):
        own = tuple(dict.fromkeys(units.get(row.pk, ())))
        if own or row.pk in poor or row.pk in homes:
            township = str(row.parent or "")
            each = Support(row.pk, str(row), township, row.pk in poor, homes.get(row.pk, 0), own)
            found.setdefault(township, []).append(each)
    return list(found.items())


def days_of(cadres: Iterable[int]) -> dict[int, int]:
    """Days in the village this year, of those for whom any are noted."""
    rows = TeamMonth.objects.filter(cadre__in=list(cadres), month__year=timezone.localdate().year)
    return dict(rows.order_by().values_list("cadre").annotate(sum=Sum("days")))


def idle_units(user: User) -> list[Unit]:
    """Units that may support a village and support none (空白)."""
    rows = Unit.objects.visible_to(user).filter(kind=Unit.Kind.SUPPORT, is_active=True, villages=None)
    return list(rows.order_by("name"))
