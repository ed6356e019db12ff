"""What anybody may read of posted projects, without signing in: plain values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from assistance.models import ProjectNotice
from households.procedures.engine import clock
from households.procedures.notices.more import MorePublic
from povreg.kit.scopes import within
from villages.periods.selectors import era_of

SHOWN_AFTER = timedelta(days=365)
"""How long a notice of money stays readable after its last day (policy.md 9.2 asks for long)."""


@dataclass(frozen=True)
class PublicProject:
    """A posted project as the public sees it."""

    title: str
    stage: str
    place: str
    board: str
    posted_on: date
    ends_on: date
    is_open: bool
    content: dict[str, str]
    digest: str
    hotline: str


def find(token: str) -> PublicProject | None:
    """The posted project of a public address; None when there is none, or it is too long ago."""
    rows = ProjectNotice.objects.select_related("project__place__parent").filter(token=token)
    row = rows.filter(ends_on__gte=clock.today() - SHOWN_AFTER).first()
    if row is None:
        return None
    place = row.project.place
    return PublicProject(
        title=row.content.get("项目名称", ""),
        stage=str(row.get_stage_display()),
        place=f"{place.parent or ''}{place}",
        board=row.board,
        posted_on=row.posted_on,
        ends_on=row.ends_on,
        is_open=row.closed_on is None and clock.today() <= row.ends_on,
        content=row.content,
        digest=row.digest,
        hotline=era_of(row.posted_on, place.pk).hotline,
    )


def row_of(token: str) -> ProjectNotice | None:
    """The notice of a public address, for what is written against it."""
    return ProjectNotice.objects.select_related("project").filter(token=token).first()


def posted_at(place: str) -> list[MorePublic]:
    """Projects posted under a place that may still be read, the latest first."""
    rows = ProjectNotice.objects.select_related("project__place").filter(within("project__place_id", place))
    found = rows.filter(ends_on__gte=clock.today() - SHOWN_AFTER).order_by("-posted_on", "-pk")[:20]
    return [
        MorePublic(
            f"{row.project.place} · {row.project.name}",
            str(row.get_stage_display()),
            row.token,
            "public-project",
            row.posted_on,
            row.ends_on,
            clock.today() <= row.ends_on,
        )
        for row in found
    ]
