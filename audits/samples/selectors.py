"""What is read of samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from audits.models import Sample, SampleCase
from audits.samples.measures import POPULATIONS
from audits.samples.results import PEOPLE
from households.models.member import head_name
from povreg.kit.workbench import inside
from villages.models import Place, User
from villages.rights.ready import ReadyFor

State = SampleCase.State
SEEN = Q(cases__state=State.DONE)
MOST = 3
TO_SEE = Q(cases__state__in=(State.OPEN, State.DONE))


def samples(user: User) -> QuerySet[Sample]:
    """The samples a person may see, the latest first, with how many households are to be seen and were."""
    rows = Sample.objects.visible_to(user).defer("frame").select_related("place", "drawn_by")
    return rows.annotate(
        wanted=Count("cases", filter=TO_SEE), seen=Count("cases", filter=SEEN),
        unreached=Count("cases", filter=Q(cases__state=State.UNREACHED)),
    ).order_by("-drawn_at", "-pk")  # fmt: skip


def _open_at(user: Any, *, role: str) -> QuerySet[Sample]:
    rows = Sample.objects.filter(inside(user, role, "place_id"), closed_on__isnull=True).defer("frame")
    counted = rows.annotate(wanted=Count("cases", filter=TO_SEE), seen=Count("cases", filter=SEEN))
    return counted.order_by("-drawn_at", "-pk")[:MOST]  # a query that groups takes no order from its model


OPEN_AT = ReadyFor(_open_at)
"""The latest samples that are being worked on in the places of a role, with the same numbers."""


def cases(user: User) -> QuerySet[SampleCase]:
    """The households of samples; those of the reserve only once they stepped in."""
    rows = SampleCase.objects.visible_to(user).exclude(state=State.RESERVE)
    rows = rows.select_related("sample__place", "household", "village__parent", "seen_by").defer("sample__frame")
    return rows.annotate(head_name=head_name("household_id")).order_by("sample_id", "village_id", "stratum", "position")


@dataclass(frozen=True)
class StratumLine:
    """A stratum as the page shows it."""

    label: str
    units: int
    drawn: int


def strata_lines(row: Sample) -> list[StratumLine]:
    """The strata in words: 脱贫户 · 关面乡."""
    own = {code: numbers for code, numbers in row.strata.items() if "units" in numbers and code != PEOPLE}
    codes = {code.partition("/")[2] for code in own}
    names = {place.pk: str(place) for place in Place.objects.filter(pk__in=[code for code in codes if code.isdigit()])}
    names |= {"high": "异常村", "other": "其他村"}
    return [
        StratumLine(stratum_label(code, names), numbers["units"], numbers["drawn"]) for code, numbers in own.items()
    ]


def stratum_label(code: str, names: dict[str, str]) -> str:
    population, _, part = code.partition("/")
    label = POPULATIONS[population][0]
    return f"{label} · {names.get(part, part)}" if part else label


def villages_of(row: Sample) -> list[dict[str, Any]]:
    """By village how many households are to be seen, were seen, and were not reached."""
    found = row.cases.exclude(state=State.RESERVE).order_by().values("village_id", "village__short_name")
    rows: Any = found.annotate(
        wanted=Count("pk", filter=~Q(state=State.UNREACHED)),
        seen=Count("pk", filter=Q(state=State.DONE)),
        unreached=Count("pk", filter=Q(state=State.UNREACHED)),
    ).order_by("village_id")
    return list(rows)
