"""What is asked of many lists at the same step, in a constant number of statements, and moving them on together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F

from households.models import Batch, BatchEntry, EntryResult, Notice, Objection, Paper, Signature, StepRecord
from households.models.template import Capacity, PaperKind, StepKind, TemplateStep
from households.procedures.engine import clock, compared, guards
from households.procedures.engine.duties import in_whose_stead
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.stage import Stage, due
from households.procedures.lists import facts, signatures

Refused = dict[int, str]
REVIEWS = (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW)


def standing_against(stages: Sequence[Stage]) -> Refused:
    """Batch id to the first thing that stands against deciding it now; those without are left out."""
    found: dict[int, list[str]] = defaultdict(list)
    batches = [stage.batch for stage in stages]
    for ask in (_empty, _objections, _samples):
        for pk, text in ask(stages).items():
            found[pk].append(text)
    for pk, text in _unfit(batches).items():
        found[pk].append(text)
    for pk, entries in facts.changed_in(batches).items():
        found[pk].append(f"{len(entries)} 户评议后情况有变更，请查看后确认或取消。")
    for pk, texts in signatures.faults_of(batches).items():
        found[pk].extend(texts)
    for pk, text in _asked_by_kind(stages).items():
        found[pk].append(text)
    return {pk: "".join(texts) for pk, texts in found.items() if texts}


def _empty(stages: Sequence[Stage]) -> Refused:
    ids = [stage.batch.pk for stage in stages]
    filled = set(BatchEntry.objects.filter(batch__in=ids, state="listed").values_list("batch_id", flat=True))
    return {
        stage.batch.pk: "名单中已经没有农户，请终止。"
        for stage in stages
        if stage.batch.pk not in filled and not procedure_of(stage.batch.kind).of_village
    }


@dataclass(frozen=True)
class Given:
    """Kinds of papers and capacities that one paper brings to every list."""

    papers: set[str] = field(default_factory=set)
    capacities: set[str] = field(default_factory=set)


def lacking(stages: Sequence[Stage], given: Given) -> Refused:
    """Batch id to the papers and signatures of its step that are neither there nor given."""
    papers, signed = _papers(stages, given.papers), _unsigned(stages, given.capacities)
    return {pk: papers.get(pk, "") + signed.get(pk, "") for pk in {*papers, *signed}}


def _papers(stages: Sequence[Stage], given: set[str]) -> Refused:
    rows = Paper.objects.filter(batch__in=[stage.batch for stage in stages], removed_at=None, round=F("batch__round"))
    there: dict[tuple[int, int], set[str]] = defaultdict(set)
    for batch, step, kind in rows.values_list("batch_id", "step_id", "kind"):
        there[batch, step].add(kind)
    return {
        stage.batch.pk: f"还没有上传：{'、'.join(PaperKind(kind).label for kind in absent)}。"
        for stage in stages
        if (
            absent := [
                kind
                for kind in stage.step.attachments
                if kind not in there[stage.batch.pk, stage.step.pk]
                and kind not in given
                and not (kind == PaperKind.COMPARISON and compared.covers(stage.batch))
            ]
        )
    }


def _unsigned(stages: Sequence[Stage], given: set[str]) -> Refused:
    rows = Signature.objects.filter(batch__in=[stage.batch for stage in stages], entry=None, round=F("batch__round"))
    there: dict[tuple[int, int], set[str]] = defaultdict(set)
    for batch, step, capacity in rows.values_list("batch_id", "step_id", "capacity"):
        there[batch, step].add(capacity)
    return {
        stage.batch.pk: f"还没有签字：{'、'.join(Capacity(each).label for each in absent)}。"
        for stage in stages
        if (
            absent := [
                each
                for each in stage.step.signers
                if each not in there[stage.batch.pk, stage.step.pk] and each not in given
            ]
        )
    }


def _objections(stages: Sequence[Stage]) -> Refused:
    rows = Objection.objects.open().filter(batch__in=[stage.batch for stage in stages]).order_by()
    return {pk: f"还有 {n} 件异议没有答复。" for pk, n in rows.values_list("batch_id").annotate(n=Count("pk"))}


def _samples(stages: Sequence[Stage]) -> Refused:
    asked = [stage for stage in stages if stage.step.sample_percent and stage.step.kind in REVIEWS]
    if not asked:
        return {}
    ids = [stage.batch.pk for stage in asked]
    listed = BatchEntry.objects.filter(batch__in=ids, state="listed").order_by()
    counts = dict(listed.values_list("batch_id").annotate(n=Count("pk")))
    rows = EntryResult.objects.filter(
        entry__batch__in=ids, step=F("entry__batch__step"), round=F("entry__batch__round")
    )
    rows = rows.exclude(outcome=EntryResult.Outcome.ACCEPTED).order_by()
    looked = dict(rows.values_list("entry__batch_id").annotate(n=Count("entry", distinct=True)))
    found = {}
    for stage in asked:
        least = max(ceil(counts.get(stage.batch.pk, 0) * stage.step.sample_percent / 100), 1)
        if looked.get(stage.batch.pk, 0) < least:
            found[stage.batch.pk] = f"应抽查至少 {least} 户，已抽查 {looked.get(stage.batch.pk, 0)} 户。"
    return found


def _unfit(batches: Sequence[Batch]) -> Refused:
    """What the guards say, one statement a kind and year."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kind, year in dict.fromkeys((batch.kind, batch.year) for batch in batches):
        mine = [batch for batch in batches if (batch.kind, batch.year) == (kind, year)]
        entries = BatchEntry.objects.filter(batch__in=mine, state="listed")
        owner = dict(entries.values_list("pk", "batch_id"))
        for pk, failed in guards.findings(mine[0], entries).items():
            refusing = [guard for guard in failed if guard.refuses]
            if refusing:
                found[owner[pk]][refusing[0].message] += 1
    return {
        pk: "".join(f"{n} 户{message}。" for message, n in messages.items()) + "请先改正，或取消、退回。"
        for pk, messages in found.items()
    }


