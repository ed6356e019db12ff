"""A wrong approval is undone (更正): standing goes back to what it was, nobody pretends a return to poverty, and the
village is told. The orders are those of households.standing.corrections: by two people, on the document of the level
above."""

from collections.abc import Iterable
from typing import Any

from households.models import ApprovalCorrection, BatchEntry, Notice, Spell
from households.models.standing import MONITORING, POVERTY
from households.models.template import DayRule
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError, StateError
from households.procedures.engine.stage import locked
from households.procedures.lists import lines
from households.standing.corrections import order_correction
from povreg.kit.history import act
from villages.models import User
from villages.periods.selectors import era_of
from villages.rights import Right
from villages.rights.checks import check_right

BOARD = "村委会公示栏"


def correct_approval(*, by: User, entry: BatchEntry, document: str, reason: str) -> ApprovalCorrection:
    """Ask for what an approved list wrote of a household to be undone. Nothing changes until another person of the
    county approves every order; then the correction is announced. Raises ProcedureError (ValidationError),
    PermissionDenied."""
    with act(by=by, verb="correct_approval", reason=reason):
        batch = locked(entry.batch)
        check_right(by, Right.COUNTY_REVIEW, batch.place_id)
        if batch.state != batch.State.DONE or entry.state != BatchEntry.State.LISTED:
            raise StateError("只有已经批复的户才用更正；还在办理的，请取消或退回。")
        if ApprovalCorrection.objects.filter(entry=entry).exclude(orders__refused_reason__gt="").exists():
            raise StateError("这一户的更正已经提出，请在“更正令”中办理。")
        orders = [
            order_correction(by=by, household=entry.household, document=document, reason=reason, **what)
            for what in undoing(entry)
        ]
        if not orders:
            raise ProcedureError("这份名单对该户的身份没有留下记录，或已被以后的名单改变，不能这样更正。")
        made = ApprovalCorrection.objects.create(
            batch=batch, entry=entry, document=document.strip()[:80], reason=reason.strip()[:200],
            told=f"撤销{batch.year}年{batch.get_kind_display()}批复", ordered_by=by, ordered_on=clock.today(),
        )  # fmt: skip
        made.orders.set(orders)
    return made


def undoing(entry: BatchEntry) -> list[dict[str, Any]]:
    """The orders that make a household's standing what it was before a list: of each axis, the spell that the list
    began is struck out, or, where it ended another, becomes that one again."""
    begun = list(Spell.objects.filter(household=entry.household_id, batch=entry.batch))
    ended = {each.axis: each for each in Spell.objects.filter(household=entry.household_id, end_batch=entry.batch)}
    found: list[dict[str, Any]] = []
    for spell in begun:
        before = ended.pop(spell.axis, None)
        found.append({"klass": before.klass_id, "since": spell.since, "spell": spell} if before else {"spell": spell})
    for axis, before in ended.items():
        goes_on = Spell.objects.filter(household=entry.household_id, axis=axis, since__gte=before.until).exists()
        if axis in (POVERTY, MONITORING) and not goes_on:
            found.append({"klass": before.klass_id, "since": before.until})
    return found


def announce_corrected(household_ids: Iterable[int]) -> None:
    """Tell the villages of corrections whose every order has been approved; called when standing was put right."""
    waiting = ApprovalCorrection.objects.filter(entry__household__in=list(household_ids), notice=None)
    for row in waiting.select_related("batch__place", "entry", "ordered_by").prefetch_related("orders"):
        if all(order.approved_by_id for order in row.orders.all()):
            row.notice = _notice(row)
            row.save(update_fields=["notice"])


def _notice(row: ApprovalCorrection) -> Notice:
    batch, today = row.batch, clock.today()
    posted = lines.line_of(row.entry, row.told, "批复有误，已依规定更正")
    step = batch.template.steps.order_by("position").last()
    assert step is not None
    notice = Notice.objects.create(
        batch=batch, step=step, round=batch.round, type=Notice.Type.CORRECTION, place_id=batch.place_id, board=BOARD,
        hotline=era_of(today, batch.place_id).hotline, posted_on=today, days=0, day_rule=DayRule.CALENDAR,
        ends_on=today, state=Notice.State.CLOSED, closed_on=today, digest=lines.digest([posted]), entries_count=1,
        people_count=posted["persons"], posted_by=row.ordered_by,
    )  # fmt: skip
    lines.write([(notice, [posted])])
    return notice
