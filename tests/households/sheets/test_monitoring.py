"""Rosters since 2021: several states of health, new fields, monitored households and removed risks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from households.models import AnnualRecord, Episode, Household, Member, OpeningStock, Spell, StandingProposal
from households.sheets.exports import Export, export_sheet
from households.sheets.layouts import LAYOUTS
from tests import factories
from tests.households.sheets.sheetbooks import cells_of, codes, counted, import_file, person, run, told

pytestmark = pytest.mark.django_db
NO = "500154201200000001"
MONITORED = {
    "监测对象类型": "边缘易致贫户", "致贫/返贫风险1": "因残", "致贫/返贫风险2": "因病", "风险识别时间": "202203",
    "风险是否消除": "否", "户类型": None, "健康状况": "残疾，长期慢性病",
}  # fmt: skip
CLEARED = {
    "户编号": NO, "风险消除时间": "202310", "风险消除方式": "帮扶消除", "风险消除后住房损毁": "否",
    "风险消除后未参医保": "是", "风险消除后工资性收入": 18000, "风险消除后合规自付支出": 250.5,
}  # fmt: skip


@pytest.fixture
def book(tmp_path):
    return tmp_path / "book.xlsx"


def close() -> None:
    """What was written so far is looked at while the county is still open, as at a commit."""
    connection.check_constraints()
    OpeningStock.objects.create(county=factories.place(factories.COUNTY), closed_on="2021-01-01")


def monitored(**cells: Any) -> dict[str, Any]:
    return person(NO, **MONITORED | cells)


def codes_of(outcome: Any) -> set[str]:
    return {each.code for each in told(outcome)}


def exported(tmp_path, layout: str, **options: Any):
    out = tmp_path / "out.xlsx"
    full = {"unmasked": True, "reason": "核对"} | options
    export_sheet(Export(LAYOUTS[layout], factories.place(factories.COUNTY), **full), out)
    return out


# Health, codes, fields.


def test_health_is_several_things_the_first_of_which_is_the_old_field(book):
    run(book, [person(健康状况="残疾,长期慢性病")])
    who = Member.objects.get()
    assert (who.health, who.healths) == ("04", ["04", "02"])
    assert counted(import_file(book)) == (1, 0, 0, 1, 0)


def test_a_healthy_person_is_nothing_else(book):
    assert codes(run(book, [person(健康状况="健康、残疾"), person("H2", 健康状况="残疾、聋")])) == [
        (2, "unknown_code"), (3, "unknown_code"),
    ]  # fmt: skip


def test_whoever_writes_one_of_the_two_writes_both():
    who = factories.member(factories.household(), health="04")
    who.refresh_from_db()
    assert who.healths == ["04"]
    Member.objects.update(health="02")
    assert Member.objects.get().healths == ["02"]
    Member.objects.update(healths=["03", "04"])
    assert Member.objects.get().health == "03"
    Member.objects.update(healths=[])
    assert Member.objects.get().health == ""


def test_the_roster_of_2023_carries_the_new_fields_and_comes_back_unchanged(book, tmp_path):
    row = person(
        贫困户属性="低保脱贫户", 致贫原因1="因丧", 会讲普通话="是", 事实无人抚养="否", 商业补充保险="是",
        毕业生未就业原因="正在求职", 残疾证有效期至="2027-05-01", 健康状况="残疾,患有大病", 在校生状况=None,
    )  # fmt: skip
    run(book, [row], "roster-2023")
    who, of = Member.objects.get(), Household.objects.get()
    assert (of.household_attr, of.main_cause) == ("09", "15")
    assert (who.speaks_mandarin, who.unattended, who.ins_commercial) == (True, False, True)
    assert (who.jobless_reason, who.disability_valid_until) == ("正在求职", date(2027, 5, 1))
    out = exported(tmp_path, "roster-2023")
    assert cells_of(out)[0]["健康状况"] == "残疾,患有大病"
    assert counted(import_file(out, "roster-2023")) == (1, 0, 0, 1, 0)


def test_the_yearly_record_of_2023_too(book, tmp_path):
    run(book, [person(NO)])
    row = {"年度": 2023, "户编号": NO, "工资性收入": 20000, "公益岗位收入": 6000, "合规自付支出": 1200}
    rows = [row | {"理赔收入": 300, "入户道路硬化": "是"}]
    assert counted(run(book, {"户": rows}, "annual-2023")) == (1, 1, 0, 0, 0)
    record = AnnualRecord.objects.get()
    assert (record.public_job_income, record.self_paid, record.claims_income) == (
        Decimal(6000), Decimal(1200), Decimal(300),
    )  # fmt: skip
    assert record.entry_road_hardened
    assert counted(import_file(exported(tmp_path, "annual-2023", year=2023), "annual-2023")) == (1, 0, 0, 1, 0)


# 监测对象.


def test_a_monitored_household_is_written_in_the_opening_stock(book, tmp_path):
    assert counted(run(book, [monitored(), person(NO, relation="配偶", 户类型=None)], "monitored")) == (2, 2, 0, 0, 0)
    row = Household.objects.get()
    assert (row.monitor_type, row.risks, row.risk_identified_on) == ("2", ["02", "01"], date(2022, 3, 1))
    assert Spell.objects.get().klass_id == "edge"
    assert counted(import_file(book, "monitored")) == (2, 0, 0, 2, 0)
    out = exported(tmp_path, "monitored")
    assert cells_of(out)[0]["致贫/返贫风险2"] == "因病"
    assert counted(import_file(out, "monitored")) == (2, 0, 0, 2, 0)


def test_another_order_of_risks_is_a_change(book):
    run(book, [monitored()], "monitored")
    same = cells_of(book)[0] | {"致贫/返贫风险1": "因病", "致贫/返贫风险2": "因残"}
    assert counted(run(book, [same], "monitored")) == (1, 0, 1, 0, 0)
    assert Household.objects.get().risks == ["01", "02"]


def test_an_unknown_risk_is_refused(book):
    assert codes(run(book, [monitored(**{"致贫/返贫风险1": "因懒"})], "monitored")) == [(2, "unknown_code")]


def test_after_the_opening_stock_a_difference_is_told_and_proposed(book):
    run(book, [monitored()], "monitored")
    close()
    row = cells_of(book)[0] | {"致贫/返贫风险1": "因病", "致贫/返贫风险2": None}
    outcome = run(book, [row], "monitored")
    assert (counted(outcome), codes_of(outcome)) == ((1, 0, 0, 1, 0), {"standing_differs"})
    assert Household.objects.get().risks == ["02", "01"]
    assert StandingProposal.objects.get().differences == {"risks": ["因残、因病", "因病"]}


def test_the_export_lists_monitored_households_only_and_masks(book, tmp_path):
    run(book, [monitored()], "monitored")
    factories.household(members=1)
    rows = cells_of(exported(tmp_path, "monitored", unmasked=False))
    assert [row["户编号"] for row in rows] == [NO]
    assert "*" in rows[0]["证件号码"]


# 风险消除.


def test_a_removed_risk_ends_the_episode_and_keeps_what_was_true(book, tmp_path):
    run(book, [monitored()], "monitored")
    assert counted(run(book, [CLEARED], "risk-cleared")) == (1, 0, 1, 0, 0)
    row, episode = Household.objects.get(), Episode.objects.get()
    assert (row.risk_cleared, row.risk_cleared_on, row.risk_clear_way) == (True, date(2023, 10, 1), "1")
    assert (episode.risks, episode.snapshot) == (["02", "01"], {
        "housing": "pass", "medical": "fail", "wage_income": "18000.00", "self_paid": "250.50",
    })  # fmt: skip
    assert counted(import_file(book, "risk-cleared")) == (1, 0, 0, 1, 0)
    out = exported(tmp_path, "risk-cleared")
    assert cells_of(out)[0]["风险消除后未参医保"] == "是"
    assert counted(import_file(out, "risk-cleared")) == (1, 0, 0, 1, 0)


def test_what_was_true_outlives_a_new_roster(book):
    first = monitored()
    run(book, [first], "monitored")
    run(book, [CLEARED], "risk-cleared")
    again = first | {"风险是否消除": "是", "风险消除时间": "202310", "风险消除方式": "自然消除"}
    run(book, [again], "monitored")
    assert Episode.objects.get().clear_way == "2"
    assert Episode.objects.get().snapshot["medical"] == "fail"


def test_a_removal_after_the_opening_stock_is_proposed(book):
    run(book, [monitored()], "monitored")
    close()
    outcome = run(book, [CLEARED], "risk-cleared")
    assert (counted(outcome), codes_of(outcome)) == ((1, 0, 0, 1, 0), {"standing_differs"})
    assert StandingProposal.objects.get().kind == "clear"
    assert (Household.objects.get().risk_cleared, Episode.objects.get().snapshot) == (False, {})


def test_who_was_never_monitored_or_is_unknown_or_listed_twice_is_refused(book):
    run(book, [person(NO), monitored(户编号="H2")], "roster-2022")
    rows = [CLEARED, CLEARED | {"户编号": "H9"}, CLEARED | {"户编号": "H2", "监测对象类型": "边缘易致贫户"},
            CLEARED | {"户编号": "H2"}]  # fmt: skip
    outcome = run(book, rows, "risk-cleared")
    assert codes(outcome) == [(2, "unknown_household"), (3, "unknown_household"), (5, "duplicate_person")]
    assert counted(outcome) == (4, 0, 1, 0, 3)
