"""The whole file of one household on a list (一户一档): every paper that the product fills in, every scan, and a table
of contents (卷内目录) that says what is missing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import IO

from django.db.models import Q, QuerySet
from django.utils import timezone

from households.models import Application, Batch, BatchEntry, IncomeTest, Notice, Paper, Survey
from households.models.template import PaperKind, StepKind
from households.procedures.engine.printed import OF_HOUSEHOLD, PRINTED, STEP_OF, comes_about
from households.procedures.engine.procedure import procedure_of
from households.procedures.papers import declared, posted
from households.procedures.papers.blocks import Facts, Grid, Paper as Printed, Sheet, Text
from households.procedures.papers.declared import Line, day_text
from households.procedures.papers.docx import docx
from households.procedures.papers.forms import FILED, FORMS

IN_MEMORY = 8 * 2**20  # bytes; more goes to the disk
Address = Callable[[Notice], str]
"""Where the public reads a posted list: what the code on its paper holds."""


def uploaded_on(paper: Paper) -> date:
    return timezone.localtime(paper.at).date()


@dataclass(frozen=True)
class Item:
    """A line of the contents: ``state`` 有, 缺 or 未到; ``name`` of the file in the archive ("": there is none), a
    scan (``paper``), a posted list (``notice``) or a ``form``."""

    title: str
    day: str
    state: str
    name: str = ""
    paper: Paper | None = None
    notice: Notice | None = None
    form: str = ""


class HouseholdFile:
    """What belongs to the file of one entry, in order."""

    def __init__(self, batch: Batch, entry: BatchEntry) -> None:
        self.batch, self.entry = batch, entry
        self.steps = list(batch.template.steps.filter(enabled=True).order_by("position"))
        self.done = {record.step.kind for record in batch.records.select_related("step")}
        self.line: Line | None = next(iter(declared.lines_of(batch, entry.pk)), None)
        mine = Q(entry=None) | Q(entry=entry)
        scans = batch.papers.filter(mine, removed_at=None).select_related("step").order_by("step__position", "pk")
        self.scans = list(scans)
        self.items = [*self._forms(), *self._notices(), *self._scanned(), *self._lacking()]

    def _forms(self) -> Iterator[Item]:
        kinds = {step.kind for step in self.steps}
        for code in (*OF_HOUSEHOLD, *FILED):
            if comes_about(code, kinds) or (code == "survey" and self._state(code) == "有"):
                if code == "income" and not self._tested():
                    continue
                state = self._state(code)
                name = f"{PRINTED[code]}.docx" if state == "有" else ""
                yield Item(PRINTED[code], "", state, name, form=code)

    def _tested(self) -> bool:
        return procedure_of(self.batch.kind).authorised or self._income().exists()

    def _income(self) -> QuerySet[IncomeTest]:
        years = (self.batch.year - 1, self.batch.year)
        return IncomeTest.objects.filter(household=self.entry.household_id, asked_on__year__in=years)

    def _state(self, code: str) -> str:
        """Whether a paper can be filled in with what is recorded."""
        about = {"household": self.entry.household_id, "kind": self.batch.kind, "year": self.batch.year}
        if code in ("application", "authorisation"):
            there = Application.objects.filter(**about).exists()
        elif code == "survey":
            there = Survey.objects.filter(**about).exists()
        elif code == "income":
            there = self._income().exists()  # type: ignore[attr-defined]
        elif code == "consent":
            there = self.entry.consent is not None
        else:
            there = STEP_OF.get(code, StepKind.TOWNSHIP_REVIEW) in self.done
        if there:
            return "有"
        return "缺" if STEP_OF.get(code, StepKind.SURVEY) in self.done else "未到"

    def _notices(self) -> Iterator[Item]:
        rows = self.batch.notices.exclude(state=Notice.State.SUPERSEDED)
        for row in rows.select_related("step", "batch__place__parent__parent").order_by("pk"):
            title = f"{row.step.label}名单"
            yield Item(title, day_text(row.posted_on), "有", f"{title}.docx", notice=row)

    def _scanned(self) -> Iterator[Item]:
        """The scans; one whose file is gone is missing."""
        for paper in self.scans:
            title, day = f"{paper.step.label} {paper.get_kind_display()}", day_text(uploaded_on(paper))
            suffix = PurePath(paper.file.name or "").suffix
            if paper.file.storage.exists(paper.file.name or ""):
                yield Item(title, day, "有", f"{title}{suffix}", paper=paper)
            else:
                yield Item(title, day, "缺")

    def _lacking(self) -> Iterator[Item]:
        """Scans that the steps ask for and nobody has uploaded."""
        there = {(paper.step_id, paper.kind) for paper in self.scans}
        done = set(self.batch.records.values_list("step_id", flat=True))
        for step in self.steps:
            for kind in step.attachments:
                if (step.pk, kind) not in there:
                    yield Item(f"{step.label} {PaperKind(kind).label}", "", "缺" if step.pk in done else "未到")

    @property
    def missing(self) -> list[str]:
        """What should be there by now and is not."""
        return [item.title for item in self.items if item.state == "缺"]

    def contents(self, pages: Mapping[int, str] | None = None) -> Printed:
        """卷内目录; ``pages`` are the first pages of the items (by number) where all of it is bound."""
        line, at = self.line, pages or {}
        rows = [(str(n), item.title, item.day, item.state, at.get(n, "")) for n, item in enumerate(self.items, 1)]
        told = f"共 {sum(item.state == '有' for item in self.items)} 件；缺 {len(self.missing)} 件"
        facts = Facts(
            (
                ("户主", line.head if line else ""),
                ("户编号", self.entry.household.household_no),
                ("村", str(self.batch.place)),
                ("事项", f"{self.batch.year}年{self.batch.get_kind_display()}"),
            )
        )
        grid = Grid(("序号", "材料", "日期", "有无", "页次"), rows, (8, 44, 24, 10, 14))
        lacking = Text(f"缺：{'、'.join(self.missing)}。", "plain")
        text = Text(f"{told}。", "plain")
        sheet = Sheet("卷内目录", "一户一档", [facts, grid, text, *([lacking] if self.missing else [])])
        return Printed("卷内目录", f"contents-{self.entry.pk}", [sheet])

    def written(self, address: Address) -> IO[bytes]:
        """The archive: the contents first, then every paper in its order."""
        out: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("00-卷内目录.docx", docx(self.contents()))
            for number, item in enumerate(self.items, 1):
                if item.name:
                    archive.writestr(f"{number:02d}-{item.name}", self._content(item, address))
        out.seek(0)
        return out

    def _content(self, item: Item, address: Address) -> bytes:
        return scan_of(item.paper) if item.paper is not None else docx(self.printed(item, address))

    def printed(self, item: Item, address: Address) -> Printed:
        """A form or a posted list as it is printed."""
        if item.notice is not None:
            return posted.notice_paper(item.notice, address(item.notice))
        only = self.entry.pk if item.form in OF_HOUSEHOLD else None
        return declared.form_paper(self.batch, item.form, FORMS[item.form], only)


def scan_of(paper: Paper) -> bytes:
    """The file of a scan. Raises OSError for one that is gone."""
    with paper.file.storage.open(paper.file.name or "") as stored:
        return bytes(stored.read())
