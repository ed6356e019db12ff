"""The sheet of yearly files, one row a village: one list of columns for template, export and import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from povreg.kit.fields import YuanField
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.kinds import Kind, Number, Text, Whole, YesNo, Yuan
from villages.models import Place, VillageYear
from villages.yearbook.parts import FACTS, MOST_COUNTED, field_of


@dataclass(frozen=True)
class Measure(Yuan):
    """An area or a distance with two decimals."""

    help = "数字，最多两位小数"


def kind_of(field: models.Field) -> Kind:
    """How a fact is read and written."""
    if isinstance(field, models.BooleanField):
        return YesNo()
    if isinstance(field, models.CharField):
        return Text(field.max_length or 60)
    if isinstance(field, YuanField):
        return Yuan()
    return Measure() if isinstance(field, models.DecimalField) else Whole(0, MOST_COUNTED)


YEAR = Column("年度", "year", Whole(2013, 2100), must_exist=True, must_fill=True, width=8)
CODE = Column("行政村代码", "code", Number(12), also=("村代码",), width=16)
TOWNSHIP = Column("乡镇", "township", Text(40), also=("乡(镇)", "乡镇名称"))
VILLAGE = Column("行政村", "village", Text(40), also=("村", "村名", "行政村名称"), must_exist=True)
FACT_COLUMNS = tuple(Column(str(field_of(name).verbose_name), name, kind_of(field_of(name))) for name in FACTS)
SPEC = SheetSpec("村", "个村", (YEAR, CODE, TOWNSHIP, VILLAGE, *FACT_COLUMNS))
LAYOUT = Layout("village-year", "村情台账", (SPEC,), "一行一个村、一个年度。空白的格表示不修改。")


def cells_of(village: Place, year: int, row: VillageYear | None) -> list[Any]:
    """The row of a village; without a file its facts are blank, to be filled in."""
    named = [year, village.code, str(village.parent or ""), str(village)]
    return named + [column.kind.write(getattr(row, column.field)) if row else None for column in FACT_COLUMNS]


def rows_of(villages: Iterable[Place], year: int, files: Mapping[str, VillageYear]) -> Iterator[list[Any]]:
    for village in villages:
        yield cells_of(village, year, files.get(village.code))


@dataclass(frozen=True)
class Reject:
    """A row that was not taken over: where, the reject code (contract.md 3), and what to do."""

    row: int
    column: str
    code: str
    message: str