def _asked_by_kind(stages: Sequence[Stage]) -> Refused:
    """What the kinds ask of a review or of the approval: of all lists at once where a kind can."""
    found: Refused = {}
    for kind, year in dict.fromkeys((stage.batch.kind, stage.batch.year) for stage in stages):
        mine = [stage for stage in stages if (stage.batch.kind, stage.batch.year) == (kind, year)]
        declared = procedure_of(kind)
        many = declared.reviewed_many if mine[0].step.kind in REVIEWS else declared.filed_many
        if many is not None:
            found |= many([stage.batch for stage in mine])
            continue
        found |= {stage.batch.pk: "".join(texts) for stage in mine if (texts := _own(stage))}
    return found


def _own(stage: Stage) -> list[str]:
    """What the kind asks of one list."""
    declared = procedure_of(stage.batch.kind)
    checks = declared.reviewed if stage.step.kind in REVIEWS else declared.filed
    return [text for check in checks for text in check(stage.batch, stage.step)]


def unfinished_notices(stages: Sequence[Stage]) -> Refused:
    rows = Notice.objects.filter(batch__in=[stage.batch for stage in stages], state=Notice.State.OPEN)
    return dict.fromkeys(rows.values_list("batch_id", flat=True), "公示还没有结束，不能批复。")


def move_on(stages: Sequence[Stage], outcome: str, on: date, remark: str = "") -> list[Stage]:
    """Write the records of many stages and move their lists to the next step, in a few statements; the stages they
    stand at then (none for those that are done)."""
    stead = in_whose_stead(stages[0].by, stages[0].batch.place_id) if stages else ""
    StepRecord.objects.bulk_create(
        [
            StepRecord(
                batch=stage.batch, step=stage.step, round=stage.batch.round, level=stage.level, outcome=outcome, on=on,
                entered_on=clock.today(), remark=f"{remark}{stead}"[:500], by=stage.by,
            )
            for stage in stages
        ],
        batch_size=500,
    )  # fmt: skip
    following = _following({stage.step.template_id for stage in stages})
    fresh = []
    for stage in stages:
        step = following[stage.step.template_id].get(stage.step.position)
        batch = stage.batch
        batch.step, batch.step_since = step, on if step else None
        batch.due_on = due(step, on) if step else None
        if step is None:
            batch.state, batch.ended_on = Batch.State.DONE, on
        else:
            fresh.append(Stage(batch, step, stage.by, stage.level))
    _store([stage.batch for stage in stages])
    return fresh


MOVED = ("step_id", "step_since", "due_on", "state", "ended_on")


def _store(batches: Sequence[Batch]) -> None:
    """Where the lists stand now: one statement for all that came from the same step."""
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for batch in batches:
        alike[tuple(getattr(batch, name) for name in MOVED)].append(batch.pk)
    for values, ids in alike.items():
        Batch.objects.filter(pk__in=ids).update(**dict(zip(MOVED, values, strict=True)))


def _following(templates: Collection[int]) -> dict[int, dict[int, TemplateStep]]:
    """Template id to position to the next enabled step."""
    rows = TemplateStep.objects.filter(template__in=templates).order_by("template_id", "position")
    found: dict[int, dict[int, TemplateStep]] = defaultdict(dict)
    last: dict[int, list[int]] = defaultdict(list)
    for step in rows:
        if step.enabled:
            for position in last[step.template_id]:
                found[step.template_id].setdefault(position, step)
        last[step.template_id].append(step.position)
    return found


def messages_of(fault: ValidationError) -> str:
    return "".join(fault.messages)


def without(stages: Iterable[Stage], refused: Refused) -> list[Stage]:
    return [stage for stage in stages if stage.batch.pk not in refused]
