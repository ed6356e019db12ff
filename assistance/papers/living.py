"""Parts that say how a household lives: its people, what it has, what it earns, why it is poor."""

from __future__ import annotations

from assistance.papers.cells import born, cell, facts, label_of, yuan
from assistance.papers.dossiers import Dossier
from households.models import AnnualRecord, Household, Member
from households.models.annual import (
    APART_FIELDS,
    EXPENSE_FIELDS,
    INCOME_FIELDS,
    OF_WHICH_FIELDS,
    TRANSFER_FIELDS,
)
from households.models.standing import MONITORING
from households.procedures.papers.blocks import Block, Facts, Grid, Text
from households.register.worksheet import of_record
from households.standing.words import end_words, origin_words, since_words, until_words

LAND = (
    "arable_mu",
    "irrigated_mu",
    "forest_mu",
    "grain_to_green_mu",
    "orchard_mu",
    "pasture_mu",
    "water_mu",
    "in_coop",
    "power_production",
    "main_road_km",
    "entry_road",
    "house_area_m2",
    "house_structure",
    "house_built_year",
    "has_toilet",
    "main_fuel",
)
ITEMS = (*INCOME_FIELDS, *TRANSFER_FIELDS, *EXPENSE_FIELDS)
APART = (*OF_WHICH_FIELDS, *APART_FIELDS)
GUARANTEED = ("food", "clothing", "house_grade", "water_safe", "power_living", "broadcast")
OPTIONAL_INCOME = frozenset(
    {
        *(label_of(AnnualRecord, name) for name in (*TRANSFER_FIELDS, *OF_WHICH_FIELDS, *APART_FIELDS)),
        "财产性收入",
    }
)


def place_of(dossier: Dossier) -> str:
    """Township, village and group."""
    village = dossier.household.village
    return f"{village.parent or ''}{village}{dossier.household.group_name}"


def county_of(dossier: Dossier) -> str:
    township = dossier.household.village.parent
    return str(township.parent or "") if township else ""


def basic(dossier: Dossier) -> list[Block]:
    row = dossier.household
    first = (
        ("户主", dossier.head_name),
        ("户编号", row.household_no),
        ("所在地", place_of(dossier)),
        ("家庭人口", f"{len(dossier.members)} 人" if dossier.members else ""),
    )
    names = (
        "address",
        "door_no",
        "phone",
        "bank_name",
        "household_type",
        "poverty_standard",
        "household_attr",
        "identified_on",
        "exit_status",
        "exit_year",
        "monitor_type",
    )
    return [Facts((*first, *facts(row, names)))]


def members(dossier: Dossier) -> list[Block]:
    who = [
        (
            each.name,
            *(cell(each, name) for name in ("relation", "sex")),
            born(each),
            cell(each, "id_no"),
            *(cell(each, name) for name in ("ethnicity", "political")),
        )
        for each in dossier.members
    ]
    more = [_state_of(dossier, each) for each in dossier.members]
    heads = ("姓名", "与户主关系", "性别", "出生", "证件号码", "民族", "政治面貌")
    states = (
        "姓名",
        "文化程度",
        "在校生状况",
        "健康状况",
        "劳动技能",
        "务工地点",
        "务工时间（月）",
        "居民（职工）医保",
        "大病保险",
    )
    return [
        Grid(heads, who, (14, 14, 8, 12, 28, 10, 14)),
        Grid(states, more, (12, 12, 13, 15, 13, 10, 9, 9, 7)),
    ]


def _state_of(dossier: Dossier, member: Member) -> tuple[str, ...]:
    year = dossier.years.get(member.pk)
    own = tuple(
        cell(member, name) for name in ("education", "school_status", "healths", "labour", "work_place", "work_months")
    )
    insured = _insured(year)
    return (member.name, *own, insured, cell(year, "ins_major") if year else "")


def _insured(year: object) -> str:
    answers = [getattr(year, name, None) for name in ("ins_resident", "ins_employee")]
    return "是" if True in answers else "否" if False in answers else ""


def conditions(dossier: Dossier) -> list[Block]:
    return [Facts(facts(dossier.record, LAND, AnnualRecord))]


def guarantees(dossier: Dossier) -> list[Block]:
    return [Facts(facts(dossier.record, GUARANTEED, AnnualRecord))]


def income(dossier: Dossier) -> list[Block]:
    """The ten items of the year as they were surveyed, and what they come to."""
    record, found = dossier.record, of_record(dossier.record, dossier.persons)
    rows = [(label_of(AnnualRecord, name), cell(record, name)) for name in ITEMS]
    sums = (("家庭纯收入（元）", yuan(found.net)), ("人均纯收入（元）", yuan(found.per_head)))
    return [Facts((*rows, *sums))]


def account(dossier: Dossier) -> list[Block]:
    """The income account sheet: every item in a line, of-which items and what a test takes off apart."""
    record, found = dossier.record, of_record(dossier.record, dossier.persons)
    before = dossier.records.get(dossier.year - 1)
    earlier = dossier.verdicts.get(dossier.year - 1)
    then = of_record(before, earlier.persons if earlier else 0)
    lines = [_line(number, name, record, before) for number, name in enumerate(ITEMS, 1)]
    sums = [
        ("", "转移性收入合计", yuan(found.transfer), yuan(then.transfer)),
        ("", "家庭总收入", yuan(found.gross), yuan(then.gross)),
        ("", "家庭纯收入", yuan(found.net), yuan(then.net)),
        ("", "核算人口（人）", str(dossier.persons), str(earlier.persons) if earlier else ""),
        ("", "人均纯收入", yuan(found.per_head), yuan(then.per_head)),
    ]
    heads = ("序号", "项目（元）", f"{dossier.year}年", f"{dossier.year - 1}年")
    apart = [("", label_of(AnnualRecord, name), cell(record, name), cell(before, name)) for name in APART]
    return [
        Grid(heads, [*lines, *sums], (10, 40, 25, 25)),
        Text("其中和另计项目（不重复计入上面的合计）", "small"),
        Grid(heads, apart, (10, 40, 25, 25)),
        Text(f"统计期间：{dossier.year - 1}年10月1日至{dossier.year}年9月30日。空白为没有登记，不是零。", "small"),
    ]


def _line(number: int, name: str, record: AnnualRecord | None, before: AnnualRecord | None) -> tuple[str, ...]:
    sign = "减：" if name in EXPENSE_FIELDS else ""
    return (str(number), f"{sign}{label_of(AnnualRecord, name)}", cell(record, name), cell(before, name))


def causes(dossier: Dossier) -> list[Block]:
    return [Facts(facts(dossier.household, ("main_cause", "other_causes", "cause_note"), Household))]


def risks(dossier: Dossier) -> list[Block]:
    names = ("monitor_type", "risks", "risk_identified_on", "risk_cleared", "risk_cleared_on", "risk_clear_way")
    return [Facts(facts(dossier.household, names))]


def standing(dossier: Dossier) -> list[Block]:
    """Every class it was in, from when to when, and by what."""
    spells = sorted(dossier.spells, key=lambda each: (each.since is not None, each.since, each.pk))
    rows = [
        (str(each.klass), since_words(each), until_words(each), origin_words(each), end_words(each) or "—")
        for each in spells
    ]
    return [Grid(("类别", "起", "止", "依据", "终止依据"), rows, (24, 20, 20, 22, 14))]


def monitored(dossier: Dossier) -> bool:
    return any(each.axis == MONITORING for each in dossier.spells)
