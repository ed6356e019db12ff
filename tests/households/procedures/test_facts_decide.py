"""Facts decide who may stand on a list; not recorded refuses like not met; exceptions for taking in only."""

import pytest
from django.core.exceptions import PermissionDenied

from households.models import AnnualRecord, Assessment, Comparison, ComparisonHit, Quota
from households.procedures.comparisons.services import explain_hit, read_lines, record_comparison
from households.procedures.engine import village_exit
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import batches, notices, reviews
from households.procedures.notices import selectors as public
from households.procedures.papers import declared, household_forms
from households.procedures.papers.blocks import Grid
from households.procedures.papers.forms import FORMS
from tests import factories
from tests.households.procedures.procedure_world import YEAR, World, picture
from villages.models import VillageProfile

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "lose", "text"),
    [
        ("identification", lambda: AnnualRecord.objects.all().delete(), "没有年度记录"),
        ("identification", lambda: Assessment.objects.update(failed=[], missing=["income"]), "收入没有记录"),
        ("return", lambda: AnnualRecord.objects.all().delete(), "没有年度记录"),
        ("monitor_out", lambda: Assessment.objects.update(verdict="missing", missing=["food"]), "或没有记录"),
    ],
)
def test_what_is_not_recorded_refuses(kind, lose, text):
    world = World(0, kind)
    facts = {"monitor_out": {"monitor_type": "1"}, "return": {"exit_status": "1"}}.get(kind, {})
    world.households = [world.household(**facts)]
    lose()
    with pytest.raises(ProcedureError, match=text):
        world.draft()


def hit(world, household):
    found = Comparison.objects.create(
        place=factories.place(factories.COUNTY), kind=world.kind, year=YEAR, compared_on=world.day, document="比对1号",
        source="县大数据局", by=world.xian,
    )  # fmt: skip
    return ComparisonHit.objects.create(
        comparison=found, household=household, village_id=household.village_id, what="car", detail="小型轿车一辆"
    )


def test_a_car_found_refuses_until_it_is_explained():
    world = World(1, "identification")
    row = hit(world, world.households[0])
    with pytest.raises(ProcedureError, match="车辆"):
        world.draft()
    ComparisonHit.objects.filter(pk=row.pk).update(state="explained", explanation="2015年报废")
    world.draft()


def test_one_comparison_serves_the_county_and_is_explained_above_the_village():
    world = World(1, "identification")
    number = world.households[0].household_no
    with pytest.raises(ProcedureError, match="第 2 行看不懂"):
        read_lines(f"{number} 车辆 轿车\n{number} 飞机")
    facts = {
        "by": world.xian, "place": factories.COUNTY, "kind": "identification", "year": YEAR, "document": "比对1号",
        "compared_on": world.day, "source": "县大数据局",
    }  # fmt: skip
    with world.at():
        with pytest.raises(ProcedureError, match="本县没有这些户编号"):
            record_comparison(**facts, hits=read_lines("5001540 车辆"))
        row = record_comparison(**facts, hits=read_lines(f"{number} 车辆 轿车一辆"))
    found = row.hits.get()
    with pytest.raises(PermissionDenied):
        explain_hit(by=world.cadre, hit=found, explanation="车是亲戚的名字")
    with pytest.raises(ProcedureError, match="车辆"):
        world.draft()
    explain_hit(by=world.zhen, hit=found, explanation="查车管所，已于2015年报废")
    world.draft()


