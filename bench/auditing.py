"""Auditors' work at the size of a county: all rules over everybody, a department's list of half a million rows, a
roster verified."""

from __future__ import annotations

import random
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from django.core.files.base import File
from django.utils import timezone

from audits.checks.running import run_checks
from audits.comparisons import services
from audits.comparisons.matching import hits_of
from audits.models import ComparisonList, Doubt
from bench.measure import Figure, clocked, manage
from bench.pages import YEAR
from bench.province import COUNTY
from households.models import Household, Member
from povreg.jobs.services import run_here
from povreg.kit.idnumber import check_digit
from povreg.kit.reach import EVERYWHERE, reaching
from povreg.proof.verifying import verify
from villages.models import Place

LIST_ROWS = 500_000
KNOWN, UNNUMBERED = 0.05, 0.1
"""Shares of the list: people of the register, rows without a good number."""
MINUTE, HALF = 60, 30


def figures() -> list[Figure]:
    with reaching(EVERYWHERE), tempfile.TemporaryDirectory() as folder:
        return [*checks(), *comparison(Path(folder)), *verifying(Path(folder))]


def checks() -> list[Figure]:
    people = Member.objects.filter(household__in=Household.objects.registered(), left_on=None).count()
    first = clocked(lambda: run_checks(COUNTY, YEAR))
    again = clocked(lambda: run_checks(COUNTY, YEAR))
    detail = {"doubts": Doubt.objects.filter(year=YEAR).count()}
    return [
        Figure(f"all checks over {people:,} people, nothing found before", first, "s", MINUTE, detail=detail),
        Figure("all checks once more", again, "s", MINUTE),
    ]


def comparison(folder: Path) -> list[Figure]:
    """Uploaded as a workbook, read, kept sealed and compared."""
    path = folder / "vehicles.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("车辆")
    sheet.append(["姓名", "证件号码", "出生日期", "车牌", "车型", "登记日期"])
    for row in vehicles():
        sheet.append(row)
    book.save(path)
    today = timezone.localdate()
    with path.open("rb") as file:
        seconds = clocked(lambda: taken_in(File(file, name=path.name), today))
    row = ComparisonList.objects.latest("pk")
    detail = {"hits": hits_of(row), "counts": row.counts}
    return [Figure(f"a department's list of {LIST_ROWS:,} rows read and compared", seconds, "s", MINUTE, detail=detail)]


def taken_in(file: File, today: date) -> None:
    given: dict[str, Any] = {"source": "vehicle", "department": "车管", "as_of": today}
    keep = today + timedelta(days=30)
    job = services.upload_list(by=None, county=Place.objects.get(pk=COUNTY), keep_until=keep, file=file, **given)
    job.refresh_from_db()
    if job.status == job.Status.QUEUED:
        run_here(job)


def vehicles() -> Iterator[list[str]]:
    rng = random.Random(1)
    known = Member.objects.filter(left_on=None).order_by("pk").values_list("name", "id_no", "birth_date")
    known = iter(known[: int(LIST_ROWS * KNOWN)].iterator())
    for number in range(LIST_ROWS):
        draw = rng.random()
        person = next(known, None) if draw < KNOWN else None
        born = person[2] if person else date(1950, 1, 1) + timedelta(days=rng.randrange(20_000))
        first = f"500198{born or date(1970, 1, 1):%Y%m%d}{rng.randrange(1000):03}"
        id_no = person[1] if person else first + check_digit(first)
        blank = draw > 1 - UNNUMBERED
        name = person[0] if person else f"车主{number % 9000}"
        yield [name, "" if blank else id_no, f"{born:%Y-%m-%d}" if born else "", f"渝F{number:05}", "小型轿车", ""]


def verifying(folder: Path) -> list[Figure]:
    path = folder / "roster.xlsx"
    manage("export_sheet", "--layout", "roster-2022", "--place", COUNTY, "--unmasked", "--reason", "性能测量",
           "--out", str(path))  # fmt: skip
    again = packed_anew(path, folder / "again.xlsx")
    seen: list[Any] = []
    took = [clocked(lambda each=each: seen.append(verify(each))) for each in (path, again)]
    if not all(each.unaltered for each in seen):
        raise RuntimeError(f"the export does not prove itself: {[each.why for each in seen]}")
    name = f"verify a workbook of {seen[0].record.rows:,} rows"
    return [Figure(f"{name}, as it was written", took[0], "s", HALF), Figure(f"{name}, saved anew", took[1], "s", HALF)]


def packed_anew(path: Path, to: Path) -> Path:
    """The same cells in other bytes: every row is read and compared."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return to
