"""Democratic appraisal: attendance against the quorum, votes household by household, facts frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from households.models import Batch, Meeting, Paper, RepresentativeRoll, Vote
from households.models.template import PaperKind, StepKind
from households.procedures.engine import guards
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
from villages.rights import Right
from villages.rights.checks import check_right


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
    teller: str = "",
    scrutineer: str = "",
    attended: Sequence[str] = (),
) -> Meeting:
    """Write down an appraisal with the votes on every listed household (entry id to votes).

    The outcome follows from the votes: more than half of those present in favour. What the households look like at
    this moment is frozen for later comparison. A meeting written down again replaces the earlier one until the step is
    completed. Raises ProcedureError without quorum or with votes that do not add up; PermissionDenied.
    """
    with act(by=by, verb="record_meeting"):
        stage = enter(by, batch, StepKind.APPRAISAL)
        day = day_of(stage, held_on)
        guards.demand(stage.batch, listed(stage.batch))
        _check_attendance(stage, representatives, present)
        names = _check_roll(stage, day, representatives, present, attended)
        if not venue.strip() or not chair.strip():
            raise ProcedureError("请填写会议地点和主持人。")
        if teller.strip() and teller.strip() == scrutineer.strip():
            raise ProcedureError({"scrutineer": "监票人和计票人不能是同一人，请改正。"})
        _check_votes(stage, present, votes)
        held = _kept(
            stage, held_on=day, venue=venue.strip()[:80], chair=chair.strip()[:40], recorder=recorder.strip()[:40],
            representatives=representatives, present=present, minutes=minutes, teller=teller.strip()[:40],
            scrutineer=scrutineer.strip()[:40], attended=names, by=by,
        )  # fmt: skip
        _keep_votes(held, votes)
        facts.freeze(stage.batch)
    held.refresh_from_db()
    return held


def _kept(stage: Stage, **facts_of_meeting: Any) -> Meeting:
    """The meeting's row, with the quorum that the step asks."""
    share = stage.step.quorum_share
    return Meeting.objects.create(
        batch=stage.batch,
        step=stage.step,
        round=stage.batch.round,
        quorum_num=share.numerator,
        quorum_den=share.denominator,
        **facts_of_meeting,
    )


def _keep_votes(held: Meeting, votes: Mapping[int, Votes]) -> None:
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


def roll_of(place: str, day: date) -> RepresentativeRoll | None:
    """The roll of representatives that holds in a village on a day."""
    rows = RepresentativeRoll.objects.filter(place_id=place, since__lte=day)
    return rows.filter(Q(until=None) | Q(until__gt=day)).order_by("-since").first()


def _check_roll(stage: Stage, day: date, representatives: int, present: int, attended: Sequence[str]) -> list[str]:
    """Attendance against the roll of the day: the number due is the roll's, and who came stands on it. Raises
    ProcedureError."""
    names = [name.strip() for name in attended if name.strip()]
    if names and len(set(names)) != present:
        raise ProcedureError({"attended": f"到会代表 {len(set(names))} 人，与实到 {present} 人不符，请核对。"})
    roll = roll_of(stage.batch.place_id, day)
    if roll is None:
        return names
    if representatives != len(roll.names):
        raise ProcedureError(
            {"representatives": f"本村{roll.term}村民代表 {len(roll.names)} 人，应到人数应为 {len(roll.names)}。"}
        )
    strangers = set(names) - set(roll.names)
    if strangers:
        raise ProcedureError({"attended": f"{shown(sorted(strangers)).replace('户', '人')}不是本届村民代表，请核对。"})
    signed_in = Paper.objects.filter(
        batch=stage.batch, step=stage.step, round=stage.batch.round, kind=PaperKind.SIGN_IN, removed_at=None
    )
    if not names and not signed_in.exists():
        raise ProcedureError({"attended": "请填写到会代表的姓名，或先上传会议签到表。"})
    return names


def keep_roll(
    *, by: User, place: str, term: str, since: date, names: Sequence[str], source: str, until: date | None = None
) -> RepresentativeRoll:
    """Enter the representatives of a village for a term; the roll before ends where this one begins.

    Raises ProcedureError for no or double names, days out of order, PermissionDenied.
    """
    check_right(by, Right.MEETING_RECORD, place)
    found = [name.strip() for name in names if name.strip()]
    if not found or len(set(found)) < len(found):
        raise ProcedureError({"names": "请逐一填写代表姓名；同名的请加以区别（例如：张伟（三组））。"})
    if not term.strip() or not source.strip():
        raise ProcedureError("请填写届次和依据（例如：换届选举结果公告）。")
    if until and until <= since:
        raise ProcedureError({"until": "任期止应晚于任期起，请核对。"})
    with act(by=by, verb="keep_roll"):
        before = RepresentativeRoll.objects.filter(Q(until=None) | Q(until__gt=since), place_id=place, since__lt=since)
        before.update(until=since)
        return RepresentativeRoll.objects.update_or_create(
            place_id=place, since=since,
            defaults={"term": term.strip()[:20], "until": until, "names": found, "source": source.strip()[:120],
                      "by": by},
        )[0]  # fmt: skip


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
