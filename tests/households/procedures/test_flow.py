"""A village's lists from the first step to the last, by every shipped template."""

import pytest

from households.models import Household, NoticeEntry, ProcedureTemplate, RegisterEvent, StepRecord
from households.procedures.lists import batches
from tests import factories
from tests.households.procedures.procedure_world import YEAR, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["exit-national", "exit-changshun"])
def test_exit_from_draft_to_approval(code):
    world = World()
    batch = world.until(world.start(code), "")
    assert batch.state == "done" and batch.step is None
    for row in Household.objects.all():
        assert (row.exit_status, row.exit_year, row.household_type, row.version) == ("1", YEAR, "01", 3)
    assert RegisterEvent.objects.filter(reason="2020年脱贫退出名单批复").count() == 3
    assert not batch.entries.filter(is_open=True).exists()
    steps = list(StepRecord.objects.filter(batch=batch).values_list("step__code", flat=True))
    assert steps == list(batch.template.steps.filter(enabled=True).values_list("code", flat=True))
    assert NoticeEntry.objects.filter(masked_name="王*海").count() == 3 * batch.notices.count()


@pytest.mark.parametrize("code", ["identify-8-2-1", "identify-2-2-1-1", "identify-yuanzhou"])
def test_identification_puts_candidates_into_the_register(code):
    world = World(kind="identification")
    assert not Household.objects.registered().exists()
    batch = world.until(world.start(code), "")
    assert batch.state == "done"
    for row in Household.objects.registered():
        assert (row.exit_status, row.household_type, row.candidate) == ("0", "03", False)
        assert row.identified_on == batch.ended_on
        assert set(row.members.values_list("identified_on", flat=True)) == {batch.ended_on}
    assert Household.objects.registered().count() == 3


def test_return_removal_and_monitoring():
    for kind, facts, after in (
        ("return", {"exit_status": "1", "exit_year": 2018}, {"exit_status": "3", "return_year": YEAR}),
        ("removal", {}, {"exit_status": "", "household_type": "02", "in_register": False}),
        ("monitor_in", {"in_register": False}, {"monitor_type": "2", "household_type": "04", "risks": ["01"]}),
        ("monitor_out", {"monitor_type": "1", "risk_cleared": False}, {"risk_cleared": True, "risk_clear_way": "1"}),
    ):
        world = World(households=0, kind=kind)
        row = world.household(**facts)
        batch = world.draft(household_ids=[row.pk])
        entry = batch.entries.get()
        if kind.startswith("monitor"):
            with world.at():
                batches.describe_entry(by=world.cadre, entry=entry, monitor_type="2", risks=["01"], clear_way="1")
        with world.at():
            batch = batches.start_batch(by=world.cadre, batch=batch)
        batch = world.until(batch, "")
        row.refresh_from_db()
        assert {name: getattr(row, name) for name in after} == after, kind
        if kind == "removal":
            assert row.spells.get().until == batch.ended_on and row not in Household.objects.registered()
        if kind == "monitor_in":
            assert row.household_type == "04" and row.risks == ["01"] and row.risk_cleared is False


def test_every_kind_has_a_default_template():
    assert set(ProcedureTemplate.objects.filter(is_default=True).values_list("kind", flat=True)) == {
        "identification", "exit", "return", "removal", "monitor_in", "monitor_out", "village_exit", "county_exit",
        "classified", "low_income",
    }  # fmt: skip
    checklist = ProcedureTemplate.objects.get(kind="county_exit")
    assert checklist.read_only and checklist.steps.count() == 8


def test_history_names_the_hand_behind_an_approval():
    world = World()
    world.until(world.start("exit-national"), "")
    event = Household.history.rel.related_model.objects.filter(exit_status="1").first()
    assert event.pgh_context.metadata["user"] == world.xian.pk
    assert event.pgh_context.metadata["verb"] == "approve_batch"
    assert factories.COUNTY == "500154"
