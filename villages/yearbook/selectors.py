"""Reading yearly files: rows of one's villages with completeness and gaps, the report by place, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import NullIf, Substr
from django.utils import timezone

from povreg.kit.history import verb_label
from povreg.kit.scopes import county_of
from povreg.kit.values import names_of, shown
from villages.models import Place, User, VillageYear
from villages.periods.selectors import working_year_set
from villages.places.selectors import children
from villages.yearbook.gaps import GAPS, marks
from villages.yearbook.parts import ASKED, FACTS, field_of


class Recorded(Func):
    """How many of the expressions are not null."""

    function = "num_nonnulls"
    output_field = IntegerField()


def asked_of(name: str) -> Any:
    """A fact as :class:`Recorded` counts it: an empty text is not recorded."""
    return NullIf(F(name), Value("")) if isinstance(field_of(name), CharField) else F(name)


def files(user: User) -> QuerySet[VillageYear]:
    """The files one may see, with how many facts are recorded (``recorded``) and the gaps (``gap_0`` …)."""
    rows = VillageYear.objects.visible_to(user).select_related("village__parent")
    return rows.annotate(recorded=Recorded(*map(asked_of, ASKED)), **marks()).order_by("village_id", "-year")


def usual_year(user: User) -> int:
    """The year that is shown when none is asked for: the working year of the person's county, else this year."""
    counties = {county_of(code) for _role, code in user.postings_today()}
    return working_year_set(counties) or timezone.localdate().year


def file_of(village: Place, year: int) -> VillageYear | None:
    return VillageYear.objects.filter(village=village, year=year).first()


def latest_before(village: Place, year: int) -> VillageYear | None:
    """The newest file of an earlier year."""
    return VillageYear.objects.filter(village=village, year__lt=year).order_by("-year").first()


def latest_of(village: Place) -> VillageYear | None:
    return latest_before(village, 9999)


@dataclass
class GapLine:
    """A line of the report: a place with its villages, how many have a file, how many of these lack what."""

    place: Place
    villages: int = 0
    files: int = 0
    complete: int = 0
    lacking: list[int] = field(default_factory=lambda: [0] * len(GAPS))

    @property
    def id(self) -> str:
        return self.place.code

    @property
    def missing(self) -> int:
        """Villages without a file."""
        return self.villages - self.files


def gap_lines(user: User, place: Place, year: int) -> list[GapLine]:
    """The report on what lies below a place (of a village: itself), in three statements whatever the number."""
    below = [place] if place.level >= Place.Level.VILLAGE else list(children(place.code))
    lines = {one.code: GapLine(one) for one in below}
    width = len(below[0].code) if below else 0
    part = Substr("code", 1, width)
    villages = Place.objects.current().visible_to(user).under(place.code).filter(level=Place.Level.VILLAGE)
    for code, number in villages.annotate(part=part).order_by().values_list("part").annotate(Count("pk")):
        if code in lines:
            lines[code].villages = number
    for found in _counted(user, place, year, width):
        line = lines.get(found["part"])
        if line is not None:
            line.files, line.complete = found["files"], found["complete"]
            line.lacking = [found[f"lack_{at}"] for at in range(len(GAPS))]
    return list(lines.values())


def _counted(user: User, place: Place, year: int, width: int) -> QuerySet[Any]:
    rows = VillageYear.objects.visible_to(user).filter(year=year, village__retired_on__isnull=True)
    rows = rows.filter(village_id__gte=place.code, village_id__lt=f"{place.code}:")
    rows = rows.annotate(part=Substr("village_id", 1, width), recorded=Recorded(*map(asked_of, ASKED)))
    lacks = {f"lack_{at}": Count("pk", filter=gap.holds) for at, gap in enumerate(GAPS)}
    full = Count("pk", filter=Q(recorded=len(ASKED)))
    return rows.order_by().values("part").annotate(files=Count("pk"), complete=full, **lacks)


@dataclass(frozen=True)
class FileChange:
    """One saved change of a file: when, who, what it was called, which facts from what to what."""

    id: int
    at: datetime
    who: str
    verb: str
    facts: tuple[str, ...]


def changes_of(row: VillageYear) -> list[FileChange]:
    """What was changed in a file, the newest first."""
    history: Any = row.history  # type: ignore[attr-defined]
    events = list(history.select_related("pgh_context").order_by("pgh_id"))
    authors = names_of(_user(event) for event in events)
    told = []
    for before, event in zip([None, *events[:-1]], events, strict=True):
        context = event.pgh_context.metadata if event.pgh_context else {}
        told.append(
            FileChange(
                event.pk, event.pgh_created_at, authors.get(_user(event), ""), verb_label(context.get("verb", "")),
                changed(before, event),
            )
        )  # fmt: skip
    return told[::-1]


def _user(event: Any) -> Any:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def changed(before: Any, after: Any, names: Sequence[str] = FACTS) -> tuple[str, ...]:
    """The facts that differ, in words."""
    told = []
    for name in names:
        one, two = getattr(before, name, None), getattr(after, name)
        if (one or "") != (two or "") or (one is None) != (two is None):
            told.append(f"{field_of(name).verbose_name}：{shown(field_of(name), one)} → {shown(field_of(name), two)}")
    return tuple(told)
