"""The jobs of sheets: check an upload, import it, take an import back, export."""

import tempfile
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from households.models import SheetImport
from households.sheets.exports import export_sheet
from households.sheets.imports import import_sheet
from households.sheets.layouts import LAYOUTS
from households.sheets.outcome import Outcome
from households.sheets.services import EXPORT, IMPORT, PREVIEW, UNDO, export_of, limits_of, wishes_of
from households.sheets.undo import undo
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind
from povreg.jobs.services import JobError, advance, attach_result
from povreg.kit import locks
from povreg.kit.sheets.reader import SheetError
from povreg.kit.storage import plain_copy

WRITE_REJECTS = "households.sheets.rejects.write_rejects"  # openpyxl: read when needed, not by every command
SHOWN = 100  # rejects and warnings kept for the page
Status = SheetImport.Status


def _sheet(job: Job) -> SheetImport:
    return SheetImport.objects.select_related("county", "by").get(pk=job.params["sheet"])


def _progress(job: Job, done: int, message: str) -> None:
    advance(job, done=done, message=message)


def _half(job: Job, done: int, message: str) -> None:
    """Reading is about half of an import: the bar is full only when the rows are in."""
    advance(job, done=done // 2, message=message)


def _brief(outcome: Outcome) -> dict[str, Any]:
    """The report with as many rejects and warnings as a page shows, and how many there are by code."""
    report = outcome.report()
    for name in ("rejects", "warnings", "questions"):
        by_code: dict[str, int] = {}
        for each in report[name]:
            by_code[each["code"]] = by_code.get(each["code"], 0) + 1
        report[f"{name}_by_code"] = by_code
        report[f"{name}_count"] = len(report[name])
        report[name] = report[name][:SHOWN]
    return report | {"importable": outcome.counts.rows_read > outcome.counts.rejected}


def _run(job: Job, sheet: SheetImport, *, dry_run: bool) -> Outcome:
    """The import with the limits of who uploaded the sheet, so that it does what the check has shown."""
    limits = limits_of(sheet.by, sheet.county_id)
    if limits == []:
        raise JobError("上传人已没有在本县导入的权限，请由有权限的人重新上传。")
    try:
        with plain_copy(sheet.file) as path:
            return import_sheet(
                by=job.owner,
                path=path,
                layout=LAYOUTS[sheet.layout],
                county=sheet.county_id,
                dry_run=dry_run,
                within=limits,
                wishes=wishes_of(sheet),
                job_id=str(job.pk),
                sheet_id=sheet.pk,
                progress=partial(_half, job),
            )
    except SheetError as fault:
        SheetImport.objects.filter(pk=sheet.pk).update(status=Status.FAILED, preview={"error": str(fault)})
        raise JobError(str(fault)) from fault
    except FileNotFoundError as fault:
        raise JobError("上传的文件已不在服务器上，请重新上传。") from fault


def preview(job: Job) -> dict[str, Any]:
    """Do everything and take it back; keep counts, first rejects and the rejects workbook for the page."""
    sheet = _sheet(job)
    outcome = _run(job, sheet, dry_run=True)
    sheet.preview = _brief(outcome)
    sheet.status = Status.CHECKED
    _keep_rejects(sheet, outcome)
    sheet.save(update_fields=["preview", "status", "rejects"])
    return _links(sheet, outcome, changed=0)


def perform(job: Job) -> dict[str, Any]:
    """Import for good. A job that was interrupted after the rows were written finds them unchanged."""
    sheet = _sheet(job)
    if sheet.status == Status.DONE:
        return {"links": [["查看导入结果", _page(sheet)]]}
    outcome = _run(job, sheet, dry_run=False)
    sheet.report = _brief(outcome)
    sheet.status, sheet.context = Status.DONE, outcome.context
    _keep_rejects(sheet, outcome)
    sheet.save(update_fields=["report", "status", "context", "rejects"])
    return _links(sheet, outcome, changed=outcome.counts.created + outcome.counts.updated)


def take_back(job: Job) -> dict[str, Any]:
    """Undo an import; the households that stay as they are, and why, are kept for its page. A job that was interrupted
    after the rows were written finds the import undone."""
    sheet = _sheet(job)
    if sheet.status != Status.UNDONE:
        with transaction.atomic():
            locks.hold("import", sheet.county_id)
            plan = undo(by=job.owner, sheet=sheet, reason=job.params["reason"], job_id=str(job.pk))
            kept = [asdict(each) for each in plan.kept]
            told = {"undone": len(plan.households), "withdrawn": plan.created, "kept": kept[:SHOWN],
                    "kept_count": len(kept)}  # fmt: skip
            sheet.report = {**sheet.report, "undo": told}
            sheet.status, sheet.undone_at, sheet.undone_by = Status.UNDONE, timezone.now(), job.owner
            sheet.save(update_fields=["report", "status", "undone_at", "undone_by"])
    told = sheet.report["undo"]
    count = told["undone"] + told["kept_count"]
    return {"done": count, "expected": count, "changed": told["undone"], "links": [["查看撤销结果", _page(sheet)]]}


def _keep_rejects(sheet: SheetImport, outcome: Outcome) -> None:
    if sheet.rejects:
        sheet.rejects.delete(save=False)
    if not outcome.rejects:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rejects.xlsx"
        with plain_copy(sheet.file) as source:
            import_string(WRITE_REJECTS)(source, path, LAYOUTS[sheet.layout], outcome, wishes_of(sheet))
        with path.open("rb") as content:
            sheet.rejects.save(f"{Path(str(sheet.file.name)).stem}-rejects.xlsx", File(content), save=False)


def _page(sheet: SheetImport) -> str:
    return reverse("sheet-import", args=[sheet.pk])


def _links(sheet: SheetImport, outcome: Outcome, changed: int) -> dict[str, Any]:
    counts = outcome.counts
    touched = [] if outcome.dry_run else [["改动的户", reverse("sheet-households", args=[sheet.pk])]]
    return {
        "done": counts.rows_read,
        "expected": counts.rows_read,
        "changed": changed,
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
        "links": [["查看检查结果" if outcome.dry_run else "查看导入结果", _page(sheet)], *touched],
    }


def export(job: Job) -> dict[str, Any]:
    """Write the workbook and keep it as the job's result."""
    wanted = export_of(job)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        digest = export_sheet(wanted, path, partial(_progress, job))
        name = wanted.leaving.file_name(wanted.layout.label, wanted.place, f"{timezone.localdate():%Y%m%d}")
        attach_result(job, path, name)
    return {"done": digest.rows, "expected": digest.rows, "sha256": digest.hexdigest()}


KINDS = (
    JobKind(PREVIEW, run=preview),
    JobKind(IMPORT, run=perform),
    JobKind(UNDO, run=take_back),
    JobKind(EXPORT, run=export, own=True),
)
