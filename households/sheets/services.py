"""Verbs of sheets in the browser: upload, check, confirm once, discard; ask for an export.

The work itself is a job (households.sheets.jobs); these verbs only decide whether it may start.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from households.models import SheetImport
from households.sheets.exports import Export
from households.sheets.layouts import DEPARTMENT_LIST, EXPORTED, LAYOUTS, is_yearly
from households.sheets.outcome import QUESTIONS
from povreg.jobs.models import Job
from povreg.jobs.services import launch
from povreg.kit.scopes import covers
from povreg.kit.sheets.columns import Layout
from povreg.kit.sheets.finding import Wish, Wishes, find_sheet, open_sheets, propose_layouts
from povreg.kit.sheets.reader import SheetError, Workbook, check_name, digest_of
from povreg.kit.storage import plain_copy
from villages.models import Place, User
from villages.rights import Right

MOST_BYTES = 60 * 2**20
PREVIEW, IMPORT, EXPORT, UNDO = "sheet-preview", "sheet-import", "sheet-export", "sheet-undo"
Status = SheetImport.Status


class SheetMoved(ValidationError):  # noqa: N818 - a state, not an accident
    """The upload is not in the state that the verb is for (any more)."""


def limits_of(user: User | None, county: str) -> list[str] | None:
    """The places of a county into which somebody may import; None when that is all of it, [] when none."""
    places = user.places_with(Right.IMPORT) if user else []
    if any(covers(place, county) for place in places):
        return None
    return [place for place in places if covers(county, place)]


def upload_sheet(*, by: User, file: UploadedFile, county: str, layout: str = "") -> SheetImport:
    """Keep an uploaded workbook, recognise its layout unless one is given, and start the check.

    A workbook that lacks columns of the given layout is kept unchecked, for its columns to be assigned by hand.
    Raises PermissionDenied outside one's places, ValidationError (field ``file``) for a file that cannot be read.
    """
    if limits_of(by, county) == []:
        raise PermissionDenied
    _check_file(file)
    row = SheetImport(by=by, county=Place.objects.get(pk=county), file_name=(file.name or "")[-120:])
    row.file.save(f"upload{Path(row.file_name).suffix}", file, save=False)
    try:
        with plain_copy(row.file) as path:
            chosen, readable, unsure = _look_into(path, layout)
            row.layout, row.sha256 = chosen.code, digest_of(path)
            row.preview = {"unsure": unsure} if unsure else {}
        _demand_layout(by, county, chosen)
    except SheetError as fault:
        row.file.delete(save=False)
        raise ValidationError({"file": str(fault)}) from fault
    with transaction.atomic():
        row.save()
        return check_sheet(by=by, sheet=row) if readable else row


def _demand_layout(by: User, county: str, layout: Layout) -> None:
    """Raises SheetError for a list that another office takes."""
    if layout is DEPARTMENT_LIST and not by.can(Right.COUNTY_REVIEW, county):
        raise SheetError("部门名单由县主管部门接收，请把文件交县主管部门导入。")


def _look_into(path: Path, layout: str) -> tuple[Layout, bool, list[list[str]]]:
    """The layout; whether every column that must exist was found (else they are assigned by hand first); and, where
    the layout is not beyond doubt, those it may be (code, label, reason), likeliest first.

    Raises SheetError when the file cannot be opened, or nothing in it looks like the layout.
    """
    with Workbook(path) as book:
        if layout:
            return LAYOUTS[layout], _readable(book, LAYOUTS[layout]), []
        proposals = propose_layouts(book, list(LAYOUTS.values()))
        if not proposals:
            raise SheetError(
                "认不出这是哪种表格：前 20 行里找不到完整的表头。请选择表格种类后再传（可以指定表头所在行和列），"
                "或下载空白模板对照列名。"
            )
        best = proposals[0]
        unsure = [[each.layout.code, each.layout.label, each.reason] for each in proposals] if best.lost else []
        return best.layout, not unsure, unsure


def _readable(book: Workbook, layout: Layout) -> bool:
    """Raises SheetError where nothing in the book looks like the layout."""
    try:
        open_sheets(book, layout)
    except SheetError:
        if not any(find_sheet(book, spec) for spec in layout.sheets):
            raise
        return False
    return True


def _check_file(file: UploadedFile) -> None:
    """Size and name, before anything is stored."""
    if file.size and file.size > MOST_BYTES:
        raise ValidationError(
            {"file": f"文件超过 {MOST_BYTES // 2**20} MB。请删去多余的工作表，或按乡镇分成几个文件。"}
        )
    try:
        check_name(file.name or "")
    except SheetError as fault:
        raise ValidationError({"file": str(fault)}) from fault


def wishes_of(row: SheetImport) -> Wishes:
    """What was decided by hand about an upload."""
    sheets = row.choices.get("sheets", {})
    return Wishes(
        dict(row.mapping),
        {
            name: Wish(said.get("use"), said.get("header_row"), said.get("hidden", True))
            for name, said in sheets.items()
        },
        frozenset(row.choices.get("confirmed", ())),
    )


def _locked(sheet: SheetImport, *allowed: str) -> SheetImport:
    rows = SheetImport.objects.select_for_update(of=("self",)).select_related("county", "by", "job")
    row = rows.get(pk=sheet.pk)
    row.status = standing(row)
    if row.status not in allowed:
        raise SheetMoved(f"这次导入的状态是“{row.get_status_display()}”，不能再这样做。请刷新页面查看。")
    return row


def standing(row: SheetImport) -> str:
    """The status; a job that failed or was cancelled leaves the sheet as it was before it: nothing was written."""
    before = {Status.CHECKING: Status.FAILED, Status.IMPORTING: Status.CHECKED, Status.UNDOING: Status.DONE}
    if row.status not in before or row.job is None:
        return row.status
    if row.job.status not in (Job.Status.FAILED, Job.Status.CANCELLED):
        return row.status
    return before[Status(row.status)]


def check_sheet(
    *,
    by: User | None,
    sheet: SheetImport,
    chosen: Mapping[str, str] | None = None,
    sheets: Mapping[str, Mapping[str, Any]] | None = None,
    confirmed: Collection[str] | None = None,
    layout: str = "",
) -> SheetImport:
    """Start (again) the check of an uploaded sheet; ``chosen`` assigns headers, or columns by letter, to columns of the
    layout, ``sheets`` says which sheets are read and where their header stands, ``confirmed`` which kinds of questions
    are answered with yes, ``layout`` which layout it is after all. What is not given stays as it was.

    Raises ValidationError once the sheet is being imported or was imported.
    """
    with transaction.atomic():
        row = _locked(sheet, Status.UPLOADED, Status.CHECKED, Status.FAILED)
        if chosen is not None:
            row.mapping = dict(chosen)
        given = {"sheets": sheets, "confirmed": None if confirmed is None else sorted(set(confirmed) & set(QUESTIONS))}
        row.choices = {**row.choices, **{name: value for name, value in given.items() if value is not None}}
        row.layout = layout or row.layout
        row.status, row.preview = Status.CHECKING, {}
        row.job = launch(
            by=by, kind=PREVIEW, title=f"检查{_label(row)}", place_code=row.county_id, params={"sheet": row.pk}
        )
        row.save()
    return row


def confirm_sheet(*, by: User | None, sheet: SheetImport, sure: bool = False) -> SheetImport:
    """Import a checked sheet, once. Raises ValidationError for one that was not checked, or was confirmed already, and
    for one that changes very many rows unless somebody is ``sure`` of it."""
    with transaction.atomic():
        row = _locked(sheet, Status.CHECKED)
        if not row.preview.get("importable"):
            raise ValidationError("没有可以导入的行。请按退回原因改正后重新上传。")
        if row.preview.get("changes", {}).get("large") and not sure:
            raise ValidationError("改动的行超过一半，请先看“会改变的列”，确认文件无误后勾选“已核对”再写入。")
        row.status = Status.IMPORTING
        row.job = launch(
            by=by,
            kind=IMPORT,
            title=f"导入{_label(row)}",
            place_code=row.county_id,
            params={"sheet": row.pk},
            expected=row.preview.get("rows_read", 0),
        )
        row.save()
    return row


def discard_sheet(*, by: User | None, sheet: SheetImport) -> SheetImport:
    """Put an uploaded sheet aside without importing it."""
    with transaction.atomic():
        row = _locked(sheet, Status.UPLOADED, Status.CHECKED, Status.FAILED)
        row.status = Status.CANCELLED
        row.save()
    return row


def may_undo(user: User, sheet: SheetImport) -> bool:
    """Who imported it, while he may import, and who may import into the whole county."""
    limits = limits_of(user, sheet.county_id)
    return limits is None or (bool(limits) and sheet.by_id == user.pk)


def undo_sheet(*, by: User, sheet: SheetImport, reason: str) -> SheetImport:
    """Start taking back what an import wrote (households.sheets.undo says how far that goes).

    Raises PermissionDenied, ValidationError without a reason, for an import that was not done or is older than the
    record of its rows, and for a department's list, which its own office withdraws by a newer one.
    """
    if not may_undo(by, sheet):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": "请写明撤销的原因，例如拿错了文件。"})
    with transaction.atomic():
        row = _locked(sheet, Status.DONE)
        if row.context is None or row.layout == DEPARTMENT_LIST.code:
            raise ValidationError("这次导入不能整批撤销：部门名单以新一期名单更新；早先的导入没有留下逐行记录。")
        row.status = Status.UNDOING
        row.job = launch(
            by=by, kind=UNDO, title=f"撤销导入{_label(row)}", place_code=row.county_id,
            params={"sheet": row.pk, "reason": reason.strip()[:200]},
        )  # fmt: skip
        row.save()
    return row


def _label(row: SheetImport) -> str:
    return LAYOUTS[row.layout].label


def request_export(
    *, by: User, layout: str, place: Place, year: int | None = None, unmasked: bool = False, reason: str = ""
) -> Job:
    """Start an export for one's own use. Raises PermissionDenied without EXPORT (EXPORT_UNMASKED) at the place."""
    if not by.can(Right.EXPORT, place.pk) or (unmasked and not by.can(Right.EXPORT_UNMASKED, place.pk)):
        raise PermissionDenied
    if unmasked and not reason.strip():
        raise ValidationError({"reason": "导出完整证件号码要写明理由，例如用于哪项工作。"})
    chosen = EXPORTED[layout]
    if is_yearly(chosen) and not year:
        raise ValidationError({"year": "请选择年度。"})
    params = {"layout": layout, "year": year if is_yearly(chosen) else None, "unmasked": unmasked, "reason": reason}
    return launch(by=by, kind=EXPORT, title=f"导出{place}{chosen.label}", place_code=place.pk, params=params)


def export_of(job: Job) -> Export:
    """What an export job was asked for."""
    params = job.params
    place = Place.objects.get(pk=job.place_code)
    return Export(LAYOUTS[params["layout"]], place, params["year"], params["unmasked"], params["reason"], by=job.owner)
