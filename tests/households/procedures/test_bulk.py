"""Many lists in one act: drawn lists are looked at first, one paper serves all, refusals name village and reason."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from households.models import BatchLook, BulkAct, Household, StepRecord
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import bulk, jobs, looked
from tests import factories
from tests.households.procedures.procedure_world import World, picture

pytestmark = pytest.mark.django_db


def lists(code, many=2):
    """Lists of several villages at one step, under one township."""
    worlds = []
    for number in range(many):
        world = World(0)
        village = f"{factories.TOWNSHIP}{200 + number}"
        factories.place(village)
        if number:
            factories.posting(world.cadre, "village_cadre", village)
        world.village = village
        world.households = [world.household(village)]
        worlds.append((world, world.until(world.start_drafted(world.draft(village=village)), code)))
    return worlds


def test_one_paper_and_one_signature_pass_many_lists_and_refusals_say_which():
    worlds = lists("county_review")
    world, first = worlds[0]
    second = worlds[1][1]
    with world.at():
        row = bulk.prepare(
            by=world.xian, place=factories.COUNTY, step_kind="county_review", batch_ids=[first.pk, second.pk]
        )
        assert len(row.drawn_ids) == 1
        signed = bulk.Signed("审定表第1号", {"county_office": "周文静"}, world.day, "同意")
        with pytest.raises(ProcedureError, match="抽中的 1 份名单还没有人查看"):
            bulk.sign_act(by=world.xian, row=row, signed=signed, file=picture())
        for batch in (first, second):
            looked.look(world.xian, batch)
        assert BatchLook.objects.count() == 2
        row = bulk.sign_act(by=world.xian, row=row, signed=signed, file=picture())
        worlds[1][0].households[0].annual_records.update(wage_income=1)
        done, refused = bulk.carry_out(row, row.batch_ids)
        assert done == 1 and "评议后情况有变更" in refused[second.pk]
        first.refresh_from_db()
        assert first.step.code == "announcement" and first.papers.filter(step__code="county_review").count() == 1
        assert first.signatures.get(step__code="county_review").name == "周文静"
        with pytest.raises(ProcedureError, match="已经提交"):
            bulk.sign_act(by=world.xian, row=row, signed=signed)
    job = factories.job(world.xian, report={"refused": [{"batch": second.pk, "reason": refused[second.pk]}]})
    [(label, address)] = jobs._links(job)
    assert "变更" in label and label.startswith(str(second.place)) and address == f"/procedures/{second.pk}/"


def test_many_lists_are_approved_together_and_each_household_changes():
    worlds = lists("announcement")
    world = worlds[0][0]
    ids = [batch.pk for _, batch in worlds]
    with world.at():
        row = bulk.prepare(by=world.xian, place=factories.COUNTY, step_kind="announcement", batch_ids=ids)
        for _, batch in worlds:
            looked.look(world.xian, batch)
        row = bulk.sign_act(by=world.xian, row=row, signed=bulk.Signed("渝农〔2020〕1号"), file=picture())
        assert bulk.carry_out(row, ids) == (2, {})
    assert set(Household.objects.values_list("exit_status", flat=True)) == {"1"}
    assert set(StepRecord.objects.filter(step__code="filing").values_list("by_id", flat=True)) == {world.xian.pk}
    for _, batch in worlds:
        batch.refresh_from_db()
        assert batch.state == "done" and batch.notices.get(type="announcement").state == "closed"


def test_all_that_match_are_chosen_and_confirmed_with_numbers(client, monkeypatch):
    worlds = lists("township_review")
    world = worlds[0][0]
    monkeypatch.setattr("households.procedures.engine.clock.today", lambda: world.day)
    client.force_login(world.zhen)
    facts = {"step": "township_review", "which": "all", "kind": "exit", "year": "2020", "place": ""}
    answer = client.post("/procedures/bulk/choose/", facts)
    page = client.get(answer.url).content.decode()
    assert "2 份名单，2 户 4 人" in page and "待查看" in page
    assert (
        "没有人查看"
        in client.post(answer.url, {"on": str(world.day), "signer-township_leader": "何正明"}).content.decode()
    )
    for _, batch in worlds:
        client.get(f"/procedures/{batch.pk}/")
    page = client.get(answer.url).content.decode()
    assert "已查看" in page and "确认办理 2 份名单" in page
    client.force_login(world.cadre)
    assert client.post("/procedures/bulk/choose/", facts).status_code == 403


def test_an_act_asks_as_often_for_many_lists_as_for_few():
    """Review and approval, announcement included; seconds are measured by tests/trials/test_many_lists.py."""
    worlds = lists("county_review", 3)
    world, ids = worlds[0][0], [batch.pk for _, batch in worlds]
    asked = []
    with world.at():
        for kind, signers in (("county_review", {"county_office": "周文静"}), ("announcement", {})):
            for some in (ids[:1], ids[1:]):
                row = BulkAct.objects.create(
                    place_id=factories.COUNTY, step_kind=kind, batch_ids=some, by=world.xian, signers=signers,
                    document="渝农〔2020〕1号", signed_on=world.day, launched_at=timezone.now(),
                )  # fmt: skip
                with CaptureQueriesContext(connection) as captured:
                    assert bulk.carry_out(row, some) == (len(some), {})
                asked.append(len(captured))
    assert asked[1] <= asked[0] and asked[3] <= asked[2]
    assert set(Household.objects.values_list("exit_status", flat=True)) == {"1"}
