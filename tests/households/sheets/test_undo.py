"""An import is taken back as a whole: rows, standing, stays and years are what they were, unless something followed."""

from __future__ import annotations

from datetime import date

import pghistory
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.models import AnnualRecord, Household, Member, MemberYear, Presence, SheetImport, Spell
from households.register import services as register
from households.sheets import services
from households.sheets.selectors import households_touched
from households.sheets.undo import plan_of, undo
from tests import factories
from tests.households.sheets.sheetbooks import new_id, person, run
from tests.standings import settle
from villages.rights import Role

pytestmark = pytest.mark.django_db
FIRST, SECOND = "500154201200000001", "500154201200000002"


@pytest.fixture
def officer():
    factories.place(factories.VILLAGE)
    return factories.posted(Role.COUNTY_OFFICER)


def imported(officer, tmp_path, rows, layout="roster-2022") -> SheetImport:
    """What the job of an import leaves: the rows, and an upload that names their context."""
    outcome = run(tmp_path / "a.xlsx", rows, layout, by=officer)
    assert not outcome.rejects, outcome.rejects
    return SheetImport.objects.create(
        layout=layout, county_id=factories.COUNTY, file_name="a.xlsx", status="done", by=officer,
        context=outcome.context,
    )  # fmt: skip


def people_of(household_no: str) -> list[tuple]:
    rows = Member.objects.filter(household__household_no=household_no).order_by("person_no")
    return list(rows.values_list("name", "relation", "name_pinyin", "joined_on", "left_on", "health", "phone_hash"))


def state() -> list:
    """All that an import may write, but for versions and times."""
    steady = {"version", "updated_at", "recorded_at"}
    return [
        sorted(
            str(
                sorted(
                    (key, str(value))
                    for key, value in row.items()
                    if key not in steady and (model, key) != (Spell, "id")
                )
            )
            for row in model.objects.values()
        )
        for model in (Household, Member, Presence, Spell, AnnualRecord, MemberYear)
    ]


def test_everything_is_again_what_it_was(officer, tmp_path):
    """Facts, another head, another class, a new member and a new household; a household the file leaves out stays."""
    head, wife = new_id(date(1975, 8, 9), "1"), new_id(date(1976, 3, 4), "2")
    before = [person(证件号码=head, 姓名="王明海"), person(relation="配偶", 证件号码=wife, 姓名="陈秀兰"),
              person(SECOND, 姓名="赵大山")]  # fmt: skip
    run(tmp_path / "a.xlsx", before, by=officer)
    was = state()
    changed = [
        person(证件号码=head, 姓名="王明海", 与户主关系="配偶", 健康状况="长期慢性病", 户联系电话="13900001234"),
        person(relation="户主", 证件号码=wife, 姓名="陈秀兰", 户类型="一般农户"),
        person(relation="之女", 姓名="王小花"),
        person("500154201200000003", 姓名="孙有田"),
    ]
    sheet = imported(officer, tmp_path, changed)
    assert state() != was
    assert sorted(households_touched(sheet, officer).values_list("household_no", "entered")) == [
        (FIRST, False), ("500154201200000003", True),
    ]  # fmt: skip
    plan = undo(by=officer, sheet=sheet, reason="拿错了文件")
    settle()
    assert (len(plan.households), plan.created, plan.kept) == (2, 1, [])
    assert state() == was
    assert people_of(FIRST)[0][2] == "wangminghai"
    assert run(tmp_path / "a.xlsx", changed, by=officer).counts.created == 2  # and it can come in again


def test_years_are_taken_back(officer, tmp_path):
    household = factories.household(household_no=FIRST, members=1)
    factories.annual_record(household, 2020, wage_income=9000)
    was = state()
    rows = {"户": [{"年度": 2020, "户编号": FIRST, "户主姓名": "王明海", "工资性收入": 12000},
                  {"年度": 2021, "户编号": FIRST, "户主姓名": "王明海", "工资性收入": 15000}]}  # fmt: skip
    sheet = imported(officer, tmp_path, rows, layout="annual")
    assert household.annual_records.get(year=2020).wage_income == 12000
    undo(by=officer, sheet=sheet, reason="年度填错了")
    assert state() == was


def test_what_was_changed_since_stays_and_is_named(officer, tmp_path):
    run(tmp_path / "a.xlsx", [person(姓名="王明海"), person(SECOND, 姓名="赵大山")], by=officer)
    own = {row.household_no: row for row in Household.objects.all()}
    rows = [
        person(证件号码=own[number].members.get().id_no, 姓名=name, 健康状况="长期慢性病", 户联系电话="13900001234")
        | {"户编号": number}
        for number, name in ((FIRST, "王明海"), (SECOND, "赵大山"))
    ]  # fmt: skip
    sheet = imported(officer, tmp_path, rows)
    later = Household.objects.get(household_no=SECOND)
    register.edit_household(by=officer, household=later, version=later.version, facts={"address": "村东头"})
    plan = plan_of(sheet)
    assert [(each.household_no, "此后又有改动：农户" in each.reason) for each in plan.kept] == [(SECOND, True)]
    undo(by=officer, sheet=sheet, reason="整列错位")
    assert [people_of(number)[0][5] for number in (FIRST, SECOND)] == ["01", "02"]


def test_what_the_system_did_since_is_no_obstacle(officer, tmp_path):
    sheet = imported(officer, tmp_path, [person(姓名="王明海")])
    with pghistory.context(user=None, verb="recompute"):
        Household.objects.update(group_name="3组")
    assert plan_of(sheet).kept == []


def test_who_may_take_back_and_why(officer, tmp_path):
    sheet = imported(officer, tmp_path, [person(姓名="王明海")])
    stranger = factories.posted(Role.TOWNSHIP_OFFICER)
    with pytest.raises(PermissionDenied):
        services.undo_sheet(by=stranger, sheet=sheet, reason="拿错了文件")
    with pytest.raises(ValidationError, match="原因"):
        services.undo_sheet(by=officer, sheet=sheet, reason=" ")
    assert services.undo_sheet(by=officer, sheet=sheet, reason="拿错了文件").status == "undoing"
    with pytest.raises(services.SheetMoved):
        services.undo_sheet(by=officer, sheet=sheet, reason="拿错了文件")
