"""Forms about one household of a list: the survey with everything it asks, the confirmed income test; and the form of a
village that leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from households.eligibility.criteria import BY_CODE
from households.eligibility.criterion import FAIL, MISSING, PASS, RESULT_WORDS
from households.leads.income.shown import ShownTest, shown_test
from households.models import AnnualRecord, Assessment, Batch, Household, IncomeTest, Member, MemberYear, Survey
from households.models.annual import APART_FIELDS, EXPENSE_FIELDS, INCOME_FIELDS, OF_WHICH_FIELDS, TRANSFER_FIELDS
from households.models.template import Level, StepKind
from households.procedures.engine import clock, village_exit
from households.procedures.papers.blocks import Block, Box, Facts, Grid, Sheet, Stamp, Text
from households.procedures.papers.declared import Line, day_text, facts_of, office_of, opinions_of
from povreg.kit.fields import CodeField
from povreg.kit.pages.columns import yuan_text
from villages.codes.selectors import label

HOUSING = ("house_grade", "house_security", "house_area_m2", "house_structure", "house_built_year")
LIVING = (
    "food", "clothing", "water_safe", "power_living", "broadcast", "has_toilet", "entry_road", "main_fuel",
)  # fmt: skip
ASSETS = (
    "arable_mu",
    "irrigated_mu",
    "forest_mu",
    "grain_to_green_mu",
    "orchard_mu",
    "pasture_mu",
    "water_mu",
    "in_coop",
)
WIDTHS = (11, 9, 9, 12, 13, 13, 11, 11, 11)


def survey_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """入户核查表: people, income, spending, housing, living, assets, what the rules say, what was found on the spot."""
    ids = [line.household_id for line in lines]
    surveys = Survey.objects.filter(household__in=ids, kind=batch.kind, year=batch.year).prefetch_related("surveyors")
    known = {row.household_id: row for row in surveys.order_by("pk")}
    verdicts = {row.household_id: row for row in Assessment.objects.filter(household__in=ids, year=batch.year)}
    records = {row.household_id: row for row in AnnualRecord.objects.filter(household__in=ids, year=batch.year)}
    people = people_of(ids, batch.year)
    return [
        Sheet(
            "入户核查表",
            f"{batch.year}年{batch.get_kind_display()}",
            [
                facts_of(batch, line),
                people.get(line.household_id) or _people([]),
                *record_blocks(records.get(line.household_id)),
                *_found(known.get(line.household_id), verdicts.get(line.household_id)),
            ],
        )
        for line in lines
    ]


def people_of(households: Sequence[int], year: int) -> dict[int, Grid]:
    """Household id to the table of its people, with what was recorded of them for the year."""
    years = {row.member_id: row for row in MemberYear.objects.filter(household__in=households, year=year)}
    found: dict[int, list[tuple[str, ...]]] = {}
    for each in Member.objects.present().filter(household__in=households).order_by("household_id", "person_no"):
        found.setdefault(each.household_id, []).append(_person(each, years.get(each.pk)))
    return {pk: _people(rows) for pk, rows in found.items()}


def _people(rows: list[tuple[str, ...]]) -> Grid:
    heads = ("姓名", "关系", "出生年份", "健康状况", "劳动技能", "在校生状况", "医保", "务工（月）", "身份证号")
    return Grid(heads, rows or [("",) * len(heads)] * 4, WIDTHS, tall=not rows)


def _person(each: Member, year: MemberYear | None) -> tuple[str, ...]:
    insured = {True: "有", False: "无"}.get((year.ins_resident or year.ins_employee) if year else None, "")  # type: ignore[arg-type]
    return (
        each.name, label("relation", each.relation), f"{each.birth_date:%Y}" if each.birth_date else "",
        label("health", each.health), label("labour", each.labour),
        label("school_status", (year.school_status if year else "") or each.school_status),
        insured, "" if year is None or year.work_months is None else str(year.work_months), "",
    )  # fmt: skip


def record_blocks(record: AnnualRecord | None) -> list[Block]:
    """Income, spending, housing, living and assets as recorded; what was not is left to be written by hand."""
    return [
        Text("一、收入和支出（元，上年10月1日至本年9月30日）", "plain"),
        Facts(_said(record, (*INCOME_FIELDS, *TRANSFER_FIELDS, *OF_WHICH_FIELDS, *EXPENSE_FIELDS, *APART_FIELDS))),
        Text("二、住房和生活条件", "plain"),
        Facts(_said(record, (*HOUSING, *LIVING))),
        Text("三、土地和生产资料", "plain"),
        Facts((*_said(record, ASSETS), ("车辆、农机、大件", ""), ("存款、借出、欠债", ""))),
    ]


def _said(record: AnnualRecord | None, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    fields: dict[str, Any] = {field.name: field for field in AnnualRecord._meta.get_fields()}
    return tuple(
        (str(fields[name].verbose_name), _words(fields[name], getattr(record, name)) if record else "")
        for name in names
    )


def _words(field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(field, CodeField):
        return label(field.code_table, value)
    return yuan_text(value) if hasattr(value, "quantize") else str(value)


def _found(row: Survey | None, verdict: Assessment | None) -> list[Block]:
    checks = [(each.label, _result(code, verdict), "", "") for code, each in BY_CODE.items()]
    people = [(each.name, day_text(each.signed_on)) for each in row.surveyors.all()] if row else []
    signing = [(name, "", day) for name, day in people] or [("", "", "")] * 3
    return [
        Grid(("核查项目", "系统结论", "现场核实", "说明"), checks, (30, 18, 18, 34)),
        Box("调查结论", f"{row.get_finding_display()}。{row.note}" if row else "□ 符合条件　　□ 不符合条件", ()),
        Grid(("调查人", "签字", "日期"), signing, (30, 40, 30), tall=True),
        Box("农户意见", "以上内容已向本人宣读，情况属实。", ("户主签字（按手印）",)),
        Text(f"调查日期：{day_text(row.surveyed_on if row else None)}　　调查人不少于两人", "right"),
    ]


def _result(code: str, verdict: Assessment | None) -> str:
    if verdict is None or code in verdict.missing:
        return RESULT_WORDS[MISSING]
    return RESULT_WORDS[FAIL if code in verdict.failed else PASS]


def income_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """收入测算确认表: the latest income test of each household, to be read to it and signed."""
    homes = {row.pk: row for row in Household.objects.filter(pk__in=[line.household_id for line in lines])}
    about = Q(application__kind=batch.kind) | Q(lead__isnull=False)
    rows = IncomeTest.objects.filter(about, household__in=homes, asked_on__year__in=(batch.year - 1, batch.year))
    tests = {row.household_id: row for row in rows.order_by("pk")}
    return [_income(batch, line, homes[line.household_id], tests.get(line.household_id)) for line in lines]


def _income(batch: Batch, line: Line, home: Household, row: IncomeTest | None) -> Sheet:
    test = shown_test(row, home) if row else None
    period = f"{day_text(row.since)}至{day_text(row.until)}" if row else ""
    blocks: list[Block] = [
        facts_of(batch, line),
        Facts((("测算期", period), ("共同生活的人", test.people if test else ""))),
        Grid(("项目", "内容", "金额（元）", "是否计入"), _items(test), (20, 40, 22, 18), tall=test is None),
        Grid(("合计", "金额"), list(test.sums) if test else [("人均纯收入", "")], (60, 40)),
        Box("测算结论", f"{test.result}。{test.words}。" if test else "", ()),
        Box("农户确认", "以上收入、支出已逐项核对，内容属实。", ("户主签字（按手印）", "入户人员")),
    ]
    return Sheet("收入测算确认表", f"{batch.year}年{batch.get_kind_display()}", blocks)


def _items(test: ShownTest | None) -> list[tuple[str, ...]]:
    if test is None:
        return [("", "", "", "")] * 8
    return [
        (part, name, yuan_text(amount), "计入" if counts else "不计入")
        for part, rows in test.items
        for name, amount, counts in rows
    ]


def village_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """村退出表: every indicator with what is asked, computed, declared and confirmed, and the levels' opinions."""
    judged = village_exit.judge(batch)
    if not judged:
        return [Sheet("贫困村退出审核表", f"{batch.place}", [Text("这份名单不是村退出，没有村级指标。")])]
    rows = [
        (
            each.value.indicator.label, village_exit.asked_words(each), *village_exit.value_words(each),
            {True: "达标", False: "未达标", None: "没有数值"}[each.met],
        )
        for each in judged
    ]  # fmt: skip
    met = sum(each.met is True for each in judged)
    decided = batch.records.filter(step__kind=StepKind.FILING, round=batch.round).order_by("pk").last()
    day = decided.on if decided else None
    blocks: list[Block] = [
        Facts(
            (("村", str(batch.place)), ("年度", f"{batch.year}年"), ("指标", f"{len(rows)} 项"), ("达标", f"{met} 项"))
        ),
        Grid(("指标", "要求", "系统计算", "村填报", "审核认定", "结论"), rows, (30, 14, 14, 14, 14, 14)),
        *opinions_of(batch),
        Stamp(office_of(batch, Level.COUNTY, day or clock.today()), day_text(day)),
    ]
    return [Sheet("贫困村退出审核表", f"{batch.place}　{batch.year}年", blocks)]
