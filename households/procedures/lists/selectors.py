"""Reading procedures: the county's board, one batch's page, what is due. Everything starts from ``visible_to``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from households.models import (
    Batch,
    BatchEntry,
    EntryResult,
    Meeting,
    Notice,
    Objection,
    Paper,
    Reminder,
    Signature,
    StepRecord,
    TemplateStep,
)
from households.models.template import Level, StepKind
from households.procedures.engine import checks, clock, duties
from households.procedures.engine.duties import TIER
from households.procedures.engine.procedure import procedures
from households.procedures.engine.stage import RIGHTS
from households.procedures.lists import facts, signatures
from povreg.kit.scopes import within
from villages.models import User
from villages.rights import Right

# The columns of the county's board, in order (mockup notices-1366).
BUCKETS: dict[str, str] = {
    "draft": "拟定中",
    "village": "村级评议",
    "comparison": "县级比对",
    "village_notice": "村内公示",
    "township": "乡镇审核",
    "township_notice": "乡镇公示",
    "county": "县级审定",
    "announcement": "公告批复",
    "done": "已办结",
    "stopped": "已终止",
}
_NOTICE = Q(step__kind=StepKind.NOTICE)
_OFFICES = (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW, StepKind.NOTICE, StepKind.COMPARISON)
CONDITIONS: dict[str, Q] = {
    "draft": Q(state="draft"),
    "village": Q(state="running")
    & ~Q(step__kind__in=[*_OFFICES, StepKind.ANNOUNCEMENT, StepKind.FILING]),
    "comparison": Q(step__kind=StepKind.COMPARISON),
    "village_notice": _NOTICE & ~Q(step__level__in=[Level.TOWNSHIP, Level.COUNTY]),
    "township": Q(step__kind=StepKind.TOWNSHIP_REVIEW),
    "township_notice": _NOTICE & Q(step__level__in=[Level.TOWNSHIP, Level.COUNTY]),
    "county": Q(step__kind=StepKind.COUNTY_REVIEW),
    "announcement": Q(step__kind__in=[StepKind.ANNOUNCEMENT, StepKind.FILING]),
    "done": Q(state="done"),
    "stopped": Q(state="stopped"),
}  # fmt: skip


def batches(
    user: User, *, kind: str = "", year: int | None = None, place: str = "", bucket: str = ""
) -> QuerySet[Batch]:
    """The lists a person may see, filtered."""
    rows = Batch.objects.visible_to(user).filter(within("place_id", place))
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(year=year) if year else rows
    return rows.filter(CONDITIONS[bucket]) if bucket else rows


@dataclass(frozen=True)
class Card:
    """One figure of the board: the lists standing there, their households and people, what is late or contested."""

    code: str
    label: str
    batches: int
    households: int
    people: int
    overdue: int
    objections: int


def board(user: User, *, kind: str, year: int, place: str = "") -> list[Card]:
    """The cards of a kind and year, every bucket in order, in three statements."""
    rows = batches(user, kind=kind, year=year, place=place)
    where = rows.order_by().annotate(bucket=Case(*(When(each, then=Value(code)) for code, each in CONDITIONS.items())))
    standing = list(where.values_list("pk", "bucket", "state", "due_on"))
    counts = _people([pk for pk, *_ in standing])
    contested = _counted(Objection.objects.open().filter(batch__in=rows.order_by()), "batch")
    today, running = clock.today(), Batch.State.RUNNING
    return [
        Card(
            code=code,
            label=label,
            batches=len(there),
            households=sum(counts.get(pk, _NOBODY)["households"] for pk, *_ in there),
            people=sum(counts.get(pk, _NOBODY)["people"] for pk, *_ in there),
            overdue=sum(state == running and due_on is not None and due_on < today for *_, state, due_on in there),
            objections=sum(contested.get(pk, (0,))[0] for pk, *_ in there),
        )
        for code, label in BUCKETS.items()
        for there in [[row for row in standing if row[1] == code]]
    ]


_NOBODY = {"households": 0, "people": 0}


def _people(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Households and present people on the list of each batch."""
    listed = BatchEntry.objects.filter(batch__in=ids, state="listed").order_by().values("batch")
    counted = listed.annotate(
        households=Count("pk", distinct=True),
        people=Count("household__members", filter=Q(household__members__left_on=None)),
    )
    return {row["batch"]: {"households": row["households"], "people": row["people"]} for row in counted}


