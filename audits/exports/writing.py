"""Writing datasets: as sheets of one workbook, as csv or Parquet files; every file is recorded and signed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models as db
from django.utils import timezone

from audits.exports.declared import Dataset
from households.history.versions import DAYS_OF_COMING, WHY_COMING
from households.models.codes import BORN
from povreg.kit.fields import CodeField, SealedTextField
from povreg.kit.masking import mask_id
from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.kinds import Day, Kind, Moment, Text, Whole, Yuan
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.writer import HEADER_LABEL, SheetOut, write_workbook
from povreg.kit.values import BIRTH, MASKS
from povreg.proof.tables import write_csv, write_parquet
from villages.codes.selectors import label
from villages.models import User

CHUNK = 2000
MOST_OF_A_SHEET = 1_000_000  # rows; a workbook holds 1,048,576
TEXT, NUMBER, AMOUNT = Text(32_000), Whole(-(2**62), 2**62), Yuan()
DAY, MOMENT = Day(), Moment()
NUMBERS = (db.IntegerField, db.AutoField)
Progress = Callable[[int, str], object]


@dataclass(frozen=True)
class Wanted:
    """What is asked for: datasets with the names of their columns, place, year, whether numbers are whole and why."""

    datasets: tuple[tuple[Dataset, tuple[str, ...]], ...]
    place: str
    year: int | None
    by: User | None
    unmasked: bool = False
    reason: str = ""
    names: str = ""

    def leaving(self, kind: str, title: str) -> Leaving:
        return Leaving(kind, title, self.by, self.place, self.unmasked, self.reason)


def write_book(wanted: Wanted, path: Path, progress: Progress) -> int:
    """All datasets as sheets of one workbook; returns how many rows. Raises OSError."""
    done = Count(progress)
    sheets = [sheet_of(wanted, dataset, names, done) for dataset, names in wanted.datasets]
    leaving = wanted.leaving("datasets", "、".join(dataset.label for dataset, _ in wanted.datasets)[:80])
    return write_workbook(path, sheets, about(wanted), leaving).rows


def write_files(wanted: Wanted, path: Path, form: str, progress: Progress) -> int:
    """Each dataset as a file of its own, in one archive; returns how many rows. Raises OSError."""
    done, rows = Count(progress), 0
    write = write_csv if form == "csv" else write_parquet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for dataset, names in wanted.datasets:
            leaving = wanted.leaving(f"dataset:{dataset.code}", dataset.label)
            part = path.with_name(f"{dataset.code}.{form}")
            rows += write(part, sheet_of(wanted, dataset, names, done), about(wanted), leaving)
            archive.write(part, leaving.file_name(dataset.label, suffix=form))
            part.unlink()
    return rows


class Count:
    """Rows written over all datasets."""

    def __init__(self, progress: Progress) -> None:
        self.rows, self.progress = 0, progress

    def one(self, name: str) -> None:
        self.rows += 1
        if self.rows % CHUNK == 0:
            self.progress(self.rows, f"正在写“{name}”")


def about(wanted: Wanted) -> Iterator[tuple[str, Any]]:
    """What the sheet 说明 says."""
    yield "数据集", "、".join(dataset.label for dataset, _ in wanted.datasets)
    yield "范围", f"{wanted.names}（{wanted.place or '全部'}）"
    yield "筛选", f"{wanted.year} 年" if wanted.year else "全部年度"
    yield "证件和电话", f"完整（理由：{wanted.reason.strip()}）" if wanted.unmasked else "已遮盖"
    yield "导出人", f"{wanted.by.name}（{wanted.by.username}）" if wanted.by else "系统命令"
    yield "导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    yield HEADER_LABEL, "1"


def sheet_of(wanted: Wanted, dataset: Dataset, names: Sequence[str], done: Count) -> SheetOut:
    fields = dataset.columns()
    chosen = [fields[name] for name in names if name in fields] or list(fields.values())
    columns = headed([(field, kind_of(field, wanted.unmasked)) for field in chosen])
    return SheetOut(dataset.label[:31], columns, rows_of(wanted, dataset, chosen, done))


OF_HISTORY = {
    "pgh_id": "版本号", "pgh_created_at": "改动时间", "pgh_label": "怎样", "pgh_obj": "行号", "pgh_context": "操作编号",
}  # fmt: skip
"""What the columns of a version are called."""


def headed(fields: Sequence[tuple[db.Field, Kind]]) -> list[Column]:
    """Columns with headers that are all different."""
    found: list[Column] = []
    for field, kind in fields:
        words = OF_HISTORY.get(field.name, str(field.verbose_name))
        header = f"{words}（{field.name}）" if words in {column.header for column in found} else words
        found.append(Column(header, field.name, kind, width=14.0))
    return found


def reasons_of(field: db.Field) -> tuple[str, ...]:
    """The columns that say whether a day is that of somebody's birth; none where it cannot be."""
    if field.name not in DAYS_OF_COMING:
        return ()
    known = {each.name for each in field.model._meta.concrete_fields}
    return tuple(name for name in WHY_COMING if name in known)


def kind_of(field: db.Field, unmasked: bool) -> Kind:
    if isinstance(field, db.DecimalField):
        return AMOUNT
    if isinstance(field, db.DateTimeField):
        return MOMENT
    if isinstance(field, db.DateField):
        return DAY if unmasked or not (field.name == BIRTH or reasons_of(field)) else TEXT
    plain = isinstance(field, NUMBERS) and not field.choices
    return NUMBER if plain and not field.is_relation else TEXT


def rows_of(wanted: Wanted, dataset: Dataset, fields: Sequence[db.Field], done: Count) -> Iterator[list[Any]]:
    """Cells of every row, streamed."""
    writers = [writer_of(field, wanted.unmasked) for field in fields]
    days = () if wanted.unmasked else tuple(at for at, field in enumerate(fields) if reasons_of(field))
    why = reasons_of(fields[days[0]]) if days else ()
    rows = dataset.found(wanted.by, wanted.place, wanted.year).values_list(*(field.attname for field in fields), *why)
    for *row, reasons in ((*row[: len(fields)], row[len(fields) :]) for row in rows.iterator(chunk_size=CHUNK)):
        done.one(dataset.label)
        born = days if BORN in reasons else ()
        yield [
            f"{value.year}年" if at in born and value else write(value)
            for at, (write, value) in enumerate(zip(writers, row, strict=True))
        ]


def writer_of(field: db.Field, unmasked: bool) -> Callable[[Any], Any]:
    """How a value of the field leaves."""
    if isinstance(field, SealedTextField):
        mask = MASKS.get(field.name, mask_id)
        return text_of if unmasked else lambda value: mask(value) if value else None
    if field.name == BIRTH and not unmasked:
        return lambda value: f"{value.year}年" if value else None
    if isinstance(field, CodeField):
        return lambda code: (label(field.code_table, code) or code) if code else None
    if field.choices:
        labels = dict(field.flatchoices)
        return lambda value: str(labels.get(value, value)) if value not in (None, "") else None
    if isinstance(field, ArrayField):
        inner = writer_of(field.base_field, unmasked)
        return lambda values: "、".join(str(inner(value)) for value in values) if values else None
    if isinstance(field, db.DecimalField):
        return lambda value: None if value is None else float(value)
    kind = kind_of(field, unmasked)
    return text_of if kind is TEXT else kind.write


def text_of(value: Any) -> str | None:
    """A value as text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
