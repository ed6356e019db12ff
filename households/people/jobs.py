"""The job that writes a list of people. Numbers of papers are masked; who may see whom is asked again when it runs."""

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from households.figures.labels import figure_label
from households.people.columns import SHEET, cells
from households.people.listing import PeopleFilters, people_list, readable, with_facts
from households.people.services import EXPORT
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind
from povreg.jobs.services import JobError, advance, attach_result
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.writer import HEADER_LABEL, SheetOut, write_workbook
from villages.models import Place, User
from villages.rights import Right
from villages.standards.rules import COUNT_DAY

CHUNK = 2000


def export(job: Job) -> dict[str, Any]:
    """Write the workbook and keep it as the job's result. Raises JobError when the owner may no longer export there."""
    if job.owner is None or not job.owner.can(Right.EXPORT, job.place_code):
        raise JobError("发起人已没有在这个地区导出的权限，没有执行。请由有权限的人重新发起。")
    year, place = int(job.params["year"]), Place.objects.get(pk=job.place_code)
    filters = PeopleFilters(job.place_code, tuple(job.params["figures"]))
    people = readable(people_list(job.owner, filters, year))
    advance(job, expected=people.order_by().count())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.xlsx"
        leaving = Leaving("people", "人员名单", job.owner, place.pk, unmasked=False)
        sheet = SheetOut("人员", SHEET, _rows(job, people, year))
        digest = write_workbook(path, [sheet], _about(job.owner, place, filters, year), leaving)
        attach_result(job, path, leaving.file_name("人员名单", place, year))
    return {"done": digest.rows, "expected": digest.rows, "sha256": digest.hexdigest()}


def _rows(job: Job, people: QuerySet, year: int) -> Iterator[list[Any]]:
    """Cells of every row; the facts of the year come chunk by chunk."""
    read, done = people.iterator(chunk_size=CHUNK), 0
    while chunk := with_facts(islice(read, CHUNK), year):
        for person in chunk:
            values = cells(person)
            yield [column.kind.write(values[column.field]) for column in SHEET]
        done += len(chunk)
        advance(job, done=done, message="正在写名单")


def _about(by: User, place: Place, filters: PeopleFilters, year: int) -> Iterator[tuple[str, Any]]:
    yield "表格", "人员名单"
    yield "范围", f"{place}（{place.pk}）"
    yield "筛选", "；".join(figure_label(text) for text in filters.figures) or "全部"
    yield (
        "口径",
        f"现在在册户中 {year} 年 {COUNT_DAY}在户的人；年龄算到这一天；健康、劳动、务工、在校情况本年有登记的用本年的",
    )
    yield "证件号码", "已遮盖"
    yield "导出人", f"{by.name}（{by.username}）"
    yield "导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    yield HEADER_LABEL, "1"


KINDS = (JobKind(EXPORT, run=export, own=True),)
