"""The jobs over a chosen set of households. Who may see and do what is asked again when they run."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from django.utils import timezone

from households.eligibility.assess import Outcome, recompute_households
from households.find.asked import Asked
from households.find.columns import chosen
from households.selection.chosen import Selection, of_params
from households.selection.export import Written, about, write_layout, write_list
from households.selection.services import AS_LISTED, EXPORT, KINDS, RECOMPUTE
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind
from povreg.jobs.services import JobError, advance, attach_result
from povreg.kit.history import act
from povreg.kit.sheets.leaving import Leaving
from villages.rights import Right

AT_ONCE = 500  # households judged in one transaction


def _selected(job: Job, right: Right) -> tuple[Selection, list[int]]:
    """The households as they are now, for what the owner may do now."""
    selection = of_params(job.params["selection"])
    if job.owner is None or not job.owner.can(right):
        raise JobError("发起人已没有办理这件事的权限，没有执行。请由有权限的人重新发起。")
    ids = selection.household_ids(job.owner, right)
    if not ids:
        raise JobError("所选农户现在都不在可以办理的范围内，没有执行。请回到名单重新选择。")
    return selection, ids


def export(job: Job) -> dict[str, Any]:
    """Write the workbook and keep it as the job's result."""
    params = job.params
    selection, ids = _selected(job, Right.EXPORT_UNMASKED if params["unmasked"] else Right.EXPORT)
    asked_for = job.expected
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "selection.xlsx"
        written = _write(job, selection, ids, path)
        leaving = Leaving(params["kind"], KINDS[params["kind"]], unmasked=params["unmasked"])
        attach_result(job, path, leaving.file_name(leaving.title, f"{len(ids)}户", f"{timezone.localdate():%Y%m%d}"))
    message = "；".join(filter(None, (
        f"写入 {written.households} 户，{written.digest.rows} 行",
        f"提交时是 {asked_for} 户，其后名单有变动" if len(ids) != asked_for else "",
        written.note,
    )))  # fmt: skip
    advance(job, message=message)
    return {
        "expected": asked_for,
        "done": written.households,
        "rows": written.digest.rows,
        "sha256": written.digest.hexdigest(),
        "note": message,
        "links": _back(selection),
    }


def _write(job: Job, selection: Selection, ids: list[int], path: Path) -> Written:
    params, words, owner = job.params, selection.words(), job.owner
    assert owner is not None  # only people start it
    progress = partial(_progress, job)
    if params["kind"] == AS_LISTED:
        lines = about(owner, ids, selection.year, words)
        return write_list(owner, ids, chosen(params["columns"]), selection.year, lines, path, progress)
    reason = params["reason"] if params["unmasked"] else None
    return write_layout(owner, ids, params["kind"], selection.year, words, reason, path, partial(_rows, job))


def _progress(job: Job, done: int, message: str) -> None:
    advance(job, done=done, message=message)


def _rows(job: Job, done: int, message: str) -> None:
    """A layout counts rows, the job households: the rows are told, not counted."""
    advance(job, message=f"{message}，已写 {done} 行")


def recompute(job: Job) -> dict[str, Any]:
    """Judge the households again, some hundred in a transaction."""
    selection, ids = _selected(job, Right.RECOMPUTE)
    total = Outcome()
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        with act(by=job.owner, verb="recompute"):
            total.add(recompute_households(part, selection.year))
        advance(job, done=start + len(part), message=f"正在评定，已有 {total.changed} 户的结果有变化")
    message = f"评定 {total.assessed} 户，{total.changed} 户的结果有变化，{total.flips} 户的结论改变"
    advance(job, message=message)
    return {
        "expected": job.expected,
        "done": total.assessed,
        "changed": total.changed,
        "flips": total.flips,
        "note": message,
        "links": _back(selection),
    }


def _back(selection: Selection) -> list[list[str]]:
    """The list that was chosen from; ids found by a search are not told in an address."""
    if selection.ids is not None:
        return []
    return [["看这份名单", Asked(selection.codes).url(year=selection.year)]]


JOBS = (JobKind(EXPORT, run=export, own=True), JobKind(RECOMPUTE, run=recompute))
