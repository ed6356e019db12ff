"""The comparison step of a list takes its result from departments' lists; the office only confirms."""

import pytest

from audits.comparisons.services import answer_hit
from audits.models import ComparisonHit
from households.models import EntryResult
from households.procedures.engine import guards
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import bulk, looked, rows, steps
from tests import factories
from tests.audits import made
from tests.households.procedures.procedure_world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def compared():
    """A list at its comparison: one household has a car by the department's list, one is not named."""
    world = World(2, kind="identification")
    batch = world.until(world.start(), "comparison")
    for source in ("house", "company", "payroll"):
        made.comparison(source=source)
    return world, batch, made.hit(world.households[0], on=world.day)


def test_a_hit_is_shown_and_stops_the_step_until_it_is_answered(compared):
    world, batch, hit = compared
    first = rows.rows(batch, rows.entries(world.xian, batch))[0]
    assert [each.words for each in first.named] == [f"车辆（车管所 {hit.list.as_of}）：待核实"]
    with world.at(), pytest.raises(ProcedureError, match="比对命中还没有核实答复"):
        steps.complete_step(by=world.xian, batch=batch)
    answer_hit(by=world.xian, hit=hit, answer=ComparisonHit.Answer.OLD_CAR, reason="车辆已报废注销")
    with world.at():
        steps.complete_step(by=world.xian, batch=batch)
    batch.refresh_from_db()
    assert batch.step.code == "appraisal" and not batch.papers.filter(kind="comparison").exists()
    assert dict(
        EntryResult.objects.filter(step=batch.template.steps.get(code="comparison")).values_list("outcome", "by")
    ) == {"pass": world.xian.pk}


def test_who_has_what_was_found_leaves_the_list_also_in_one_act_with_others(compared):
    world, batch, hit = compared
    answer_hit(by=world.xian, hit=hit, answer=ComparisonHit.Answer.TRUE, reason="本人名下在用小汽车")
    with world.at():
        looked.look(world.xian, batch)
        row = bulk.prepare(by=world.xian, place=factories.COUNTY, step_kind="comparison", batch_ids=[batch.pk])
        row = bulk.sign_act(by=world.xian, row=row, signed=bulk.Signed("比对1号"))
        assert bulk.carry_out(row, [batch.pk]) == (1, {})
    gone = batch.entries.get(household=world.households[0])
    assert gone.state == "out" and "车辆" in gone.reason and "属实" in gone.reason
    assert batch.entries.get(household=world.households[1]).state == "listed"


def test_where_a_kind_of_list_is_lacking_the_scan_is_asked_for_as_ever():
    world = World(1, kind="identification")
    batch = world.until(world.start(), "comparison")
    made.comparison()
    with world.at(), pytest.raises(ProcedureError, match="还没有上传：比对结果"):
        steps.complete_step(by=world.xian, batch=batch)


def test_a_hit_found_true_later_is_refused_by_every_review(compared):
    world, batch, hit = compared
    hit.answer, hit.answer_reason, hit.answered_on = "true", "在用", world.day
    hit.save()
    failed = guards.findings(batch, batch.entries.filter(state="listed"))
    assert [guard.code for guard in failed[batch.entries.get(household=world.households[0]).pk]] == ["department_true"]