def test_an_income_above_the_line_needs_an_exception_that_all_reviewers_see():
    world = World(2, "identification")
    Assessment.objects.filter(household=world.households[0]).update(failed=[], verdict="pass")
    batch = world.draft()
    with world.at(), pytest.raises(ProcedureError, match="收入不低于标准"):
        batches.start_batch(by=world.cadre, batch=batch)
    entry = batch.entries.get(household=world.households[0])
    with world.at():
        with pytest.raises(ProcedureError, match="例外的理由"):
            batches.except_entry(by=world.cadre, entry=entry, reason=" ", file=picture())
        batches.except_entry(by=world.cadre, entry=entry, reason="重病自付九万元", file=picture())
        batch = batches.start_batch(by=world.cadre, batch=batch)
    batch = world.until(batch, "notice_1")
    with world.at():
        notice = notices.post_notice(by=world.cadre, batch=batch, board="公示栏")
    words = {line.reason for line in public.lines(notice)}
    assert words == {"经评议和审核认定符合条件", "收入低于标准"}
    for form in ("approval", "township", "decision"):
        assert "按例外列入：重病自付九万元" in str(declared.form_paper(batch, form, FORMS[form])), form


@pytest.mark.parametrize("kind", ["exit", "monitor_out"])
def test_leaving_knows_no_exception(kind):
    world = World(0, kind)
    world.households = [world.household(**({"monitor_type": "1"} if kind == "monitor_out" else {}))]
    entry = world.draft().entries.get()
    with world.at(), pytest.raises(ProcedureError, match="没有例外"):
        batches.except_entry(by=world.cadre, entry=entry, reason="情况特殊", file=picture())


@pytest.mark.parametrize(
    ("exit_status", "klass", "text"), [("", "1", "不是脱贫户"), ("1", "2", "是脱贫户，不能列为边缘易致贫户")]
)
def test_inclusion_keeps_to_the_rules_of_the_classes(exit_status, klass, text):
    world = World(0, "monitor_in")
    world.households = [world.household(**({"exit_status": "1"} if exit_status else {"in_register": False}))]
    batch = world.start()
    entry = batch.entries.get()
    batches.describe_entry(by=world.cadre, entry=entry, monitor_type=klass, risks=["01"])
    batch = world.until(batch, "appraisal")
    with world.at(), pytest.raises(ProcedureError, match=text):
        world.meet(batch)


def test_striking_off_asks_for_reason_and_evidence():
    world = World(1, "removal")
    world.explain = lambda batch: None
    batch = world.until(world.start(), "appraisal")
    with world.at(), pytest.raises(ProcedureError, match="没有写明清退理由"):
        world.meet(batch)


def test_the_quota_holds_over_all_lists_of_the_village():
    world = World(1, "identification")
    first = world.until(world.start("identify-2-2-1-1"), "")
    assert first.state == "done"
    Quota.objects.create(
        place=factories.place(), year=YEAR, method="given", computed=3, amount=3, by=world.xian,
        confirmed_on=world.day,
    )  # fmt: skip
    world.households = [world.household()]
    batch = world.until(world.start("identify-2-2-1-1"), "township_review")
    with world.at():
        world.supply(batch)
        with pytest.raises(ProcedureError, match="合计 4 人，超过核定规模 3 人"):
            reviews.township_review(by=world.zhen, batch=batch)


def test_a_village_leaves_only_once_and_only_if_it_was_poor():
    world = World(0, "village_exit")
    with world.at(), pytest.raises(ProcedureError, match="没有登记为贫困村"):
        world.draft()
    factories.village_profile(population=1600)
    batch = world.until(world.start(), "township_review")
    with world.at():
        with pytest.raises(ProcedureError, match="请写明原因"):
            village_exit.confirm_values(by=world.zhen, batch=batch, values={"poverty_rate": (1, "")})
        with pytest.raises(ProcedureError, match="佐证材料"):
            village_exit.confirm_values(by=world.zhen, batch=batch, values={"poverty_rate": (1, "入户复核")})
    (sheet,) = household_forms.village_sheets(batch, [])
    grid = next(block for block in sheet.blocks if isinstance(block, Grid))
    assert sheet.title == "贫困村退出审核表" and len(grid.rows) == batch.indicator_values.count()
    VillageProfile.objects.update(delisted_year=2019)
    other = World(0, "village_exit")
    batches.stop_batch(by=world.zhen, batch=batch, reason="已退出")
    with other.at(), pytest.raises(ProcedureError, match="不能再次退出"):
        other.draft()
