"""Past procedures carried out on paper, entered as archives: they are read, and change nothing but the file."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date

from django.core.files.base import ContentFile, File

from households.models import Archive, ArchivePaper, Household
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError
from households.register.attachments import SUFFIXES, checked
from povreg.kit.history import act
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

FIRST_YEAR = 2014
"""The year of the first registration (policy.md 1)."""


def file_archive(
    *,
    by: User,
    village: str,
    year: int,
    subject: str,
    decided_on: date,
    numbers: Collection[str],
    scans: Sequence[File],
    started_on: date | None = None,
    document: str = "",
    note: str = "",
) -> Archive:
    """Keep a past procedure of a village with its households (by number) and scans; no standing or figure changes.

    Raises ProcedureError for a year that is not past, days out of order, unknown households, no scan; PermissionDenied.
    """
    check_right(by, Right.BATCH_DRAFT, village)
    today = clock.today()
    if not FIRST_YEAR <= year < today.year:
        raise ProcedureError({"year": f"历史档案只补录 {FIRST_YEAR} 年到 {today.year - 1} 年的，当年的请按程序办理。"})
    if decided_on > today or (started_on and started_on > decided_on):
        raise ProcedureError({"decided_on": "批复日期应在开始日期之后、今天以前，请核对。"})
    if not subject.strip():
        raise ProcedureError({"subject": "请填写事项（例如：2017年脱贫退出）。"})
    if not scans:
        raise ProcedureError({"scans": "请上传当年的材料（扫描件或照片）。"})
    homes = _households(village, numbers)
    with act(by=by, verb="file_archive"):
        row = Archive.objects.create(
            place_id=village, year=year, subject=subject.strip()[:40], started_on=started_on, decided_on=decided_on,
            document=document.strip()[:80], note=note.strip()[:500], by=by, entered_on=today,
        )  # fmt: skip
        row.households.set(homes)
        for number, file in enumerate(scans, 1):
            _keep(by, row, file, number)
    return row


def _households(village: str, numbers: Collection[str]) -> list[Household]:
    wanted = {number.strip() for number in numbers if number.strip()}
    found = list(Household.objects.filter(village_id=village, household_no__in=wanted))
    missing = wanted - {row.household_no for row in found}
    if missing:
        raise ProcedureError({"numbers": f"本村没有这些户编号：{'、'.join(sorted(missing)[:5])}。请核对。"})
    return found


def _keep(by: User, row: Archive, file: File, number: int) -> None:
    content, content_type = checked(file)
    paper = ArchivePaper(
        archive=row, title=f"材料 {number}", content_type=content_type, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), by=by,
    )  # fmt: skip
    paper.file.save(f"file{SUFFIXES[content_type]}", ContentFile(content), save=True)