@dataclass
class BatchRow:
    """One line of the board's table."""

    batch: Batch
    households: int
    people: int
    step_number: int
    steps: int
    notice: Notice | None
    left: clock.Left | None
    objections_open: int
    objections_done: int
    sampled: int
    sample_failed: int
    borderline: int
    changed: int
    signature_faults: list[str] = field(default_factory=list)

    @property
    def is_overdue(self) -> bool:
        return bool(self.batch.due_on and self.batch.due_on < clock.today())

    @property
    def warnings(self) -> list[str]:
        """What a reviewer should look at before deciding, in words."""
        found = [f"{self.objections_open} 件异议未办结"] if self.objections_open else []
        found += [f"{self.changed} 户评议后有变更"] if self.changed else []
        found += [f"{self.borderline} 户收入踩线"] if self.borderline else []
        found += [f"{self.sample_failed} 户抽查不符"] if self.sample_failed else []
        return found + (["签字日期有误"] if self.signature_faults else [])


ORDER = {"end": ("ends_on", "place_id"), "due": ("due_on", "place_id"), "place": ("place_id", "pk")}


def table(rows: QuerySet[Batch], order: str = "place") -> QuerySet[Batch]:
    """Lists with what a table sorts by; page it, then give a page to :func:`table_rows`."""
    ends = Notice.objects.filter(batch=OuterRef("pk")).exclude(state="superseded").order_by("-ends_on")
    rows = rows.select_related("place__parent", "template", "step").annotate(
        ends_on=Subquery(ends.values("ends_on")[:1])
    )
    return rows.order_by(*(F(name).asc(nulls_last=True) for name in ORDER[order]))


def table_rows(page: Iterable[Batch]) -> list[BatchRow]:
    """The lines of a page of lists, in a constant number of queries."""
    every = list(page)
    ids = [batch.pk for batch in every]
    running = [batch for batch in every if batch.state == Batch.State.RUNNING]
    altered, unsigned = facts.changed_in(running), signatures.faults_of(running)
    counts = _people(ids)
    steps = _step_numbers({batch.template_id for batch in every})
    notices = {row.batch_id: row for row in _latest_notices(ids)}
    objections = _counted(Objection.objects.filter(batch__in=ids), "batch", done=Q(state="answered"))
    samples = _sample_counts(ids)
    near = _borderline(every)
    return [
        BatchRow(
            batch=batch,
            households=counts.get(batch.pk, _NOBODY)["households"],
            people=counts.get(batch.pk, _NOBODY)["people"],
            step_number=steps[batch.template_id].get(batch.step_id or 0, len(steps[batch.template_id])),
            steps=len(steps[batch.template_id]),
            notice=notices.get(batch.pk),
            left=_left(notices.get(batch.pk)),
            objections_open=objections.get(batch.pk, (0, 0))[0] - objections.get(batch.pk, (0, 0))[1],
            objections_done=objections.get(batch.pk, (0, 0))[1],
            sampled=samples.get(batch.pk, (0, 0))[0],
            sample_failed=samples.get(batch.pk, (0, 0))[1],
            borderline=near.get(batch.pk, 0),
            changed=len(altered.get(batch.pk, [])),
            signature_faults=unsigned.get(batch.pk, []),
        )
        for batch in every
    ]


def _left(notice: Notice | None) -> clock.Left | None:
    running = notice is not None and notice.state == Notice.State.OPEN
    return clock.left(notice.ends_on, notice.day_rule) if notice and running else None


