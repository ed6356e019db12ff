"""The datasets: whatever the register keeps, each of them the rows of one table that the person may see.

A dataset's columns are its table's fields, so that what is added to a table can be taken away at once. Sealed numbers
are masked unless somebody with the right asks for them with a reason; beside a mask no day of birth stands. Higher
apps add theirs with :func:`declare_datasets`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models as db
from django.db.models import QuerySet

from assistance.models import Pairing
from audits.models import AuditRound, Finding, InspectionVisit
from households.models import (
    AnnualRecord,
    Application,
    Assessment,
    Attachment,
    Batch,
    BatchEntry,
    Episode,
    Flip,
    Household,
    IncomeTest,
    LateFact,
    Lead,
    Member,
    MemberYear,
    Notice,
    NoticeEntry,
    Objection,
    Presence,
    RegisterEvent,
    Review,
    SheetImport,
    Spell,
    StepRecord,
    UnmaskLog,
    YearClosing,
)
from povreg.jobs.models import Job
from povreg.kit.fields import LookupHashField, SecretField
from povreg.kit.registry import Registry
from povreg.kit.scopes import within, within_any
from povreg.proof.models import ExportRecord
from villages.models import Place, Posting, User
from villages.rights import Right
from villages.rights.scope import Scope

HOUSE, PROCEDURE, WATCH, HELP, HISTORY = "农户", "程序", "监督", "帮扶", "变更历史"
SECRET = ("password", "token", "row_key", "result_file", "file", "rejects", "photo")
GROUPS = (HOUSE, PROCEDURE, HELP, WATCH, HISTORY)
Rows = Callable[[User], QuerySet]


@dataclass(frozen=True)
class Dataset:
    """Rows of one table. ``place`` is the lookup of the code that tells where a row lies; ``year`` the field of
    the year it is of, if any; ``rows`` answers which rows a person may see at all."""

    code: str
    label: str
    group: str
    model: type[db.Model]
    place: str
    right: Right
    rows: Rows
    year: str = ""

    def columns(self) -> dict[str, db.Field]:
        """The fields that may leave, by name."""
        return _columns(self.model)

    def found(self, user: User | None, place: str, year: int | None) -> QuerySet:
        """The rows of a place (and year) that the person may see; the operator's command sees all."""
        rows = self.rows(user) if user is not None else self.model._default_manager.all()
        rows = rows.filter(within(self.place, place)) if place and self.place else rows
        if year and self.year:
            rows = rows.filter(**{self.year: year})
        return rows.order_by("pk")


@cache
def _columns(model: type[db.Model]) -> dict[str, db.Field]:
    return {field.name: field for field in model._meta.concrete_fields if may_leave(field)}


def may_leave(field: db.Field) -> bool:
    """Not what only programs read: hashes, keys, places of files, passwords."""
    hidden = isinstance(field, LookupHashField | SecretField | db.FileField | db.BinaryField) or field.name.endswith(
        "_hash"
    )
    return not hidden and field.name not in SECRET and "token" not in field.name


DATASETS: Registry[Dataset] = Registry("dataset")


def declare_datasets(*found: Dataset) -> None:
    for each in found:
        DATASETS.add(each.code, each)


def scoped(code: str, label: str, group: str, model: Any, year: str = "") -> Dataset:
    """A dataset of a table that says itself who sees its rows."""
    scope: Scope = model.scope
    return Dataset(code, label, group, model, scope.place, scope.right, model.objects.visible_to, year)


def placed(code: str, label: str, group: str, model: Any, place: str, right: Right) -> Dataset:
    """A dataset of a table that only holds the code of a place."""

    def rows(user: User) -> QuerySet:
        return model._default_manager.filter(within_any(place, user.places_with(right))).exclude(**{place: ""})

    return Dataset(code, label, group, model, place, right, rows)


@cache
def declared() -> tuple[Dataset, ...]:
    """Those of the register and its procedures."""
    return tuple(_declared())


