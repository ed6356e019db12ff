"""Writing a chosen set of households as a workbook: the list as it is shown, or an offices' layout of exactly them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from households.find.columns import HEAD, Column, prepare
from households.find.listing import decorate
from households.models import AnnualRecord, Household, Member
from households.selection.chosen import any_of
from households.selection.services import common_place
from households.sheets.exports import Export, PlaceNames, export_sheet
from households.sheets.imports import Report
from households.sheets.layouts import ANNUAL, LAYOUTS
from povreg.jobs.services import JobError
from povreg.kit.sheets.digest import BookDigest
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.writer import HEADER_LABEL, SheetOut, write_workbook
from villages.models import Place, User

CHUNK = 500


@dataclass(frozen=True)
class Written:
    """What went into the workbook: its digest, how many of the households, and why it is not all of them."""

    digest: BookDigest
    households: int
    note: str = ""


def write_list(by: User, ids: Sequence[int], columns: Sequence[Column], year: int, about: dict[str, str], path: Path,
               progress: Report) -> Written:  # fmt: skip
    """The list with its columns, in its order."""
    shown = (HEAD, *columns)
    rows = _listed(ids, shown, year, progress)
    sheet = SheetOut("农户", [column.sheet for column in shown], rows)
    lines = {"表格": "农户名单", **about, "证件和电话": "已遮盖", HEADER_LABEL: "1"}
    leaving = Leaving("households", "农户名单", by, _place_of(ids).pk, unmasked=False)
    digest = write_workbook(path, [sheet], lines.items(), leaving)
    return Written(digest, digest.rows)


def _listed(ids: Sequence[int], columns: Sequence[Column], year: int, progress: Report) -> Iterator[list[Any]]:
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        found = Household.objects.filter(pk__in=part).select_related("village__parent").defer("bank_account")
        rows = {row.pk: row for row in decorate(found, year)}
        prepare(list(rows.values()), columns)
        for row in (rows[pk] for pk in part if pk in rows):
            yield [column.sheet.kind.write(column.value(row)) for column in columns]
        progress(start + len(part), "正在写名单")


def write_layout(
    by: User | None,
    ids: Sequence[int],
    kind: str,
    year: int,
    words: str,
    reason: str | None,
    path: Path,
    progress: Report,
) -> Written:
    """A layout of exactly these households; full numbers with a ``reason``, masked ones without (None)."""
    layout = LAYOUTS[kind]
    place = _place_of(ids)
    export = Export(
        layout, place, year if layout is ANNUAL else None, reason is not None, reason or "", by, tuple(ids), words
    )
    digest = export_sheet(export, path, progress)
    there = _inside(layout is ANNUAL, ids, year)
    lacking = len(ids) - there
    why = f"没有 {year} 年记录" if layout is ANNUAL else "没有现有成员"
    return Written(digest, there, f"{lacking} 户{why}，不在表内" if lacking else "")


def _inside(annual: bool, ids: Sequence[int], year: int) -> int:
    rows: Any = AnnualRecord.objects.filter(year=year) if annual else Member.objects.present()
    return int(rows.filter(household__in=any_of(ids)).order_by().values("household_id").distinct().count())


def _place_of(ids: Sequence[int]) -> Place:
    """The lowest place that holds all the households."""
    rows = Household.objects.filter(pk__in=any_of(ids)).order_by()
    place = Place.objects.filter(pk=common_place(list(rows.values_list("village_id", flat=True).distinct()))).first()
    if place is None:
        raise JobError("所选农户分属几个省，请按省筛选后分别导出。")
    return place


def about(by: User, ids: Sequence[int], year: int, words: str) -> dict[str, str]:
    """What the sheet 说明 of a list says."""
    place = _place_of(ids)
    return {
        "范围": f"{PlaceNames(place.code).full(place)}（{place.code}）",
        "筛选": words,
        "年度": f"{year}年（人均纯收入、结论等按此年度）",
        "导出人": f"{by.name}（{by.username}）",
        "导出时间": f"{timezone.localtime():%Y-%m-%d %H:%M:%S}",
    }