def _step_numbers(template_ids: set[int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {pk: {} for pk in template_ids}
    rows = TemplateStep.objects.filter(template__in=template_ids, enabled=True).order_by("position")
    for pk, template_id in rows.values_list("pk", "template_id"):
        found[template_id][pk] = len(found[template_id]) + 1
    return found


def _latest_notices(ids: Sequence[int]) -> QuerySet[Notice]:
    rows = Notice.objects.filter(batch__in=ids).exclude(state="superseded")
    return rows.order_by("batch_id", "-pk").distinct("batch_id")


def _counted(rows: QuerySet[Any], by: str, **conditions: Q) -> dict[int, tuple[int, ...]]:
    """Batch id to (all, those of each condition)."""
    counts = (
        rows.order_by()
        .values(by)
        .annotate(every=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in conditions.items()})
    )
    return {row[by]: (row["every"], *(row[name] for name in conditions)) for row in counts}


def _sample_counts(ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    reviews = (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW)
    rows = EntryResult.objects.filter(entry__batch__in=ids, step__kind__in=reviews, round=F("entry__batch__round"))
    rows = rows.exclude(outcome=EntryResult.Outcome.ACCEPTED)
    return _counted(rows, "entry__batch", failed=Q(outcome=EntryResult.Outcome.FAIL))


def _borderline(every: Iterable[Batch]) -> dict[int, int]:
    rows = BatchEntry.objects.filter(
        batch__in=every,
        batch__kind__in=[each.kind for each in procedures() if each.by_verdict],
        state="listed",
        household__assessments__year=F("batch__year"),
        household__assessments__borderline=True,
    )
    return dict(rows.order_by().values_list("batch").annotate(n=Count("pk", distinct=True)))


@dataclass(frozen=True)
class StepLine:
    """One step on a batch's page: ``state`` is done, current, later or off; its records of all rounds."""

    step: TemplateStep
    state: str
    records: list[StepRecord]
    notices: list[Notice]
    papers: list[Paper]
    signatures: list[Signature]
    meeting: Meeting | None


@dataclass(frozen=True)
class BatchPage:
    batch: Batch
    steps: list[StepLine]
    missing: list[str]
    may_act: bool
    why_not: str
    notices: list[Notice]
    objections: list[Objection]
    remarks: list[str]


def batch_page(user: User, batch: Batch) -> BatchPage:
    """Everything a batch's page shows but its rows (:mod:`households.procedures.lists.rows`)."""
    step = batch.step
    papers = list(batch.papers.filter(removed_at=None).select_related("by", "board"))
    signed = list(batch.signatures.filter(entry=None))
    records = list(batch.records.select_related("by", "step"))
    posted = list(batch.notices.select_related("step", "posted_by", "correction").order_by("pk"))
    held = list(batch.meetings.select_related("by"))
    lines = [
        StepLine(
            step=each,
            state=_state(batch, each),
            records=[row for row in records if row.step_id == each.pk],
            notices=[row for row in posted if row.step_id == each.pk],
            papers=[row for row in papers if row.step_id == each.pk],
            signatures=[row for row in signed if row.step_id == each.pk],
            meeting=next((row for row in reversed(held) if row.step_id == each.pk and row.round == batch.round), None),
        )
        for each in batch.template.steps.all()
    ]
    why_not = may_not(user, batch)
    if step:
        checks.keep_lacking(batch, step, papers, signed)
    return BatchPage(
        batch=batch,
        steps=lines,
        missing=[*checks.missing(batch, step), *signatures.faults(batch)] if step else [],
        may_act=step is not None and not why_not,
        why_not=why_not,
        notices=posted,
        objections=list(Objection.objects.filter(batch=batch).select_related("assigned_to", "line")),
        remarks=[text for notice in posted[-1:] for text in clock.remarks(notice.posted_on, notice.ends_on)],
    )


def _state(batch: Batch, step: TemplateStep) -> str:
    if not step.enabled:
        return "off"
    if batch.step is None:
        return "done" if batch.state == Batch.State.DONE else "later"
    if step.pk == batch.step_id:
        return "current"
    return "done" if step.position < batch.step.position else "later"


def may_not(user: User, batch: Batch) -> str:
    """Why the person cannot act in the current step; empty when he can."""
    step = batch.step
    if step is None:
        return "" if batch.state == Batch.State.DRAFT else "名单已办结或终止。"
    if step.kind not in RIGHTS or not user.can(RIGHTS[step.kind], batch.place_id):
        return f"“{step.label}”由{step.get_level_display()}一级办理。"
    roles = [role for role, code in user.postings_today() if role in step.roles and batch.place_id.startswith(code)]
    if not roles:
        return f"“{step.label}”由{step.get_level_display()}一级办理。"
    if step.kind not in duties.POSTING and duties.levels_of(user, [batch])[batch.pk] - {str(TIER[step.level])}:
        return "您已在其他级别办理过这份名单，请由其他人员办理。"
    return ""


def _acted_elsewhere(user: User) -> Q:
    """Lists that somebody drafted, filled or moved as another level: this one waits for other hands than his."""
    offices = (Level.TOWNSHIP, Level.COUNTY)
    moved = StepRecord.objects.filter(batch=OuterRef("pk"), by=user.pk)
    filled = BatchEntry.objects.filter(batch=OuterRef("pk"), added_by=user.pk)
    elsewhere = Q(Exists(filled)) | Q(Exists(moved.exclude(level=OuterRef("step__level"))))
    at_office = Q(step__level__in=offices)
    return at_office & (Q(created_by=user.pk) | elsewhere) | ~at_office & Q(Exists(moved.filter(level__in=offices)))


def due_batches(user: User, today: date) -> QuerySet[Batch]:
    """Running lists whose current step waits for a person of this user's rights and roles, the most pressing first."""
    condition = Q(pk__in=[])
    for role, code in user.postings_today():
        kinds = [kind for kind, right in RIGHTS.items() if user.can(right, code)]
        condition |= within("place_id", code) & Q(step__kind__in=kinds, step__roles__contains=[role])
    running = Notice.objects.filter(batch=OuterRef("pk"), state="open").values("ends_on")[:1]
    rows = Batch.objects.visible_to(user).filter(condition, state=Batch.State.RUNNING)
    rows = rows.filter(Q(step__kind__in=duties.POSTING) | ~_acted_elsewhere(user))
    rows = rows.annotate(notice_ends=Subquery(running)).filter(Q(notice_ends=None) | Q(notice_ends__lt=today))
    return rows.select_related("place", "step", "template").order_by(Coalesce("due_on", F("step_since")), "place_id")


def due_objections(user: User) -> QuerySet[Objection]:
    """Open objections assigned to the person, and those he may handle, by deadline."""
    handled = Q(pk__in=[])
    for code in user.places_with(Right.OBJECTION_HANDLE):
        handled |= within("place_id", code)
    rows = Objection.objects.visible_to(user).open().filter(Q(assigned_to=user.pk) | handled)
    return rows.select_related("notice__batch", "place", "line").order_by("due_on", "pk")


def _told_again() -> Q:
    """A new task of which the clock has meanwhile said that it is due or overdue: one line is enough."""
    pressing = Reminder.objects.filter(done_at=None).exclude(type=Reminder.Type.OPENED)
    lists = pressing.filter(objection=None).values("batch")
    objections = pressing.exclude(objection=None).values("objection")
    return Q(type=Reminder.Type.OPENED) & (Q(objection=None, batch__in=lists) | Q(objection__in=objections))


def reminders(user: User) -> QuerySet[Reminder]:
    """The clock's open messages to this person, overdue ones first."""
    condition = Q(pk__in=[])
    for right in {*RIGHTS.values(), Right.OBJECTION_HANDLE}:
        for code in user.places_with(right):
            condition |= within("place_id", code) & Q(right=right)
    rows = Reminder.objects.visible_to(user).filter(condition, done_at=None).exclude(_told_again())
    return rows.select_related("batch", "objection").order_by("due_on", "pk")