def _declared() -> Iterator[Dataset]:
    yield scoped("households", "农户", HOUSE, Household)
    yield scoped("members", "家庭成员", HOUSE, Member)
    yield scoped("presences", "在户经历", HOUSE, Presence)
    yield scoped("annual", "年度记录（户）", HOUSE, AnnualRecord, "year")
    yield scoped("member-years", "年度记录（人）", HOUSE, MemberYear, "year")
    yield scoped("assessments", "评定结果和依据", HOUSE, Assessment, "year")
    yield scoped("flips", "结论变化", HOUSE, Flip, "year")
    yield scoped("spells", "身份经历", HOUSE, Spell)
    yield scoped("episodes", "监测经历", HOUSE, Episode)
    yield scoped("events", "人员和户变动", HOUSE, RegisterEvent)
    yield scoped("attachments", "附件", HOUSE, Attachment)
    yield scoped("income-tests", "收入测算", HOUSE, IncomeTest)
    yield scoped("leads", "线索", HOUSE, Lead)
    yield scoped("reviews", "集中排查", HOUSE, Review, "year")
    yield scoped("batches", "名单", PROCEDURE, Batch, "year")
    yield scoped("batch-entries", "名单中的户", PROCEDURE, BatchEntry)
    yield scoped("steps", "程序记录（会议、票数）", PROCEDURE, StepRecord)
    yield scoped("notices", "公示公告", PROCEDURE, Notice)
    yield scoped("notice-entries", "公示的户", PROCEDURE, NoticeEntry)
    yield scoped("objections", "异议", PROCEDURE, Objection)
    yield scoped("applications", "申请", PROCEDURE, Application)
    yield scoped("pairings", "结对", HELP, Pairing)
    closings = YearClosing.objects.visible_to
    yield Dataset("closings", "年度封存", WATCH, YearClosing, "county_id", Right.STANDARD_VIEW, closings, "year")
    yield scoped("late-facts", "封存后更正", WATCH, LateFact, "year")
    yield scoped("findings", "整改", WATCH, Finding, "year")
    yield scoped("rounds", "核查轮次", WATCH, AuditRound)
    yield scoped("inspections", "督查走访", WATCH, InspectionVisit)
    yield Dataset("imports", "导入（含退回数）", WATCH, SheetImport, "county_id", Right.HISTORY_VIEW, imports_of)
    yield scoped("unmasked", "完整号码查看记录", WATCH, UnmaskLog)
    yield placed("jobs", "任务", WATCH, Job, "place_code", Right.JOB_VIEW_ALL)
    yield placed("exports", "导出记录", WATCH, ExportRecord, "place_code", Right.TRAIL_VIEW)
    yield placed("accounts", "账号", WATCH, User, "place_id", Right.ACCOUNT_VIEW)
    yield placed("postings", "任职", WATCH, Posting, "place_id", Right.ACCOUNT_VIEW)
    yield placed("places", "区划", WATCH, Place, "code", Right.STANDARD_VIEW)


def others() -> Iterator[Dataset]:
    """Every other table that says itself who sees its rows: what an app adds can be taken away at once."""
    known = {each.model: each for each in DATASETS}
    labels = {each.label for each in DATASETS}
    groups = {"assistance": HELP, "audits": WATCH, "households": HOUSE}
    for model in apps.get_models():
        if model in known or not isinstance(getattr(model, "scope", None), Scope):
            continue
        label = str(model._meta.verbose_name)
        label = f"{label}（{model._meta.model_name}）" if label in labels else label
        labels.add(label)
        year = "year" if any(field.name == "year" for field in model._meta.concrete_fields) else ""
        group = groups.get(model._meta.app_label, WATCH)
        yield scoped(model._meta.label_lower.replace(".", "-"), label, group, model, year)


def imports_of(user: User) -> QuerySet:
    """Imports into the places where the person sees the history, whoever uploaded."""
    return SheetImport.objects.filter(within_any("county_id", user.places_with(Right.HISTORY_VIEW)))


def open_to(user: User) -> list[Dataset]:
    """The datasets of which the person may see rows, in their order."""
    found = [each for each in DATASETS if user.can(each.right)]
    return sorted(found, key=lambda each: GROUPS.index(each.group))
