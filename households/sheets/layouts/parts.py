"""Columns that several sheets have, and how columns are declared.

``field`` says where a cell goes: ``household.x`` and ``member.x`` are current facts, ``annual.x`` and ``year.x`` the
yearly record of the household and of the member, ``row.x`` is what the import needs to place the row, ``place.x`` is
written on export and not read. A roster never touches yearly records.
"""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from households.models import AnnualRecord, Household, Member, MemberYear, Review
from households.models.codes import HEALTHY
from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.kinds import (
    Account,
    Choice,
    Day,
    Identity,
    Kind,
    Month,
    Number,
    Phone,
    Several,
    Text,
    Whole,
    YesNo,
    Yuan,
)
from villages.codes import selectors as codes

MODELS = {"household": Household, "member": Member, "annual": AnnualRecord, "year": MemberYear, "review": Review}
YEARS = Whole(2013, 2100, suffix="年")
YES_NO = YesNo()
YUAN = Yuan()
EARNED = Yuan(least=Decimal(0))
"""Amounts that entry refuses below nought."""
FIRST_REGISTERS = date(2000, 1, 1)
"""No register of poor households is older: an earlier day is a slip."""
PAST_DAY = Day(FIRST_REGISTERS, past=True, today=timezone.localdate)
PAST_MONTH = Month(FIRST_REGISTERS, past=True, today=timezone.localdate)


def choice(table: str) -> Choice:
    """Cells that hold a label or a code of a code table."""
    return Choice(find=partial(codes.find, table), labels=partial(codes.labels, table))


def _field(path: str) -> Any:
    model, name = path.split(".")
    return MODELS[model]._meta.get_field(name)


def _length(path: str) -> int:
    return int(_field(path).max_length)


def text(header: str, field: str, *also: str, close: bool = False, **more: object) -> Column:
    return Column(header, field, Text(_length(field), close=close), also, **more)  # type: ignore[arg-type]


def coded(header: str, field: str, *also: str, **more: object) -> Column:
    return Column(header, field, choice(_field(field).code_table), also, **more)  # type: ignore[arg-type]


def yes_no(header: str, field: str, *also: str) -> Column:
    return Column(header, field, YES_NO, also, width=8)


def yuan(header: str, field: str, *also: str) -> Column:
    return Column(header, field, EARNED, also)


def must(header: str, field: str, kind: Kind, *also: str, **more: object) -> Column:
    """A column without which the sheet cannot be read, and a cell without which the row cannot."""
    return Column(header, field, kind, also, must_exist=True, must_fill=True, **more)  # type: ignore[arg-type]


HOUSEHOLD_NO = Number(24)
PERSON_NO = Number(28)
SEQUENCE = Column("序号", "place.sequence", Text(20), width=7, note="不导入")
COUNTY = Column(
    "县(市、区、旗)",
    "place.county",
    Text(80),
    ("县", "区县", "县区", "区(县)", "县(区)", "县(市、区)"),
    note="不导入，县由导入时选定",
)
TOWNSHIP = Column(
    "乡(镇)",
    "row.township",
    Text(80),
    ("乡镇", "镇(乡)", "乡镇街道", "镇", "乡镇(街道)", "乡(镇、街道)"),
    must_exist=True,
)
VILLAGE = must(
    "行政村", "row.village", Text(80), "村", "村(社区)", "行政村(社区)", "村名", note="带不带“村民委员会”等后缀都可以"
)
HOUSEHOLD = must("户编号", "row.household_no", HOUSEHOLD_NO, "户编码", width=22, note="同一户各行相同")
PERSON = Column("人编号", "row.person_no", PERSON_NO, ("人编码",), width=24, note="空白时自动编号")
NAME = must("姓名", "member.name", Text(_length("member.name"), close=True), "成员姓名", "家庭成员姓名")
ID_NO = must(
    "证件号码", "row.id_no", Identity(), "身份证号码", "身份证号", "证件号", "公民身份号码", "身份证", width=24,
    note="18 位；残疾人证 20 或 22 位；没有身份证的填护照或通行证号码，还没有证件的新生儿留空并填人编号",
)  # fmt: skip
SIZE = Column("人数", "row.size", Whole(0, 9999), ("家庭人口",), width=7, note="与本表实收人数不同会提示")
HEAD_NAME = Column("户主姓名", "place.head", Text(40), ("户主",), note="供核对，不导入", listed=False)
RELATION = must("与户主关系", "member.relation", choice("relation"), "与户主的关系", "户主关系", "家庭关系", "关系")
ETHNICITY = coded("民族", "member.ethnicity", width=9)
EDUCATION = coded("文化程度", "member.education")
SCHOOL = coded("在校生状况", "member.school_status", "在校生情况", note="空白而文化程度已填，表示非在校生")
HEALTHS = Several(choice("health"), HEALTHY)
HEALTH = Column("健康状况", "member.healths", HEALTHS, ("健康状态",), note="有几种的用逗号隔开")
LABOUR = coded("劳动技能", "member.labour", "劳动能力")
WORK_PLACE = coded("务工状况", "member.work_place", "务工情况", "务工地点")
WORK_MONTHS = Column(
    "务工时间（月）", "member.work_months", Whole(0, 12, suffix="个月"), ("务工时间", "务工月数"), width=9
)
INS_MAJOR = yes_no("是否参加大病保险", "member.ins_major", "参加大病医疗", "大病保险", "参加大病保险")
CAUSE = coded("致贫原因1", "household.main_cause", "致贫原因", "主要致贫原因")
DILAPIDATED = yes_no("危房户", "household.declared_dilapidated", "是否危房户", "是否危房")
WATER = yes_no("是否解决安全饮用水", "household.declared_water_safe", "解决安全饮用水", "饮水是否安全")
INCOME = yuan("人均纯收入", "household.declared_income", "人均纯收入元")
EXIT_STATUS = coded("脱贫属性", "household.exit_status", "脱贫标志")
ATTRIBUTE = coded("贫困户属性", "household.household_attr", "户属性")


def older(column: Column, header: str, *also: str) -> Column:
    """The same column under the header an older export had."""
    names = {column.header, *column.also, *also} - {header}
    return Column(
        header, column.field, column.kind, tuple(sorted(names)), column.must_exist, column.must_fill, column.note,
        column.width,
    )  # fmt: skip


def phone(header: str, field: str, *also: str) -> Column:
    return Column(header, field, Phone(), also, width=15)


def account(header: str, field: str, *also: str) -> Column:
    return Column(header, field, Account(), also, width=22)
