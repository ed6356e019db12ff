"""The steps before the reviews: what was found of each household, the household's own word, and completing a step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery

from households.models import BatchEntry, EntryResult, Meeting, Signature, StepRecord, Survey, Vote
from households.models.template import Capacity, StepKind
from households.procedures.engine import checks
from households.procedures.engine.errors import ProcedureError, StateError
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.stage import (
    Stage,
    complete,
    day_of,
    enter,
    listed,
)
from households.procedures.lists import batches, comparing, signatures
from povreg.kit.history import act
from villages.models import User

COMPLETED_HERE = (
    StepKind.APPLICATION,
    StepKind.SURVEY,
    StepKind.NOMINATION,
    StepKind.VERIFICATION,
    StepKind.COMPARISON,
    StepKind.CONSENT,
    StepKind.APPRAISAL,
)
WITH_RESULTS = (StepKind.SURVEY, StepKind.NOMINATION, StepKind.VERIFICATION, StepKind.COMPARISON)


@dataclass(frozen=True)
class Result:
    """What a step found of one household; one that does not hold needs a note."""

    passed: bool
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """A household's own word on leaving; ``reason`` is needed for a no, ``name`` is who signed."""

    agreed: bool
    on: date
    name: str = ""
    reason: str = ""


def entries_of(stage: Stage, ids: Mapping[int, Any]) -> dict[int, BatchEntry]:
    """The listed entries of these ids. Raises ProcedureError when one is not on the list (any more)."""
    found = {entry.pk: entry for entry in listed(stage.batch).filter(pk__in=ids)}
    if len(found) < len(ids):
        raise StateError("所选的户已不在名单中，请刷新页面后再办。")
    return found


def record_results(*, by: User | None, batch: Any, results: Mapping[int, Result]) -> int:
    """Note what the current step found of households (entry id to result). Who does not hold is taken out when the
    step is completed; until then a later result replaces an earlier one.

    Raises ProcedureError, PermissionDenied.
    """
    with act(by=by, verb="record_results"):
        stage = enter(by, batch, *WITH_RESULTS)
        return save_results(stage, results)


def save_results(stage: Stage, results: Mapping[int, Result]) -> int:
    entries_of(stage, results)
    if any(not result.passed and not result.note.strip() for result in results.values()):
        raise ProcedureError("结果为“不符”的户，请写明情况。")
    outcome = {True: EntryResult.Outcome.PASS, False: EntryResult.Outcome.FAIL}
    EntryResult.objects.bulk_create(
        EntryResult(
            entry_id=pk, step=stage.step, round=stage.batch.round, by=stage.by,
            outcome=outcome[result.passed], note=result.note.strip()[:300],
        )
        for pk, result in results.items()
    )  # fmt: skip
    return len(results)


def record_consents(*, by: User | None, batch: Any, answers: Mapping[int, Answer]) -> int:
    """Note the households' own word (拟退出贫困户认可, policy.md 2.2). A refusal takes the household off the list.

    Raises ProcedureError for a refusal without a reason or a day that cannot be, PermissionDenied.
    """
    with act(by=by, verb="record_consents"):
        stage = enter(by, batch, StepKind.CONSENT)
        entries = entries_of(stage, answers)
        if any(not answer.agreed and not answer.reason.strip() for answer in answers.values()):
            raise ProcedureError("农户不认可的，请写明原因。")
        for pk, answer in answers.items():
            entry = entries[pk]
            entry.consent, entry.consent_on = answer.agreed, day_of(stage, answer.on)
            entry.consent_reason = "" if answer.agreed else answer.reason.strip()[:200]
        BatchEntry.objects.bulk_update(entries.values(), ["consent", "consent_on", "consent_reason"], batch_size=500)
        Signature.objects.bulk_create(
            Signature(
                batch=stage.batch, step=stage.step, round=stage.batch.round, entry_id=pk, by=by,
                capacity=Capacity.HEAD, name=answer.name or "户主", signed_on=answer.on,
            )
            for pk, answer in answers.items()
        )  # fmt: skip
        refused = {pk: f"农户不认可：{answer.reason.strip()}" for pk, answer in answers.items() if not answer.agreed}
        if refused:
            batches.strike(stage.batch, refused, BatchEntry.State.OUT, by)
    return len(answers)


