"""Who may stand on a list, and an approval that changes nothing unless everything still holds."""

from datetime import date

import pytest

from households.models import Assessment, Household, MemberYear
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import (
    batches,
    effects,
    facts,
    notices,
    reviews,
    rows,
)
from tests import factories
from tests.households.procedures.procedure_world import YEAR, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "facts_", "assessed", "text"),
    [
        ("exit", {}, {"failed": ["water"]}, "两不愁三保障未全部达标"),
        ("exit", {}, {"missing": ["food"]}, "两不愁三保障未全部达标"),
        ("exit", {}, {"eligible": False, "blockers": ["no_measure"]}, "不得退出的情形"),
        ("exit", {"identified_on": date(2020, 3, 1)}, {}, "当年识别或返贫"),
        ("exit", {"return_year": 2020}, {}, "当年识别或返贫"),
        ("exit", {"exit_status": "1"}, {}, "不是未脱贫户"),
        ("exit", {"removed_on": date(2019, 1, 1)}, {}, "已销号"),
        ("exit", {"in_register": False}, {}, "普通农户"),
        ("return", {"exit_status": "0"}, {}, "没有脱贫"),
        ("removal", {"removed_on": date(2019, 1, 1)}, {}, "已销号"),
        ("identification", {"in_register": True, "exit_status": "0"}, {}, "已在册"),
        ("monitor_in", {"monitor_type": "1", "risk_cleared": False}, {}, "已是监测对象"),
        ("monitor_out", {"monitor_type": ""}, {}, "不是监测对象"),
        ("monitor_out", {"monitor_type": "1"}, {"failed": ["housing"]}, "没有全部解决"),
        ("monitor_out", {"monitor_type": "1", "no_labour_backstop": True}, {}, "暂不标注"),
    ],
)
def test_a_household_that_does_not_fit_is_not_listed(kind, facts_, assessed, text):
    world = World(households=1, kind=kind)
    bad = world.household(**facts_)
    Assessment.objects.filter(household=bad).delete()
    factories.assessment(bad, YEAR, **assessed)
    with world.at(), pytest.raises(ProcedureError, match=text) as refused:
        world.draft(household_ids=[bad.pk])
    assert bad.household_no in str(refused.value)
    assert not batches.Batch.objects.exists()


def test_a_household_without_a_verdict_does_not_leave():
    world = World(households=1)
    Assessment.objects.all().delete()
    with pytest.raises(ProcedureError, match="两不愁三保障未全部达标"):
        world.draft()


def test_a_household_of_another_village_is_not_listed():
    world = World(households=1)
    other = factories.household(factories.NEXT_VILLAGE, members=1)
    with pytest.raises(ProcedureError, match="不在本村"):
        world.draft(household_ids=[other.pk])


def test_drafted_from_the_verdicts():
    world = World(households=2)
    world.household(exit_status="1")
    failing = world.household()
    Assessment.objects.filter(household=failing).update(verdict="fail", eligible=False)
    batch = world.draft(source="eligible", household_ids=())
    assert set(batch.entries.values_list("household_id", flat=True)) == {row.pk for row in world.households}


def test_nothing_to_draft_from_says_so():
    world = World(households=0)
    with pytest.raises(ProcedureError, match="没有评定为具备退出条件的户"):
        world.draft(source="eligible", household_ids=())


@pytest.mark.parametrize("code", ["township_review", "county_review", "filing"])
def test_a_verdict_that_turned_stops_reviews_and_approval(code):
    world = World(households=2)
    batch = world.until(world.start("exit-national"), code if code != "filing" else "announcement")
    Assessment.objects.filter(household=world.households[0]).update(verdict="fail", failed=["water"], eligible=False)
    with world.at():
        world.supply(batch)
        verbs = {
            "township_review": lambda: reviews.township_review(by=world.zhen, batch=batch),
            "county_review": lambda: reviews.county_review(by=world.xian, batch=batch),
            "filing": lambda: effects.approve_batch(by=world.xian, batch=batch),
        }
        with pytest.raises(ProcedureError, match="未全部达标") as refused:
            verbs[code]()
    assert len(refused.value.rows) == 1
    assert set(Household.objects.values_list("exit_status", flat=True)) == {"0"}


def change_income(row):
    row.annual_records.update(wage_income=1)


def change_member(row):
    MemberYear.objects.filter(household=row).update(ins_resident=False)


def somebody_left(row):
    row.members.filter(relation="03").update(left_on=date(2020, 10, 1), left_reason="02")


@pytest.mark.parametrize("change", [change_income, change_member, somebody_left])
def test_facts_that_changed_after_the_appraisal_stop_the_approval_until_accepted(change):
    world = World(households=2)
    batch = world.until(world.start("exit-national"), "announcement")
    row = world.households[0]
    change(row)
    entry = batch.entries.get(household=row)
    with world.at(), pytest.raises(ProcedureError, match="民主评议后有变更") as refused:
        effects.approve_batch(by=world.xian, batch=batch)
    assert set(refused.value.rows) == {entry.pk}
    found = facts.differences(entry)
    assert found and all(each.before != each.now for each in found)
    with world.at():
        with pytest.raises(ProcedureError, match="理由"):
            facts.accept_changes(by=world.xian, batch=batch, entry_ids=[entry.pk], reason="")
        assert facts.accept_changes(by=world.xian, batch=batch, entry_ids=[entry.pk], reason="已入户核实") == 1
        effects.approve_batch(by=world.xian, batch=batch)
    row.refresh_from_db()
    assert row.exit_status == "1"


