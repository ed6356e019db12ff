"""Verbs of comparisons: take a list in, compare it, answer a hit, have one put right, delete what is past its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from audits.comparisons.matching import compare
from audits.comparisons.reading import keep_rows, name_key, read_file
from audits.comparisons.sources import Source, says, sources
from audits.findings.services import open_finding
from audits.models import ComparisonHit, ComparisonList, ComparisonRow, Finding
from households.register.errors import refusal
from households.register.years import working_year
from povreg.jobs.models import Job
from povreg.jobs.services import launch
from povreg.kit.hash_keys import ROTATING, hold_hashes
from povreg.kit.history import act
from povreg.kit.locks import Busy
from povreg.kit.scopes import COUNTY
from povreg.kit.sheets.reader import digest_of
from povreg.kit.storage import plain_copy
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

Answer = ComparisonHit.Answer
KIND = "comparison"
LONGEST_KEPT = timedelta(days=366)
MOST_PUSHED = 20_000
SHORTEST = 4


def _begin(by: User | None, county: Place, source: str, department: str, as_of: date, keep_until: date) -> Source:
    """Raises PermissionDenied without COMPARE_IMPORT in the county, ValidationError."""
    check_right(by, Right.COMPARE_IMPORT, county.pk)
    found = sources().get(source)
    if found is None:
        raise refusal("请选择数据种类。", field="source")
    if len(county.pk) != COUNTY:
        raise refusal("部门数据按县接收，请选择县。", field="county")
    today = timezone.localdate()
    if as_of > today:
        raise refusal("数据日期晚于今天，请核对。", field="as_of")
    if not today <= keep_until <= today + LONGEST_KEPT:
        raise refusal("保存期限应在今天到一年之内：到期自动删除。", field="keep_until")
    return found


def upload_list(
    *, by: User | None, county: Place, source: str, department: str, as_of: date, keep_until: date, file: File
) -> Job:
    """Take a workbook in; a job reads and compares it, and deletes the file.

    Raises PermissionDenied, ValidationError for what cannot be.
    """
    found = _begin(by, county, source, department, as_of, keep_until)
    with act(by=by, verb="upload_comparison"):
        row = _new(by, county, found, department, as_of, keep_until)
        row.file_name = PurePath(file.name or "").name[-120:]
        row.file.save(row.file_name, file, save=True)
        title = f"比对{found.label}（{row.department}）"
        return launch(by=by, kind=KIND, title=title, place_code=county.pk, params={"list": row.pk})


def take_in(row: ComparisonList) -> ComparisonList:
    """Read and compare an uploaded list, all of it or nothing; the file is gone afterwards. Raises SheetError,
    ValidationError."""
    with act(by=row.by, verb="compare_list"), plain_copy(row.file) as path:
        hold_hashes()
        row.digest = digest_of(path)
        _refuse_twice(row)
        found = sources()[row.source]
        row = _compared(row, found, read_file(path, row, found).counts)
    row.file.delete(save=True)
    return row


def give_up(row: ComparisonList) -> None:
    """The file could not be read: it goes, the list says so."""
    with act(by=row.by, verb="compare_list"):
        row.file.delete(save=False)
        row.state = ComparisonList.State.FAILED
        row.save()


def push_list(
    *,
    by: User | None,
    county: Place,
    source: str,
    department: str,
    as_of: date,
    keep_until: date,
    rows: Iterable[dict[str, Any]],
) -> ComparisonList:
    """The same from another system: rows with name, id_no, birth_date, on, detail. Raises PermissionDenied,
    ValidationError."""
    found = _begin(by, county, source, department, as_of, keep_until)
    given = list(rows)
    if not 0 < len(given) <= MOST_PUSHED:
        raise refusal(f"一次推送 1 到 {MOST_PUSHED} 行。", field="rows")
    with act(by=by, verb="upload_comparison"):
        try:
            hold_hashes()
        except Busy as fault:
            raise refusal(ROTATING) from fault
        row = _new(by, county, found, department, as_of, keep_until)
        return _compared(row, found, keep_rows(given, row, found).counts)


def _new(
    by: User | None, county: Place, source: Source, department: str, as_of: date, keep_until: date
) -> ComparisonList:
    return ComparisonList.objects.create(
        county=county,
        source=source.code,
        department=department.strip()[:60] or source.department,
        as_of=as_of,
        keep_until=keep_until,
        by=by,
    )


def _refuse_twice(row: ComparisonList) -> None:
    same = ComparisonList.objects.filter(county_id=row.county_id, source=row.source, digest=row.digest)
    if same.exclude(pk=row.pk).exclude(state=ComparisonList.State.DELETED).exists():
        raise refusal("这个文件已经比对过，不用再传。", field="file")


def _compared(row: ComparisonList, source: Source, counts: dict[str, Any]) -> ComparisonList:
    strong, weak = compare(row, source, working_year(row.county_id), name_key)
    row.counts = {**counts, "strong": strong, "weak": weak}
    row.state, row.compared_at = ComparisonList.State.COMPARED, timezone.now()
    row.save()
    return row


def answer_hit(*, by: User | None, hit: ComparisonHit, answer: str, reason: str) -> ComparisonHit:
    """What the field check found. A false hit counts against the rule's precision; a true one still removes nobody.

    Raises PermissionDenied without FINDING_ANSWER or COMPARE_IMPORT there, ValidationError.
    """
    if by is not None and not by.can(Right.FINDING_ANSWER, hit.village_id):
        check_right(by, Right.COMPARE_IMPORT, hit.village_id)
    with act(by=by, verb="answer_hit"):
        row = ComparisonHit.objects.select_for_update(of=("self",)).get(pk=hit.pk)
        if answer not in Answer.values:
            raise refusal("请选择核实结果。", field="answer")
        if len(reason.strip()) < SHORTEST:
            raise refusal(f"请写明怎么核实的，至少 {SHORTEST} 个字。", field="reason")
        row.answer, row.answer_reason = answer, reason.strip()[:300]
        row.answered_by, row.answered_on = by, timezone.localdate()
        row.save()
        return row


def open_from_hit(*, by: User, hit: ComparisonHit) -> Finding:
    """Have it put right. Raises PermissionDenied without FINDING_OPEN, ValidationError."""
    check_right(by, Right.FINDING_OPEN, hit.village_id)
    with act(by=by, verb="open_from_hit"):
        rows = ComparisonHit.objects.select_related("household__village", "member", "list")
        row = rows.select_for_update(of=("self",)).get(pk=hit.pk)
        if row.finding_id:
            raise refusal("已经开出整改，请看原来的问题。")
        if row.answer in ComparisonHit.FALSE:
            raise refusal("核实结果不属实，不用整改。")
        found = open_finding(
            by=by,
            source=Finding.Source.COMPARISON,
            title=says(row.source)[:80],
            said=sources()[row.source].advice if row.source in sources() else "",
            household=row.household,
            member=row.member,
            severity="E" if row.severity == "E" else "W",
            rule=f"comparison-{row.source}",
        )
        row.finding = found
        row.save(update_fields=["finding"])
        return found


def delete_past(today: date | None = None) -> int:
    """Delete the rows of lists past their day, and what hits repeat of them; counts and answers stay."""
    due = ComparisonList.objects.filter(keep_until__lt=today or timezone.localdate()).exclude(
        state=ComparisonList.State.DELETED
    )
    deleted = 0
    for row in due.order_by("pk"):
        with transaction.atomic(), act(by=None, verb="delete_comparison_rows"):
            ComparisonHit.objects.filter(list=row).exclude(detail="").update(detail="")
            deleted += ComparisonRow.objects.filter(list=row).delete()[0]
            row.state = ComparisonList.State.DELETED
            row.save()
    return deleted
