"""Which words, procedures and lines hold on a day in a county, and which year it works on.

What counties set is asked of every page and changes once in years: each process keeps it for a minute, its own verbs
forget it at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.core.cache import caches
from django.db.models import QuerySet
from django.utils import timezone

from povreg.kit.scopes import COUNTY, county_of
from villages.models import OfficeName, Programme, User, WorkingYear
from villages.periods.eras import LATEST, EraData, Office, era_in

KEEP = 60  # seconds


class NamedOffice(NamedTuple):
    """A county's own name of its office from a day on."""

    since: date
    name: str
    group: str
    hotline: str


class OfferedProgramme(NamedTuple):
    """A programme of a county: years, what may be carried out, and the kind of line that judges."""

    name: str
    procedures: tuple[str, ...]
    line: str
    year_from: int
    year_to: int


@dataclass(frozen=True)
class CountySettings:
    """What a county set."""

    working_year: int | None = None
    offices: tuple[NamedOffice, ...] = ()
    programmes: tuple[OfferedProgramme, ...] = ()

    def programmes_of(self, year: int) -> list[OfferedProgramme]:
        """Those of a year, the latest first."""
        return [each for each in self.programmes if each.year_from <= year <= each.year_to]


NOTHING_SET = CountySettings()


@dataclass(frozen=True)
class Era:
    """What holds on a day in a county.

    ``line`` is the kind of line that judges income, ``national_line`` the one of the whole country's rules;
    ``procedures`` are codes of kinds (households.models.template.Kind) and ``quotas``. ``office`` is the county's
    office as texts name it, ``group`` the group that decides above it.
    """

    code: str
    label: str
    year: int
    line: str
    national_line: str
    objects: str
    work: str
    procedures: frozenset[str]
    programmes: tuple[str, ...]
    office: str
    township_office: str
    group: str
    hotline: str
    hotline_label: str

    def offers(self, procedure: str) -> bool:
        return str(procedure) in self.procedures


def era_of(when: date | int, place: str = "") -> Era:
    """The era of a day, or of a year (named as on its last day, or today in the running year), in the county that
    ``place`` lies in; no place is the whole country."""
    today = timezone.localdate()
    day = when if isinstance(when, date) else (today if when == today.year else date(when, 12, 31))
    found, own = era_in(day.year), settings_of(county_of(place))
    return _with_programmes(_named(found, found.office(day), day, own), own)


def _named(found: EraData, office: Office, day: date, own: CountySettings) -> Era:
    named = next((each for each in reversed(own.offices) if each.since <= day), None)
    return Era(
        code=found.code,
        label=found.label,
        year=day.year,
        line=found.line,
        national_line=found.line,
        objects=found.objects,
        work=found.work,
        procedures=found.procedures(day.year),
        programmes=(),
        office=named.name if named else f"县{office.county}",
        township_office=f"乡镇{office.township}",
        group=(named.group if named else "") or office.group,
        hotline=(named.hotline if named else "") or office.hotline,
        hotline_label=office.hotline_label,
    )


def _with_programmes(era: Era, own: CountySettings) -> Era:
    found = own.programmes_of(era.year)
    if not found:
        return era
    offered = era.procedures.union(*(each.procedures for each in found))
    return replace(era, procedures=offered, programmes=tuple(each.name for each in found), line=found[0].line)


def office_name(place: str = "", day: date | None = None) -> str:
    """What the office of a place's county is called on a day (today)."""
    return era_of(day or timezone.localdate(), place).office


def offered_anywhere(year: int, places: Iterable[str]) -> frozenset[str]:
    """The procedures on offer in a year in some county of these places."""
    counties = {county_of(code) for code in places} or {""}
    return frozenset().union(*(era_of(year, code).procedures for code in counties))


def settings_of(county: str) -> CountySettings:
    """What a county set; nothing for the whole country or a place above counties."""
    if len(county) != COUNTY:
        return NOTHING_SET
    cache, key = caches["process"], f"county-settings:{county}"
    found: CountySettings | None = cache.get(key)
    if found is None:
        found = _read(county)
        cache.set(key, found, KEEP)
    return found


def forget(county: str) -> None:
    """What this process keeps of a county is read anew."""
    caches["process"].delete(f"county-settings:{county}")


def _read(county: str) -> CountySettings:
    year = WorkingYear.objects.current().filter(county=county).order_by("-pk").values_list("year", flat=True).first()
    offices = OfficeName.objects.current().filter(county=county).order_by("since")
    programmes = Programme.objects.current().filter(county=county).order_by("-year_from", "-pk")
    return CountySettings(
        working_year=year,
        offices=tuple(NamedOffice(*row) for row in offices.values_list("since", "name", "group", "hotline")),
        programmes=tuple(
            OfferedProgramme(row.name, tuple(row.procedures), row.line_kind, row.year_from, row.year_to or LATEST)
            for row in programmes
        ),
    )


def working_year_set(counties: Iterable[str]) -> int | None:
    """The latest working year that one of these counties set; None where none did."""
    return max(filter(None, (settings_of(code).working_year for code in counties)), default=None)


def working_years(user: User) -> QuerySet[WorkingYear]:
    """The working years set in the counties a person may see, the latest first."""
    return WorkingYear.objects.visible_to(user).select_related("county", "created_by", "withdrawn_by").order_by("-pk")


def office_names(user: User) -> QuerySet[OfficeName]:
    rows = OfficeName.objects.visible_to(user).select_related("county", "created_by", "withdrawn_by")
    return rows.order_by("county_id", "-since", "-pk")


def programmes(user: User) -> QuerySet[Programme]:
    rows = Programme.objects.visible_to(user).select_related("county", "created_by", "withdrawn_by")
    return rows.order_by("county_id", "-year_from", "-pk")
