"""What anybody may read without signing in: posted lists with masked names, and the state of one's own objection.

Nothing else is reachable from here: the functions return plain values made for the public, never rows.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from households.models import Notice, Objection
from households.procedures.engine import clock
from households.procedures.engine.procedure import procedure_of
from povreg.kit.masking import mask_numbers
from povreg.kit.scopes import within
from villages.models import Place
from villages.periods.selectors import era_of
from villages.places.selectors import FoundPlace, with_paths

BELOW = {0: 6, 2: 6, 4: 6, 6: 9, 9: 12}
"""Digits of a place's code to digits of the places listed under it: no prefecture in between."""
SHOWN_AFTER = {
    Notice.Type.NOTICE: timedelta(days=7),
    Notice.Type.ANNOUNCEMENT: timedelta(days=30),
    Notice.Type.CORRECTION: timedelta(days=30),
}
"""How long a list stays readable after its last day: names stay on the web no longer than the matter needs."""
FOUND_AT_MOST = 30


@dataclass(frozen=True)
class PublicNotice:
    """A posted list as the public sees it."""

    token: str
    title: str
    sequence: int
    type: str
    county: str
    township: str
    village: str
    year: int
    board: str
    posted_on: date
    ends_on: date
    is_open: bool
    left: str
    days: int
    by_working_days: bool
    households: int
    people: int
    hotline: str
    office_hotline: str
    digest: str
    state: str
    corrected_by: str
    correction_reason: str
    list_until: date
    shows_lines: bool
    remarks: list[str]
    of_village: bool


@dataclass(frozen=True)
class PublicLine:
    """One line: the fields of policy.md 11.5. ``key`` is the line's position, by which an objection names it."""

    key: int
    name: str
    group: str
    persons: int
    category: str
    reason: str
    withdrawn: bool


@dataclass(frozen=True)
class PublicPlace:
    code: str
    name: str
    notices: int


def notice_list(place_code: str, *, running: bool = True) -> QuerySet[Notice]:
    """Posted lists under a place, the running ones (or all), the latest first. Rows: for paging by the view only."""
    rows = (
        Notice.objects.public()
        .filter(within("place_id", place_code))
        .select_related("batch", "place__parent__parent", "correction")
    )
    rows = rows.filter(_running()) if running else rows
    return rows.order_by("-posted_on", "place_id")


def _running() -> Q:
    """On the board and within its days: one that is over stays open until its photo is there, but nobody may object."""
    return Q(state=Notice.State.OPEN, ends_on__gte=clock.today())


def places(parent_code: str) -> list[PublicPlace]:
    """The places directly below one (counties, townships, villages) that have posted lists, with how many run."""
    digits = BELOW.get(len(parent_code), 12)
    counts: dict[str, int] = {}
    rows = Notice.objects.public().filter(within("place_id", parent_code)).order_by()
    for code, running in rows.values_list("place_id").annotate(n=Count("pk", filter=_running())):
        counts[code[:digits]] = counts.get(code[:digits], 0) + running
    names = dict(Place.objects.filter(code__in=counts).values_list("code", "short_name"))
    return [PublicPlace(code, names.get(code, code), counts[code]) for code in sorted(counts)]


def search(text: str) -> list[FoundPlace]:
    """Counties, townships and villages of that name that have posted lists, with the path of names above them."""
    wanted = "".join(text.split())
    if not wanted:
        return []
    posted = Notice.objects.public().order_by().values_list("place_id", flat=True).distinct()
    codes = {code[:digits] for code in posted for digits in (6, 9, 12)}
    rows = Place.objects.current().filter(code__in=codes)
    found = rows.filter(Q(short_name__contains=wanted) | Q(name__contains=wanted))
    return with_paths(found.order_by("level", "code")[:FOUND_AT_MOST])


def find(token: str) -> Notice | None:
    """The posted list of a public address; None when there is none. A corrected one is found too, and says so."""
    rows = Notice.objects.select_related("batch", "place__parent__parent", "correction")
    return rows.filter(token=token).first()


def notice(row: Notice) -> PublicNotice:
    """A posted list for the public page."""
    names = _names(row.place)
    following = getattr(row, "correction", None)
    is_open = row.state == Notice.State.OPEN and clock.today() <= row.ends_on
    return PublicNotice(
        token=row.token,
        title=str(row),
        sequence=row.sequence,
        type=row.type,
        county=names[0],
        township=names[1],
        village=names[2],
        year=row.batch.year,
        board=mask_numbers(row.board),
        posted_on=row.posted_on,
        ends_on=row.ends_on,
        is_open=is_open,
        left=str(clock.left(row.ends_on, row.day_rule)) if is_open else "已结束",
        days=row.days,
        by_working_days=row.day_rule == "working",
        households=row.entries_count,
        people=row.people_count,
        hotline=row.hotline,
        office_hotline=era_of(row.posted_on, row.place_id).hotline,
        digest=row.digest,
        state=row.state,
        corrected_by=following.token if following else "",
        correction_reason=mask_numbers(row.correction_reason),
        list_until=row.ends_on + SHOWN_AFTER[Notice.Type(row.type)],
        shows_lines=shows_lines(row),
        remarks=clock.remarks(row.posted_on, row.ends_on),
        of_village=procedure_of(row.batch.kind).of_village,
    )


def shows_lines(row: Notice) -> bool:
    """Whether the list itself may still be read: while it runs and :data:`SHOWN_AFTER`, never once it was corrected."""
    if row.state == Notice.State.SUPERSEDED:
        return False
    return row.state == Notice.State.OPEN or clock.today() <= row.ends_on + SHOWN_AFTER[Notice.Type(row.type)]


def _names(place: Place) -> tuple[str, str, str]:
    township = place.parent
    county = township.parent if township else None
    return (str(county or ""), str(township or ""), str(place))


def lines(row: Notice) -> list[PublicLine]:
    """The frozen lines, none when they are no longer shown. A household taken off since is marked, not removed: the
    list stays as it was posted."""
    if not shows_lines(row):
        return []
    found = row.lines.order_by("position").values_list(
        "position", "masked_name", "group_name", "persons", "category", "reason", "entry__state"
    )
    return [PublicLine(*values[:6], withdrawn=values[6] not in (None, "listed")) for values in found]


@dataclass(frozen=True)
class PublicObjection:
    """How far one's objection is: nothing of what was written, nothing of who is meant."""

    tracking_no: str
    state: str
    state_label: str
    received_on: date
    due_on: date
    decision: str
    answer: str
    answered_on: date | None
    notice_token: str
    news: list[tuple[date, str]]


def objection(tracking_no: str) -> PublicObjection | None:
    """The objection of a tracking number, as its writer may follow it; blanks and small letters are forgiven."""
    wanted = "".join(tracking_no.split()).upper()
    row = Objection.objects.filter(tracking_no=wanted).select_related("notice").first()
    if row is None:
        return None
    answered = row.state == Objection.State.ANSWERED
    return PublicObjection(
        tracking_no=row.tracking_no,
        state=row.state,
        state_label=row.get_state_display(),
        received_on=row.received_on,
        due_on=row.due_on,
        decision=row.get_decision_display() if answered else "",
        answer=mask_numbers(row.answer) if answered else "",
        answered_on=row.answered_on,
        notice_token=row.notice.token,
        news=list(row.news.order_by("pk").values_list("on", "text")),
    )
