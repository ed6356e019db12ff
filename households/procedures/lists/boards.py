"""Photos of the board: each shows the list at the beginning or at the end of its days, and no other notice's board.

Time and place are read from the photo before it is shrunk; the place stays sealed as evidence. The same file twice is
refused, a picture that looks alike is told to whoever reviews.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import connection
from django.utils import timezone

from households.models import Batch, BoardPhoto, Notice, Paper, TemplateStep, UnmaskLog
from households.models.template import PaperKind
from households.procedures.engine import clock
from households.procedures.engine.duties import POSTING
from households.procedures.engine.errors import ProcedureError, StateError
from households.procedures.engine.stage import CLOSE_WITHIN
from households.procedures.lists.stored import keep_content
from households.register.attachments import checked
from povreg.kit.history import act
from povreg.kit.photos import look_of, taken
from povreg.kit.reach import wider
from povreg.kit.scopes import county_of, end_of
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

Moment = BoardPhoto.Moment
ALIKE = 5
"""Of the 64 bits of a look, how many may differ in a picture that is probably the same."""
SHOWN = timedelta(days=30)
"""How long after its posting an announcement without days of its own still takes its photo."""
SHORTEST_REASON = 4
LIKE = """
SELECT p.notice_id, p.sha256 = %(sha)s FROM households_boardphoto p
JOIN households_paper a ON a.id = p.paper_id AND a.removed_at IS NULL
JOIN households_notice n ON n.id = p.notice_id
WHERE n.place_id >= %(county)s AND n.place_id < %(end)s AND p.notice_id <> %(notice)s
    AND (p.sha256 = %(sha)s OR bit_count((p.look # %(look)s)::bit(64)) <= %(alike)s)
ORDER BY 2 DESC, p.id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Found:
    """Another notice of the county whose photo is the same file, or looks alike."""

    notice_id: int
    is_same: bool


def add_board_photo(*, by: User, notice: Notice, file: File, moment: str = "") -> Paper:
    """The photo of a notice that runs, or of an announcement that is over for the procedure but still hangs there.

    Raises ProcedureError for a photo that proves nothing, PermissionDenied.
    """
    check_right(by, Right.NOTICE_POST, notice.place_id)
    with act(by=by, verb="add_paper"):
        batch = Batch.objects.select_for_update(of=("self",)).get(pk=notice.batch_id)
        row = Notice.objects.select_related("step").get(pk=notice.pk)
        if not takes_photo(row):
            raise StateError(f"这份{row.get_type_display()}已结束，不能再上传张贴照片。")
        return keep_board_photo(by, batch, row, file, moment)


def takes_photo(notice: Notice) -> bool:
    """Whether it still hangs: while it runs, and an announcement for thirty days."""
    if notice.state == Notice.State.OPEN:
        return True
    announced = notice.type != Notice.Type.NOTICE and notice.state == Notice.State.CLOSED
    return announced and clock.today() <= max(notice.ends_on, notice.posted_on + SHOWN)


def is_of_board(kind: str, step: TemplateStep) -> bool:
    """Whether a paper of this kind at this step is a photo of the board that must prove itself."""
    return kind == PaperKind.BOARD_PHOTO and step.kind in POSTING


def open_notice(batch: Batch) -> Notice:
    """What hangs there now. Raises ProcedureError before it was put up."""
    found = batch.notices.filter(state=Notice.State.OPEN, step=batch.step_id, round=batch.round).first()
    if found is None:
        raise ProcedureError("请先张贴（登记公示），再上传张贴照片。")
    return found


def keep_board_photo(by: User | None, batch: Batch, notice: Notice, file: File, moment: str = "") -> Paper:
    """Keep a photo with its notice; the caller holds the list. Raises ProcedureError."""
    from_file = file.read()
    file.seek(0)
    said, digest = taken(from_file), sha256(from_file).hexdigest()
    content, content_type = checked(file)
    look = look_of(content) if content_type.startswith("image/") else None
    like = alike(notice, digest, look)
    if like is not None and like.is_same:
        raise ProcedureError(
            {"file": f"这张照片已经用在另一份公示（{_named(like.notice_id)}）上，请重新拍摄本次张贴。"}
        )
    was_checked = content, content_type
    paper = keep_content(by, batch, notice.step, PaperKind.BOARD_PHOTO, was_checked, file.name or "")
    BoardPhoto.objects.create(
        paper=paper, notice=notice, moment=_moment(notice, said.at and timezone.localdate(said.at), moment),
        taken_at=said.at, position=said.position, sha256=digest, look=look,
        resembles_id=like.notice_id if like else None, is_late=bool(notice.days) and clock.today() > last_day(notice),
    )  # fmt: skip
    return paper


def last_day(notice: Notice) -> date:
    """The last day on which a photo still shows the notice: a few days are given to take it down."""
    return notice.ends_on + timedelta(days=CLOSE_WITHIN)


def _moment(notice: Notice, day: date | None, chosen: str) -> str:
    """Which end of the notice a photo shows: by the day it was taken; where it does not say, by what was ``chosen``,
    else by today. Raises ProcedureError for a photo taken before or after."""
    if day is None:
        if chosen in Moment.values and (chosen == Moment.START or clock.today() >= notice.ends_on):
            return chosen
        day = min(clock.today(), last_day(notice)) if notice.days else clock.today()
    last = last_day(notice) if notice.days else notice.posted_on + SHOWN
    if not notice.posted_on <= day <= last:
        raise ProcedureError(
            {
                "file": f"照片拍摄于 {day:%Y-%m-%d}，不在张贴期间（{notice.posted_on:%Y-%m-%d} 至 {last:%Y-%m-%d}），"
                "不能证明这次张贴。请上传张贴期间拍的照片。"
            }
        )
    return str(Moment.END if notice.days and day >= notice.ends_on else Moment.START)


def alike(notice: Notice, digest: str, look: int | None) -> Found | None:
    """A photo of another notice of the county that is the same file or looks alike; asked beyond one's own places."""
    county = county_of(notice.place_id)
    asked = {"sha": digest, "look": look, "county": county, "end": end_of(county), "notice": notice.pk, "alike": ALIKE}
    with wider("board_photos"), connection.cursor() as cursor:
        cursor.execute(LIKE, asked)
        row = cursor.fetchone()
    return Found(*row) if row else None


def _named(notice_id: int) -> str:
    with wider("board_photos"):
        other = Notice.objects.select_related("batch__place", "step").get(pk=notice_id)
        return f"{other.batch.place}{other.batch}“{other.step.label}”"


def remarks(photo: BoardPhoto) -> list[str]:
    """What somebody who reviews should know of a photo; nothing when all is as it should be."""
    found = [] if photo.taken_at else ["照片没有拍摄时间"]
    found += [] if photo.position else ["没有位置"]
    found += [f"与{_named(photo.resembles_id)}的照片相似"] if photo.resembles_id else []
    return found + (["期满后补传"] if photo.is_late else [])


def photos_of(batch: Batch) -> dict[int, Sequence[BoardPhoto]]:
    """Notice id to its photos, those that were taken off left out."""
    rows = BoardPhoto.objects.filter(notice__batch=batch, paper__removed_at=None).select_related("paper__by")
    found: dict[int, list[BoardPhoto]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.notice_id, []).append(row)
    return dict(found)


def counted(papers: Iterable[Paper]) -> dict[int, int]:
    """Notice id to the number of its photos among papers that were read with them."""
    return dict(Counter(paper.board.notice_id for paper in papers if hasattr(paper, "board")))


def reveal_position(*, by: User, photo: BoardPhoto, reason: str) -> str:
    """Where a photo of the board was taken, logged. Raises PermissionDenied, ProcedureError without a reason."""
    if not photo.position or not by.can(Right.UNMASK, photo.notice.place_id):
        raise PermissionDenied
    if len(reason.strip()) < SHORTEST_REASON:
        raise ProcedureError(f"请写明查看拍摄位置的理由，至少 {SHORTEST_REASON} 个字。")
    with act(by=by, verb="reveal_position", reason=reason):
        UnmaskLog.objects.create(
            by=by, place_id=photo.notice.place_id, what="张贴照片位置", reason=reason.strip()[:200]
        )
    return photo.position
