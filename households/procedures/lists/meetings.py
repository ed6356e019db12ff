"""Democratic appraisal: attendance against the quorum, votes household by household, facts frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from households.models import Batch, Meeting, Vote
from households.models.template import StepKind
from households.procedures.engine.checks import needed_present
from households.procedures.engine.errors import ProcedureError, StateError, listed as shown
from households.procedures.engine.stage import (
    Stage,
    day_of,
    enter,
    listed,
)
from households.procedures.lists import facts
from povreg.kit.history import act
from villages.models import User


@dataclass(frozen=True)
class Votes:
    """The count for one household; together everybody who was present."""

    in_favour: int
    against: int = 0
    abstained: int = 0

    @property
    def total(self) -> int:
        return self.in_favour + self.against + self.abstained


def hold_meeting(
    *,
    by: User,
    batch: Batch,
    held_on: date,
    venue: str,
    chair: str,
    representatives: int,
    present: int,
    votes: Mapping[int, Votes],
    recorder: str = "",
    minutes: str = "",
) -> Meeting:
    """Write down an appraisal with the votes on every listed household (entry id to votes).

    The outcome follows from the votes: more than half of those present in favour. What the households look like at
    this moment is frozen for later comparison. A meeting written down again replaces the earlier one until the step is
    completed. Raises ProcedureError without quorum or with votes that do not add up; PermissionDenied.
    """
    with act(by=by, verb="record_meeting"):
        stage = enter(by, batch, StepKind.APPRAISAL)
        day = day_of(stage, held_on)
        _check_attendance(stage, representatives, present)
        if not venue.strip() or not chair.strip():
            raise ProcedureError("请填写会议地点和主持人。")
        _check_votes(stage, present, votes)
        share = stage.step.quorum_share
        held = Meeting.objects.create(
            batch=stage.batch,
            step=stage.step,
            round=stage.batch.round,
            held_on=day,
            venue=venue.strip()[:80],
            chair=chair.strip()[:40],
            recorder=recorder.strip()[:40],
            representatives=representatives,
            present=present,
            quorum_num=share.numerator,
            quorum_den=share.denominator,
            minutes=minutes,
            by=by,
        )
        Vote.objects.bulk_create(
            Vote(
                meeting=held,
                entry_id=pk,
                votes_for=each.in_favour,
                votes_against=each.against,
                abstained=each.abstained,
            )
            for pk, each in votes.items()
        )
        facts.freeze(stage.batch)
    held.refresh_from_db()
    return held


def _check_attendance(stage: Stage, representatives: int, present: int) -> None:
    if representatives < 1 or present < 0:
        raise ProcedureError("请填写应到和实到代表人数。")
    if present > representatives:
        raise ProcedureError(f"实到 {present} 人多于应到 {representatives} 人，请核对。")
    least = needed_present(representatives, stage.step.quorum_share)
    if present < least:
        raise ProcedureError(
            f"应到 {representatives} 人，实到 {present} 人，不足法定人数（至少 {least} 人，{stage.step.quorum}），"
            "评议无效。请另行召集会议。"
        )


def _check_votes(stage: Stage, present: int, votes: Mapping[int, Votes]) -> None:
    numbers = dict(listed(stage.batch).values_list("pk", "household__household_no"))
    strangers = set(votes) - set(numbers)
    if strangers:
        raise StateError("所选的户已不在名单中，请刷新页面后再办。")
    lacking = [number for pk, number in numbers.items() if pk not in votes]
    if lacking:
        raise ProcedureError(f"户 {shown(lacking)} 没有填写表决结果。请逐户填写。")
    rows = {
        pk: f"票数合计 {each.total}，与实到 {present} 人不符"
        for pk, each in votes.items()
        if each.total != present or min(each.in_favour, each.against, each.abstained) < 0
    }
    if rows:
        wrong = shown(numbers[pk] for pk in rows)
        raise ProcedureError(f"户 {wrong} 的票数合计与实到 {present} 人不符，请核对。", rows)
