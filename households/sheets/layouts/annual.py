"""The yearly record, in two sheets (contract.md section 3)."""

from households.sheets.layouts.parts import (
    HEALTHS,
    HOUSEHOLD_NO,
    PERSON_NO,
    YEARS,
    coded,
    must,
    yes_no,
    yuan,
)
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.kinds import Text

ANNUAL = Layout(
    "annual",
    "年度记录",
    (
        SheetSpec(
            "户",
            "户",
            (
                must("年度", "row.year", YEARS, width=8),
                must("户编号", "row.household_no", HOUSEHOLD_NO, width=22),
                Column("户主姓名", "place.head", Text(40), note="供核对，不导入"),
                yuan("工资性收入", "annual.wage_income"),
                yuan("生产经营性收入", "annual.business_income"),
                yuan("财产性收入", "annual.property_income"),
                yuan("计划生育金", "annual.tr_family_planning"),
                yuan("低保金", "annual.tr_dibao"),
                yuan("五保金", "annual.tr_wubao"),
                yuan("养老保险金", "annual.tr_pension"),
                yuan("生态补偿金", "annual.tr_eco"),
                yuan("其他转移性收入", "annual.tr_other"),
                yuan("生产经营性支出", "annual.business_expense"),
                yes_no("不愁吃", "annual.food"),
                yes_no("不愁穿", "annual.clothing"),
                coded("住房等级", "annual.house_grade", width=9),
                coded("住房保障方式", "annual.house_security"),
                yes_no("安全饮水", "annual.water_safe"),
                yes_no("生活用电", "annual.power_living"),
                yes_no("广播电视", "annual.broadcast"),
            ),
        ),
        SheetSpec(
            "人",
            "人",
            (
                must("年度", "row.year", YEARS, width=8),
                must("户编号", "row.household_no", HOUSEHOLD_NO, width=22),
                Column("人编号", "row.person_no", PERSON_NO, must_exist=True, width=24),
                Column("姓名", "place.name", Text(40), note="供核对，不导入"),
                coded("在校生状况", "year.school_status"),
                coded("未上学原因", "year.dropout_reason"),
                yes_no("居民医保", "year.ins_resident"),
                yes_no("职工医保", "year.ins_employee"),
            ),
        ),
    ),
    "两个工作表：“户”每户一行，“人”每人一行。空白表示没有登记，不等于 0 或否。",
)

_HOUSEHOLDS, _PEOPLE = ANNUAL.sheets
ANNUAL_2023 = Layout(
    "annual-2023",
    "年度记录（2021 年以后各项）",
    (
        SheetSpec(
            "户",
            "户",
            (
                *_HOUSEHOLDS.columns,
                yuan("公益岗位收入", "annual.public_job_income"),
                yuan("分红", "annual.dividend_income", "分红收入"),
                yuan("产业奖补", "annual.industry_award"),
                yuan("就业奖补", "annual.job_award"),
                yuan("合规自付支出", "annual.self_paid"),
                yuan("理赔收入", "annual.claims_income"),
                yes_no("入户道路是否硬化", "annual.entry_road_hardened", "入户道路硬化"),
            ),
        ),
        SheetSpec(
            "人",
            "人",
            (
                *_PEOPLE.columns,
                Column("健康状况", "year.healths", HEALTHS, ("健康状态",)),
                yes_no("商业补充保险", "year.ins_commercial"),
            ),
        ),
    ),
    "比年度记录多出 2021 年以后的各项。公益岗位收入、分红、奖补已含在上面各项收入里，不另加。空白表示没有登记。",
)
