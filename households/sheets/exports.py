"""Exporting: one row a person (or the two sheets of the annual workbook), streamed from a server-side cursor.

Numbers of papers, phones and bank cards are masked unless somebody with the right asks for them with a reason, which is
logged before the first row is written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, Value, When, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from households.models import AnnualRecord, Assessment, Episode, Household, Member, MemberYear, Review, UnmaskLog
from households.models.codes import HEAD
from households.models.member import head_name
from households.models.standing import MONITORING
from households.sheets.imports import Report, silent
from households.sheets.layouts import MONITORED, RESIDENTS, REVIEWS, RISK_CLEARED, is_yearly
from households.sheets.layouts.monitoring import GUARANTEES, RISKS
from povreg.kit.history import act
from povreg.kit.masking import mask_bank, mask_id, mask_phone
from povreg.kit.scopes import ABOVE_VILLAGES, within
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.digest import BookDigest
from povreg.kit.sheets.kinds import Choice
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.writer import HEADER_LABEL, SheetOut, write_workbook
from villages.models import Place

CHUNK = 5000
BLANK_SCHOOL = ("roster-2022", "roster-2023")
MASKS: dict[str, Callable[[str], str]] = {
    "row.id_no": mask_id,
    "household.phone": mask_phone,
    "member.phone": mask_phone,
    "household.bank_account": mask_bank,
}
Write = Callable[[Any], Any]


@dataclass(frozen=True)
class Export:
    """What is asked for: layout, place, year (annual only), masked or not, for whom (None: the system's command).

    ``households`` are the ids of exactly those to export (chosen on the list), ``narrowed`` says how they were chosen.
    """

    layout: Layout
    place: Place
    year: int | None = None
    unmasked: bool = False
    reason: str = ""
    by: Any = None
    households: tuple[int, ...] | None = None
    narrowed: str = ""

    @property
    def leaving(self) -> Leaving:
        """What is recorded of the workbook."""
        code, label = self.layout.code, self.layout.label
        return Leaving(f"layout:{code}", label, self.by, self.place.code, self.unmasked, self.reason)


def export_sheet(export: Export, path: Path, progress: Report = silent) -> BookDigest:
    """Write the workbook and return its digest; an unmasked one is logged first.

    Raises ValidationError without a year (annual) or without a reason (unmasked).
    """
    if is_yearly(export.layout) and not export.year:
        raise ValidationError("导出年度记录要选年度。")
    if export.unmasked and not export.reason.strip():
        raise ValidationError("导出完整证件号码要写明理由。")
    sources = [_source(export, spec) for spec in export.layout.sheets]
    if export.unmasked:
        log_unmasked(export, sum(source.queryset.count() for source in sources))
    names = PlaceNames(export.place.code)
    sheets = [
        SheetOut(
            source.spec.name, source.spec.listed, source.rows(export, names, progress), _title(export, source.spec)
        )
        for source in sources
    ]
    return write_workbook(path, sheets, _about(export), export.leaving)


def _title(export: Export, spec: SheetSpec) -> str:
    """The row above the header, where the layout has one: it says whether the numbers are whole."""
    return f"{spec.title}（{export.leaving.mark}）" if spec.title else ""


def log_unmasked(export: Export, rows: int) -> None:
    """Who took full numbers of which place out, how many rows, why (policy.md 11.7)."""
    with act(by=export.by, verb="export_unmasked", reason=export.reason):
        UnmaskLog.objects.create(
            by=export.by,
            place=export.place,
            what=f"导出{export.layout.label}",
            rows=rows,
            reason=export.reason.strip()[:200],
        )


def _about(export: Export) -> Iterator[tuple[str, Any]]:
    yield "表格", export.layout.label
    yield "范围", f"{PlaceNames(export.place.code).full(export.place)}（{export.place.code}）"
    yield "筛选", export.narrowed or _usual(export)
    yield "证件和电话", f"完整（理由：{export.reason.strip()}）" if export.unmasked else "已遮盖"
    yield "导出人", f"{export.by.name}（{export.by.username}）" if export.by else "系统命令"
    yield "导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    yield HEADER_LABEL, "2" if any(spec.title for spec in export.layout.sheets) else "1"


def _usual(export: Export) -> str:
    if is_yearly(export.layout):
        return f"{export.year}年有记录的在册户"
    return _USUAL.get(export.layout.code, "在册户的现有成员")


_USUAL = {
    RESIDENTS.code: "全部农户的现有成员",
    MONITORED.code: "监测对象（含风险已消除）的现有成员",
    RISK_CLEARED.code: "风险已消除的监测对象",
}


class PlaceNames:
    """Names of the places under (and above) a place, by code."""

    def __init__(self, code: str) -> None:
        rows = Place.objects.under(code).filter(level__gte=Place.Level.COUNTY, level__lte=Place.Level.VILLAGE)
        above = Place.objects.filter(code__in=[code[:length] for length in ABOVE_VILLAGES])
        self._names = {place.code: str(place) for place in (*above, *rows)}

    def at(self, code: str, length: int) -> str:
        return self._names.get(code[:length], "")

    def full(self, place: Place) -> str:
        return "".join(self.at(place.code, length) for length in ABOVE_VILLAGES if length < len(place.code)) + str(
            place
        )


PLACE_LENGTHS = {"place.province": 2, "place.prefecture": 4, "place.county": 6, "row.township": 9, "row.village": 12,
                 "place.township": 9, "place.village": 12}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where the rows of a sheet come from: a queryset, and the lookup of every field path."""

    spec: SheetSpec
    queryset: QuerySet
    prefixes: dict[str, str]
    special: dict[str, str]

    def lookup(self, column: Column) -> str | None:
        if column.field in self.special:
            return self.special[column.field]
        model, name = column.field.split(".")
        return f"{self.prefixes[model]}{name}" if model in self.prefixes else None

    def rows(self, export: Export, names: PlaceNames, progress: Report) -> Iterator[list[Any]]:
        """Cells of every row, in the order of the layout's columns."""
        lookups = [self.lookup(column) for column in self.spec.listed]
        wanted = list(dict.fromkeys(["village_id", *filter(None, lookups)]))
        writers = [_writer(column, export, names) for column in self.spec.listed]
        at = [wanted.index(lookup or "village_id") for lookup in lookups]
        counted = [place for place, column in enumerate(self.spec.listed) if column.field == "place.sequence"]
        skip_school = self._school(export, wanted)
        in_order = itemgetter(*at)
        for number, row in enumerate(self.queryset.values_list(*wanted).iterator(chunk_size=CHUNK), 1):
            cells = [write(value) for write, value in zip(writers, in_order(row), strict=True)]
            for place in counted:
                cells[place] = number
            if skip_school and row[skip_school[0]] == "01" and row[skip_school[1]]:
                cells[skip_school[2]] = None
            if number % CHUNK == 0:
                progress(number, f"正在写“{self.spec.name}”")
            yield cells

    def _school(self, export: Export, wanted: list[str]) -> tuple[int, int, int] | None:
        """The 2022 layout leaves 在校生状况 blank for who is not at school (contract.md section 2)."""
        if export.layout.code not in BLANK_SCHOOL:
            return None
        fields = [column.field for column in self.spec.listed]
        return wanted.index("school_status"), wanted.index("education"), fields.index("member.school_status")


class Labels(dict[str, str]):
    """Labels by code; a code without a label stands for itself, an empty one is a blank cell."""

    def __missing__(self, code: str) -> str | None:
        return code or None


def _writer(column: Column, export: Export, names: PlaceNames) -> Write:
    if column.field in PLACE_LENGTHS:
        length = PLACE_LENGTHS[column.field]
        return lambda code: names.at(code, length)
    if column.field in MASKS and not export.unmasked:
        mask = MASKS[column.field]
        return lambda text: mask(text) if text else None
    if column.field.startswith("row.risk"):
        return _nth(int(column.field[-1]), Labels(column.kind.labels()))  # type: ignore[attr-defined]
    if column.field.startswith("row.after_"):
        return _then(column)
    if isinstance(column.kind, Choice):
        return Labels(column.kind.labels()).__getitem__
    return column.kind.write


def _nth(number: int, labels: Labels) -> Write:
    """The risk in one slot of the ordered list."""
    return lambda risks: labels[risks[number - 1]] if len(risks or ()) >= number else None


def _then(column: Column) -> Write:
    """One of the fields of a removal, out of the episode's snapshot."""
    name = column.field.removeprefix("row.after_")
    if name in GUARANTEES:
        answers = {"fail": "是", "pass": "否"}
        return lambda then: answers.get((then or {}).get(name, ""))
    return lambda then: Decimal(amount) if (amount := (then or {}).get(name)) else None


def _source(export: Export, spec: SheetSpec) -> Source:
    if export.layout is RISK_CLEARED:
        return _cleared(export, spec)
    if not is_yearly(export.layout):
        return _people(export, spec)
    if export.layout is REVIEWS:
        return _yearly(export, spec, Review.objects.all(), "review")
    return _member_years(export, spec) if spec.has("row.person_no") else _annual_records(export, spec)


def _seen(queryset: Any, export: Export) -> Any:
    """Inside the place, and inside what the person may see; the command sees everything. Registered households (of a
    list of residents all), or exactly those that were chosen."""
    rows = queryset if export.by is None else queryset.visible_to(export.by)
    rows = rows.filter(within("village_id", export.place.code))
    if export.households is None:
        rows = rows.filter(household__removed_on__isnull=True)
        return rows if export.layout is RESIDENTS else rows.filter(household__in_register=True)
    return rows.filter(household__in=RawSQL("SELECT unnest(%s::bigint[])", [list(export.households)]))


def _head_first(relation: str) -> Case:
    return Case(When(**{relation: HEAD}, then=Value(0)), default=Value(1))


def _people(export: Export, spec: SheetSpec) -> Source:
    rows = _seen(Member.objects.present(), export)
    if export.layout is MONITORED:
        rows = rows.exclude(household__monitor_type="")
    rows = rows.annotate(people=Window(Count("pk"), partition_by="household_id"))
    ordered = rows.order_by("village_id", "household__household_no", _head_first("relation"), "person_no")
    special = {
        "row.household_no": "household__household_no",
        "row.person_no": "person_no",
        "row.id_no": "id_no",
        "row.size": "people",
        "row.sex": "sex",
        "row.family_no": "household__household_no",
        "place.head": "head",
        **{column.field: "household__risks" for column in RISKS},
    }
    if spec.has("place.head"):
        ordered = ordered.annotate(head=head_name("household_id"))
    if spec.has("household.declared_income"):
        ordered = ordered.annotate(income=Coalesce("household__declared_income", income_recorded("household_id")))
        special["household.declared_income"] = "income"
    return Source(spec, ordered, {"household": "household__", "member": ""}, special)


def income_recorded(household: str) -> Subquery:
    """The net income a head of the latest year that has one: what a roster says where nothing was declared."""
    judged = Assessment.objects.filter(household=OuterRef(household), per_head__isnull=False)
    return Subquery(judged.order_by("-year").values("per_head")[:1])


def _cleared(export: Export, spec: SheetSpec) -> Source:
    """Households whose risk is removed today, with the snapshot of their latest episode."""
    rows = Household.objects.registered().filter(within("village_id", export.place.code), risk_cleared=True)
    rows = rows if export.by is None else rows.visible_to(export.by)
    if export.households is not None:
        rows = rows.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(export.households)]))
    episodes = Episode.objects.filter(spell__household=OuterRef("pk"), spell__axis=MONITORING)
    latest = episodes.order_by(F("spell__since").desc(nulls_last=True), "-spell").values("snapshot")[:1]
    special = {
        "row.household_no": "household_no",
        "place.head": "head",
        **{column.field: "then" for column in spec.columns if column.field.startswith("row.after_")},
    }
    ordered = rows.annotate(head=head_name(), then=Subquery(latest)).order_by("village_id", "household_no")
    return Source(spec, ordered, {"household": ""}, special)


def _annual_records(export: Export, spec: SheetSpec) -> Source:
    return _yearly(export, spec, AnnualRecord.objects.all(), "annual")


def _yearly(export: Export, spec: SheetSpec, records: Any, name: str) -> Source:
    """One row a household: what was recorded of it for the year."""
    rows = _seen(records, export).filter(year=export.year)
    ordered = rows.annotate(head=head_name("household_id")).order_by("village_id", "household__household_no")
    special = {"row.year": "year", "row.household_no": "household__household_no", "place.head": "head"}
    return Source(spec, ordered, {name: ""}, special)


def _member_years(export: Export, spec: SheetSpec) -> Source:
    rows = _seen(MemberYear.objects.all(), export).filter(year=export.year)
    ordered = rows.order_by(
        "village_id", "household__household_no", _head_first("member__relation"), "member__person_no"
    )
    special = {
        "row.year": "year",
        "row.household_no": "household__household_no",
        "row.person_no": "member__person_no",
        "place.name": "member__name",
    }
    return Source(spec, ordered, {"year": ""}, special)