def test_differences_speak_in_words():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "verification")
    row = world.households[0]
    row.annual_records.update(wage_income=1, house_grade="C")
    row.members.filter(relation="03").update(health="02")
    found = {(each.who, each.label): (each.before, each.now) for each in facts.differences(batch.entries.get())}
    assert found["年度记录", "工资性收入"] == ("24,000.00", "1.00")
    assert found["年度记录", "住房等级"] == ("A级", "C级")
    assert found[row.members.get(relation="03").name, "健康状况"] == ("健康", "长期慢性病")


def test_what_does_not_matter_is_no_difference():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "verification")
    row = world.households[0]
    row.address, row.note = "3组20号", "门牌更换"
    row.save()
    row.annual_records.update(surveyors="张三", source="补录")
    assert facts.changed(batch) == [] and facts.differences(batch.entries.get()) == []


def test_a_refused_approval_changes_no_household_at_all():
    world = World(households=3)
    batch = world.until(world.start("exit-national"), "announcement")
    factories.restand(world.households[2], exit_status="3", exit_year=YEAR - 2, return_year=YEAR)
    before = list(Household.objects.order_by("pk").values())
    with world.at(), pytest.raises(ProcedureError):
        effects.approve_batch(by=world.xian, batch=batch)
    assert list(Household.objects.order_by("pk").values()) == before
    assert not batch.notices.filter(type="announcement").exists()
    batch.refresh_from_db()
    assert batch.step.code == "announcement"


def test_an_announcement_with_days_runs_before_the_approval():
    world = World(households=1)
    batch = world.until(world.start("exit-changshun"), "announcement")
    with world.at():
        with pytest.raises(ProcedureError, match="要公告 7 天"):
            effects.approve_batch(by=world.xian, batch=batch)
        posted = notices.announce(by=world.xian, batch=batch, board="县政府网站")
        with pytest.raises(ProcedureError, match="要公告 7 天"):
            effects.approve_batch(by=world.xian, batch=batch)
    assert posted.ends_on > world.day
    batch.refresh_from_db()
    assert batch.step.code == "announcement"


def note_reason(world, row, code):
    batches.record_stay_reasons(by=world.cadre, village=factories.VILLAGE, year=YEAR, reasons={row.pk: (code, "缺水")})


def test_those_who_stay_say_why_and_the_verdict_suggests_it():
    world = World(households=1)
    stays = world.household()
    Assessment.objects.filter(household=stays).update(verdict="fail", failed=["water"], eligible=False)
    batch = world.until(world.start("exit-national"), "township_review")
    assert [(each.household, each.suggested) for each in rows.stayers(world.zhen, batch)] == [(stays, "01")]
    with world.at():
        world.supply(batch)
        with pytest.raises(ProcedureError, match="还没有登记不脱贫原因"):
            reviews.township_review(by=world.zhen, batch=batch)
        with pytest.raises(ProcedureError, match="选择一个不脱贫原因"):
            note_reason(world, stays, "77")
        note_reason(world, stays, "01")
        reviews.township_review(by=world.zhen, batch=batch)


def test_a_wrong_approval_is_undone_by_a_new_procedure_only():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "")
    with world.at(), pytest.raises(ProcedureError, match="另行启动新的程序"):
        effects.approve_batch(by=world.xian, batch=batch)
    with world.at(), pytest.raises(ProcedureError):
        batches.stop_batch(by=world.xian, batch=batch, reason="批错了")
    back = World(households=0, kind="return")
    back.day = world.day
    Assessment.objects.update(failed=["income"], verdict="fail", eligible=False)
    back.households = world.households
    again = back.until(back.start(), "")
    assert again.state == "done"
    assert Household.objects.get().exit_status == "3"


def test_rows_show_what_stands_against_each_household():
    world = World(households=2)
    batch = world.until(world.start("exit-national"), "township_review")
    first, second = batch.entries.order_by("pk")
    Assessment.objects.filter(household=first.household).update(borderline=True)
    change_income(second.household)
    found = {row.entry.pk: row for row in rows.rows(batch, rows.entries(world.zhen, batch))}
    assert found[first.pk].warnings == ["收入踩线"] and not found[first.pk].changed
    assert found[second.pk].changed and found[second.pk].vote.passed and found[second.pk].head_name == "王明海"
    assert not rows.entries(factories.posted("village_cadre", factories.NEXT_VILLAGE), batch).exists()


def test_a_household_that_moved_away_is_not_approved():
    world = World(households=2)
    batch = world.until(world.start("exit-national"), "announcement")
    Household.objects.filter(pk=world.households[0].pk).update(village=factories.place(factories.NEXT_VILLAGE))
    with world.at(), pytest.raises(ProcedureError, match="已迁到其他村"):
        effects.approve_batch(by=world.xian, batch=batch)
