"""One form for every household of a village, in one job: one PDF, or a zip of several where there are very many."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.urls import reverse

from assistance.papers import services
from assistance.papers.declared import FORMS, Form, lacking, sheet_of
from assistance.papers.dossiers import Dossier, read
from households.models import Household
from households.procedures.papers.blocks import Paper
from households.procedures.papers.pdf import pdf
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind
from povreg.jobs.services import JobError, advance, attach_result, launch
from povreg.kit.sheets.leaving import Leaving
from povreg.proof.recording import record_file
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

KIND = "papers.village"
CHUNK = 50  # households read at once
BOOK = 100  # households in one PDF
NO_RIGHT = "发起人已没有打印这个村的表册的权限，没有执行。请由有权限的人重新发起。"


def launch_village(*, by: User, village: Place, form: Form, year: int, site: str) -> Job:
    """Have a form printed for all registered households of a village. ``site`` is the address that QR codes begin
    with. Raises PermissionDenied without EXPORT or the form's right there."""
    check_right(by, Right.EXPORT, village.pk)
    check_right(by, form.right, village.pk)
    params = {"form": form.code, "year": year, "site": site}
    title = f"{village}全村{form.label}（{year}年）"
    return launch(by=by, kind=KIND, title=title, place_code=village.pk, params=params)


def run(job: Job) -> dict[str, Any]:
    """Draw the PDFs and keep them as the job's result. Raises JobError when the owner may no longer print there."""
    form, year, by = FORMS[job.params["form"]], int(job.params["year"]), job.owner
    if by is None or not by.can(Right.EXPORT, job.place_code) or not by.can(form.right, job.place_code):
        raise JobError(NO_RIGHT)
    village = Place.objects.get(pk=job.place_code)
    rows = Household.objects.visible_to(by).registered().filter(village=village).order_by("household_no")
    ids = list(rows.values_list("pk", flat=True))
    advance(job, expected=len(ids))
    if form.code == "card":
        services.issue_cards(by=by, village=village.pk, households=ids)
    report: dict[str, Any] = {"expected": len(ids), "done": 0, "lacking": 0, "unfit": 0}
    with tempfile.TemporaryDirectory() as folder:
        books = list(_books(job, form, ids, year, Path(folder), report))
        if not books:
            raise JobError(f"{village}没有可以打印{form.label}的户。请核对年度和表册。")
        leaving = Leaving(f"paper:{form.code}", f"{village}{form.label}", by, village.pk, unmasked=False)
        path = books[0] if len(books) == 1 else _zipped(books, Path(folder))
        record_file(leaving, path)
        attach_result(job, path, leaving.file_name(village, form.label, year, suffix=path.suffix[1:]))
    return report


def _books(job: Job, form: Form, ids: Sequence[int], year: int, folder: Path, report: dict[str, Any]) -> Iterator[Path]:
    for start in range(0, len(ids), BOOK):
        sheets = []
        for first in range(start, min(start + BOOK, len(ids)), CHUNK):
            found = dossiers_of(ids[first : min(first + CHUNK, start + BOOK)], year, job.params["site"], form)
            sheets += [sheet_of(form, each) for each in found if form.fits(each)]
            report["unfit"] += sum(not form.fits(each) for each in found)
            report["lacking"] += sum(bool(form.fits(each) and lacking(form, each)) for each in found)
            report["done"] += len(found)
            advance(job, done=report["done"], message="正在排版")
        if sheets:
            path = folder / f"{start // BOOK + 1:03d}.pdf"
            path.write_bytes(pdf(Paper(form.label, form.code, sheets)))
            yield path


def dossiers_of(ids: Sequence[int], year: int, site: str, form: Form) -> list[Dossier]:
    """The dossiers; of a card with the address its code leads to."""
    found = read(ids, year)
    if form.code == "card":
        codes = services.card_codes(ids)
        for each in found:
            code = codes.get(each.household.pk)
            each.card_url = f"{site.rstrip('/')}{reverse('own-page', args=[code])}" if code else ""
    return found


def _zipped(books: Sequence[Path], folder: Path) -> Path:
    path = folder / "papers.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as held:
        for book in books:
            held.write(book, book.name)
    return path


def links(job: Job) -> list[tuple[str, str]]:
    return [("回到打印", f"{reverse('papers')}?place={job.place_code}")]


KINDS = (JobKind(KIND, run=run, own=True, links=links),)