def complete_step(*, by: User | None, batch: Any, on: date | None = None, remark: str = "") -> StepRecord:
    """End the current step and go on to the next. Whom the step found unfit, or the meeting did not pass, is taken out.

    Raises ProcedureError naming everything that is missing, PermissionDenied.
    """
    with act(by=by, verb="complete_step"):
        stage = enter(by, batch, *COMPLETED_HERE)
        day = day_of(stage, on)
        demand_complete(stage)
        if refused := comparing.take_results([stage]):
            raise ProcedureError("".join(refused.values()))
        _drop_unfit(stage)
        if not procedure_of(stage.batch.kind).of_village and not listed(stage.batch).exists():
            raise ProcedureError("这一步之后名单中没有农户了。请终止这份名单。")
        return complete(stage, StepRecord.Outcome.DONE, day, remark)


def demand_complete(stage: Stage) -> None:
    """Raise ProcedureError with everything the step lacks."""
    lacking = [*checks.missing(stage.batch, stage.step), *signatures.faults(stage.batch)]
    if lacking:
        raise ProcedureError(f"“{stage.step.label}”还不能办结：{''.join(lacking)}")


def demand_papers(stage: Stage) -> None:
    """Raise ProcedureError while attachments or signatures of the step are missing."""
    lacking = [text for check in checks.COMMON for text in check(stage.batch, stage.step)]
    if lacking:
        raise ProcedureError(f"“{stage.step.label}”还不能办结：{''.join(lacking)}")


def _drop_unfit(stage: Stage) -> None:
    reasons = _failed_votes(stage) if stage.step.kind == StepKind.APPRAISAL else _failed_results(stage)
    if stage.step.kind in (StepKind.SURVEY, StepKind.VERIFICATION):
        reasons = {**_failed_surveys(stage), **reasons}
    if reasons:
        batches.strike(stage.batch, reasons, BatchEntry.State.OUT, stage.by)


def _failed_votes(stage: Stage) -> dict[int, str]:
    meeting = Meeting.objects.filter(batch=stage.batch, step=stage.step, round=stage.batch.round).latest("pk")
    votes = Vote.objects.filter(meeting=meeting, passed=False, entry__state=BatchEntry.State.LISTED)
    return {
        vote.entry_id: f"民主评议未通过（同意 {vote.votes_for}，不同意 {vote.votes_against}，弃权 {vote.abstained}）"
        for vote in votes
    }


def _failed_results(stage: Stage) -> dict[int, str]:
    return failed_results([stage]).get(stage.batch.pk, {})


def failed_results(stages: Sequence[Stage]) -> dict[int, dict[int, str]]:
    """Batch id to entry id to why the current step found it unfit; the latest result of each entry counts."""
    at = {stage.batch.pk: stage for stage in stages}
    rows = EntryResult.objects.filter(
        entry__batch__in=at, entry__state=BatchEntry.State.LISTED, step=F("entry__batch__step"),
        round=F("entry__batch__round"),
    )  # fmt: skip
    latest = {row.entry_id: row for row in rows.select_related("entry").order_by("pk")}
    found: dict[int, dict[int, str]] = {}
    for pk, row in latest.items():
        if row.outcome == EntryResult.Outcome.FAIL:
            label = at[row.entry.batch_id].step.label
            found.setdefault(row.entry.batch_id, {})[pk] = f"{label}：{row.note}"
    return found


def _failed_surveys(stage: Stage) -> dict[int, str]:
    """The latest survey of each household counts."""
    latest = (
        Survey.objects.filter(household_id=OuterRef("household_id"), kind=stage.batch.kind, year=stage.year)
        .order_by("-pk")
        .values("pk")[:1]
    )
    rows = listed(stage.batch).annotate(survey=Subquery(latest)).values_list("pk", "survey")
    surveys = Survey.objects.in_bulk([survey for _, survey in rows if survey])
    return {
        pk: f"入户调查：{surveys[survey].note}"
        for pk, survey in rows
        if survey and surveys[survey].finding == Survey.Finding.FAILS
    }
