"""Long work: a county's notices put up, or many lists approved, in one action with progress."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from households.models import Batch, BatchEntry, BulkAct, Notice
from households.models.template import StepKind, kind_label
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.stage import enter_many
from households.procedures.lists import bulk, notices
from households.procedures.lists.effects import approve_batch
from households.procedures.lists.looked import RIGHT_OF, UNOPENED, unopened
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind, Links, PartResult
from povreg.jobs.services import launch
from povreg.kit.history import act
from povreg.kit.scopes import end_of, township_of, within
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

POST, APPROVE, ACT = "procedure_post", "procedure_approve", "procedure_act"
LISTS_A_PART = 120
APPROVED_AT = (StepKind.ANNOUNCEMENT, StepKind.FILING)
NO_RIGHT = "没有办理这一步的权限。"


def waiting_to_post(place: str, kind: str, year: int) -> QuerySet[Batch]:
    """Running lists at a notice that is not up yet."""
    posted = Notice.objects.filter(state=Notice.State.OPEN).values("batch_id")
    return (
        Batch.objects.filter(within("place_id", place), kind=kind, year=year, step__kind=StepKind.NOTICE)
        .exclude(pk__in=posted)
        .order_by("place_id", "pk")
    )


def launch_post(*, by: User | None, place: str, kind: str, year: int, board: str, hotline: str = "") -> Job:
    """Put up every list of a kind and year that waits for its notice under a place. Raises ProcedureError when none
    does, PermissionDenied."""
    check_right(by, Right.NOTICE_POST, place)
    if not board.strip():
        raise ProcedureError("请填写张贴地点（例如：村委会公示栏）。")
    count = waiting_to_post(place, kind, year).count()
    if not count:
        raise ProcedureError("没有等待张贴的名单。")
    return launch(
        by=by,
        kind=POST,
        title=f"{year}年{kind_label(kind)}公示 {count} 份",
        place_code=place,
        params={"kind": kind, "year": year, "board": board, "hotline": hotline},
        expected=count,
    )


def neighbours(rows: QuerySet[Batch]) -> list[str]:
    """Lists of a county in parts of about a hundred, whole townships together, each part by its first and its last
    township: what is asked of lists costs the same few statements for twelve as for a hundred."""
    counts: dict[str, int] = {}
    for code in rows.values_list("place_id", flat=True):
        counts[township_of(code)] = counts.get(township_of(code), 0) + 1
    parts: list[list[str]] = []
    filled = LISTS_A_PART
    for code in sorted(counts):
        if filled + counts[code] > LISTS_A_PART:
            parts.append([])
            filled = 0
        parts[-1].append(code)
        filled += counts[code]
    return [f"{part[0]}-{part[-1]}" for part in parts]


def of_part(rows: QuerySet[Batch], part: str) -> QuerySet[Batch]:
    """The lists of one of the :func:`neighbours`."""
    first, last = part.split("-")
    return rows.filter(place_id__gte=first, place_id__lt=end_of(last))


def _post_parts(job: Job) -> list[str]:
    return neighbours(waiting_to_post(job.place_code, job.params["kind"], job.params["year"]))


def _post_part(job: Job, part: str) -> PartResult:
    """Notices of some townships in one transaction. A list that cannot be put up is reported and left as it is."""
    params = job.params
    assert job.owner is not None  # only people start it
    with act(by=job.owner, verb="post_notices"):
        waiting = of_part(waiting_to_post(job.place_code, params["kind"], params["year"]), part)
        ids = list(waiting.values_list("pk", flat=True))
        stages, refused = enter_many(job.owner, ids, StepKind.NOTICE)
        filled = set(BatchEntry.objects.filter(batch__in=ids, state="listed").values_list("batch_id", flat=True))
        ready = [stage for stage in stages if stage.batch.pk in filled or procedure_of(stage.batch.kind).of_village]
        refused += [(stage.batch, "名单中没有农户，请终止这份名单。") for stage in stages if stage not in ready]
        if ready:
            notices.post(ready, params["board"], params["hotline"])
    report = {"refused": [{"batch": batch.pk, "reason": reason} for batch, reason in refused]}
    return PartResult(done=len(ids), changed=len(ready), report=report)


def launch_approve(
    *, by: User | None, batch_ids: Collection[int], place: str, board: str = "", hotline: str = ""
) -> Job:
    """Approve many lists, each in a transaction of its own, those that somebody has opened. Raises ProcedureError when
    none is chosen, PermissionDenied."""
    check_right(by, Right.COUNTY_REVIEW, place)
    inside = Batch.objects.visible_to(by).filter(within("place_id", place), pk__in=batch_ids)
    chosen = sorted(inside.values_list("pk", flat=True))
    if not chosen:
        raise ProcedureError("请先勾选要批复的名单。")
    return launch(
        by=by,
        kind=APPROVE,
        title=f"批复名单 {len(chosen)} 份",
        place_code=place,
        params={"batches": chosen, "board": board, "hotline": hotline},
        expected=len(chosen),
    )


def _approve_one(job: Job, part: str) -> PartResult:
    batch = Batch.objects.select_related("step").get(pk=int(part))
    if batch.state == Batch.State.DONE:
        return PartResult(done=1)
    if batch.step and batch.step.kind in APPROVED_AT and unopened([batch]):
        return PartResult(done=1, report={"refused": [{"batch": batch.pk, "reason": UNOPENED}]})
    try:
        approve_batch(by=job.owner, batch=batch, board=job.params["board"], hotline=job.params["hotline"])
    except PermissionDenied:
        return PartResult(done=1, report={"refused": [{"batch": batch.pk, "reason": NO_RIGHT}]})
    except ValidationError as fault:
        return PartResult(done=1, report={"refused": [{"batch": batch.pk, "reason": "".join(fault.messages)}]})
    return PartResult(done=1, changed=1)


def launch_act(*, by: User, row: BulkAct, board: str = "", hotline: str = "") -> Job:
    """Carry out a signed act on its lists, some townships at a time. Raises PermissionDenied."""
    check_right(by, RIGHT_OF[StepKind(row.step_kind)], row.place_id)
    return launch(
        by=by,
        kind=ACT,
        title=f"{StepKind(row.step_kind).label} {len(row.batch_ids)} 份名单",
        place_code=row.place_id,
        params={"act": row.pk, "board": board, "hotline": hotline},
        expected=len(row.batch_ids),
    )


def _act_of(job: Job) -> BulkAct:
    return BulkAct.objects.select_related("by").get(pk=job.params["act"])


def _act_parts(job: Job) -> list[str]:
    return neighbours(Batch.objects.filter(pk__in=_act_of(job).batch_ids))


def _act_part(job: Job, part: str) -> PartResult:
    """The lists of some townships in one transaction; where something breaks for all of them, each in its own."""
    row = _act_of(job)
    there = of_part(Batch.objects.filter(pk__in=row.batch_ids, step__kind=row.step_kind), part)
    ids = list(there.order_by("place_id", "pk").values_list("pk", flat=True))
    texts = job.params["board"], job.params["hotline"]
    try:
        with transaction.atomic():
            done, refused = bulk.carry_out(row, ids, *texts)
    except (ValidationError, DatabaseError):
        done, refused = bulk.one_by_one(row, ids, *texts)
    report = {"refused": [{"batch": pk, "reason": text} for pk, text in refused.items()]}
    return PartResult(done=len(ids), changed=done, report=report)


SHOWN = 1000


def _links(job: Job) -> Links:
    """Every refused list by its village, with the reason, leading to it."""
    refused = job.report.get("refused", [])[:SHOWN]
    names = {
        row.pk: str(row.place)
        for row in Batch.objects.filter(pk__in=[each["batch"] for each in refused]).select_related("place")
    }
    return [
        (f"{names.get(each['batch'], '名单')}：{each['reason']}", reverse("procedure", args=[each["batch"]]))
        for each in refused
    ]


def _report(job: Job) -> dict[str, Any]:
    """What was refused, in all parts together."""
    refused = [row for report in job.parts.values_list("report", flat=True) for row in report.get("refused", [])]
    return {"refused": refused}


KINDS = (
    JobKind(kind=POST, parts=_post_parts, run_part=_post_part, finish=_report, links=_links),
    JobKind(kind=ACT, parts=_act_parts, run_part=_act_part, finish=_report, links=_links),
    JobKind(
        kind=APPROVE,
        parts=lambda job: [str(pk) for pk in job.params["batches"]],
        run_part=_approve_one,
        finish=_report,
        links=_links,
    ),
)
