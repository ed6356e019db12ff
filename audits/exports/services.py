"""Verbs of the export centre: start an export, and do it."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audits.exports.declared import DATASETS
from audits.exports.writing import MOST_OF_A_SHEET, Wanted, write_book, write_files
from audits.models import SavedExport
from households.models import UnmaskLog
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind
from povreg.jobs.services import JobError, advance, attach_result, launch
from povreg.kit.history import act
from villages.models import Place, User
from villages.people.selectors import place_label
from villages.rights import Right

KIND = "dataset-export"
XLSX, CSV, PARQUET = "xlsx", "csv", "parquet"
FORMS = (
    (XLSX, "工作簿（每个数据集一张表）"),
    (CSV, "csv（每个数据集一个文件，打包）"),
    (PARQUET, "Parquet（每个数据集一个文件，打包）"),
)
LONGEST_NAME, MOST_SAVED = 20, 30
TOO_LONG = "“{name}”超过 {most:,} 行，一张表放不下。请改用 csv，或缩小地区。"
Columns = dict[str, list[str]]


def request_datasets(
    *, by: User, datasets: Columns, place: Place, year: int | None = None, form: str = XLSX, unmasked: bool = False,
    reason: str = "",
) -> Job:  # fmt: skip
    """Start an export of datasets (columns by code; none: all of them) for one's own use.

    Raises PermissionDenied without EXPORT (EXPORT_UNMASKED) at the place or a dataset's own right, ValidationError for
    no dataset, a missing reason, or more rows than a sheet holds.
    """
    if not by.can(Right.EXPORT, place.pk) or (unmasked and not by.can(Right.EXPORT_UNMASKED, place.pk)):
        raise PermissionDenied
    chosen = [DATASETS[code] for code in datasets if code in DATASETS]
    if not chosen:
        raise ValidationError({"datasets": "请至少选择一个数据集。"})
    if any(not by.can(each.right, place.pk) for each in chosen):
        raise PermissionDenied
    if unmasked and not reason.strip():
        raise ValidationError({"reason": "导出完整证件号码要写明理由，例如用于哪项工作。"})
    counts = {each.label: each.found(by, place.pk, year).count() for each in chosen}
    large = [name for name, rows in counts.items() if rows > MOST_OF_A_SHEET]
    if form == XLSX and large:
        raise ValidationError({"form": TOO_LONG.format(name=large[0], most=MOST_OF_A_SHEET)})
    params = {"datasets": datasets, "year": year, "form": form, "unmasked": unmasked, "reason": reason.strip()[:200]}
    title = f"导出{place}{'、'.join(each.label for each in chosen)}"[:110] + ("（完整号码）" if unmasked else "")
    return launch(
        by=by, kind=KIND, title=title, place_code=place.pk, params=params, expected=sum(counts.values())
    )  # fmt: skip


def keep_choice(*, by: User, name: str, datasets: Columns, year: int | None, form: str) -> SavedExport:
    """Keep what was chosen under a name, in place of one of that name. Raises PermissionDenied without EXPORT,
    ValidationError without a name, for no dataset, or one too many."""
    if not by.can(Right.EXPORT):
        raise PermissionDenied
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValidationError({"name": f"请填写名称，最多 {LONGEST_NAME} 个字。"})
    known = {code: names for code, names in datasets.items() if code in DATASETS}
    if not known:
        raise ValidationError({"datasets": "请至少选择一个数据集。"})
    mine = SavedExport.objects.visible_to(by)
    if mine.exclude(name=name).count() >= MOST_SAVED:
        raise ValidationError({"name": f"最多保存 {MOST_SAVED} 个，请先删去不用的。"})
    row, _ = mine.update_or_create(owner=by, name=name, defaults={"datasets": known, "year": year, "form": form})
    return row


def drop_choice(*, by: User, saved: SavedExport) -> None:
    """Forget one's own choice. Raises PermissionDenied for another's."""
    if saved.owner_id != by.pk:
        raise PermissionDenied
    saved.delete()


def run_export(job: Job) -> dict[str, Any]:
    """Write the files and keep them as the job's result; who may what is asked again."""
    params, by = job.params, job.owner
    needed = Right.EXPORT_UNMASKED if params["unmasked"] else Right.EXPORT
    if by is None or not by.can(needed, job.place_code):
        raise JobError("发起人已没有在这个地区导出的权限，没有执行。请由有权限的人重新发起。")
    chosen = tuple((DATASETS[code], tuple(names)) for code, names in params["datasets"].items() if code in DATASETS)
    if any(not by.can(dataset.right, job.place_code) for dataset, _ in chosen):
        raise JobError("发起人已没有查看其中一个数据集的权限，没有执行。请去掉它再发起。")
    place = Place.objects.get(pk=job.place_code)
    wanted = Wanted(chosen, place.pk, params["year"], by, params["unmasked"], params["reason"], place_label(place.pk))
    if params["unmasked"]:
        log_unmasked(wanted, place, job.expected)
    rows = write(job, wanted, params["form"], place)
    return {"done": rows, "rows": rows, "expected": rows}


def write(job: Job, wanted: Wanted, form: str, place: Place) -> int:
    progress = partial(_progress, job)
    name = [dataset.label for dataset, _ in wanted.datasets]
    words = name[0] if len(name) == 1 else f"{len(name)} 个数据集"
    leaving = wanted.leaving("datasets", words)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("export.xlsx" if form == XLSX else "export.zip")
        rows = write_book(wanted, path, progress) if form == XLSX else write_files(wanted, path, form, progress)
        day = f"{timezone.localdate():%Y%m%d}"
        attach_result(job, path, leaving.file_name(words, place, day, suffix=path.suffix[1:]))
    return rows


def _progress(job: Job, done: int, message: str) -> None:
    advance(job, done=done, message=message)


def log_unmasked(wanted: Wanted, place: Place, rows: int) -> None:
    """Who took full numbers of which place out, why."""
    with act(by=wanted.by, verb="export_unmasked", reason=wanted.reason):
        what = f"导出{'、'.join(dataset.label for dataset, _ in wanted.datasets)}"[:60]
        UnmaskLog.objects.create(by=wanted.by, place=place, what=what, rows=rows, reason=wanted.reason[:200])


KINDS = (JobKind(KIND, run=run_export, own=True),)
