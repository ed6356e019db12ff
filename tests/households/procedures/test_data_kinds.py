"""Kinds that are rows: shipped by a data file, made on a page, walked to the end without code of their own."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import caches

from households.models import IncomeTest, ProcedureKind, ProcedureTemplate, Spell, SupportDecision
from households.procedures.engine import data_kinds, step_edits, templates
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import batches
from tests import factories, standings
from tests.households.procedures import procedure_world
from tests.households.procedures.procedure_world import World

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def in_2026(monkeypatch):
    monkeypatch.setattr(procedure_world, "YEAR", 2026)
    monkeypatch.setattr(World, "day", DAY, raising=False)
    factories.poverty_line("8800", 2026, kind="monitor")
    caches["process"].clear()


def walk(kind, **facts):
    world = World(0, kind)
    world.day = DAY
    world.households = [world.household(**facts)]
    with world.at():
        batch = batches.draft_batch(
            by=world.cadre, kind=kind, village=factories.VILLAGE, year=2026,
            household_ids=[row.pk for row in world.households],
        )  # fmt: skip
        return world, batches.start_batch(by=world.cadre, batch=batch)


def test_low_income_households_are_recognised_by_rows_alone(in_2026):
    standings.close()
    world, batch = walk("low_income", in_register=False)
    home = world.households[0]
    assert str(batch) == "2026年农村低收入人口认定名单"
    batch = world.until(batch, "appraisal")
    with world.at(), pytest.raises(ProcedureError, match="没有收入测算"):
        world.meet(batch)
    application = home.applications.get()
    IncomeTest.objects.create(
        household=home, village_id=home.village_id, application=application, asked_on=DAY, since=date(2025, 3, 1),
        until=date(2026, 2, 28), result="inside", per_head=Decimal(5000), line_amount=Decimal(8800), persons=2,
    )  # fmt: skip
    batch = world.until(batch, "")
    standings.settle()
    assert batch.state == "done" and Spell.objects.get(household=home).klass_id == "low_income"
    with world.at(), pytest.raises(ProcedureError, match="已认定为农村低收入人口"):
        batches.draft_batch(
            by=world.cadre, kind="low_income", village=factories.VILLAGE, year=2026, household_ids=[home.pk]
        )


def test_former_poor_households_are_classified_by_their_assessment(in_2026):
    with pytest.raises(ProcedureError, match="没有本年度综合评估"):
        walk("classified", exit_status="1")
    home = factories.Household.objects.get()
    world = World(0, "classified")
    weak = world.household(exit_status="1")
    for row, proposal in ((home, "end"), (weak, "go_on")):
        factories.review(row, year=2026, assessed_on=DAY, proposal=proposal)
    world.day, world.households = DAY, [home, weak]
    with world.at():
        batch = batches.draft_batch(
            by=world.cadre, kind="classified", village=factories.VILLAGE, year=2026, household_ids=[home.pk, weak.pk]
        )
        batch = batches.start_batch(by=world.cadre, batch=batch)
    batch = world.until(batch, "")
    ends, goes_on = SupportDecision.objects.get(household=home), SupportDecision.objects.get(household=weak)
    assert (ends.outcome, ends.policies.count(), goes_on.outcome) == ("end", 0, "go_on")
    runs = dict(goes_on.policies.values_list("policy", "until"))
    assert runs == dict.fromkeys(("01", "02"), batch.ended_on.replace(year=2027))
    assert Spell.objects.filter(household=home, klass="out", until=None).exists()


def test_neither_is_on_offer_before_its_year(in_2026):
    world = World(1, "low_income")
    with pytest.raises(ProcedureError, match="不办理“农村低收入人口认定”"), world.at():
        batches.draft_batch(
            by=world.cadre, kind="low_income", village=factories.VILLAGE, year=2020,
            household_ids=[world.households[0].pk],
        )  # fmt: skip


def test_a_county_makes_a_kind_on_a_page_and_a_list_of_it_runs(client, in_2026):
    standings.close()
    xian = factories.posted("county_officer")
    client.force_login(xian)
    like = ProcedureTemplate.objects.get(code="monitor-out-default", place=None)
    facts = {
        "code": "flood2026", "label": "洪灾困难户认定", "planned": "拟认定洪灾困难户", "found": "因灾困难",
        "new_class": "洪灾困难户", "like": str(like.pk), "conditions": ["living", "head", "evidence"],
        "takes_ordinary": "on", "year_from": "2026", "source": "区防汛〔2026〕3号",
    }  # fmt: skip
    refused = client.post("/procedures/kinds/new/", {**facts, "code": "exit"})
    assert refused.status_code == 422 and "已经用过" in refused.content.decode()
    assert client.post("/procedures/kinds/new/", facts).status_code == 302
    row = ProcedureKind.objects.get(code="flood2026")
    assert row.gives.label == "洪灾困难户" and data_kinds.label_of("flood2026") == "洪灾困难户认定"
    assert "洪灾困难户认定" in client.get("/procedures/kinds/").content.decode()
    world, batch = walk("flood2026", in_register=False)
    batch = world.until(batch, "appraisal")
    with world.at(), pytest.raises(ProcedureError, match="没有上传佐证材料"):
        world.meet(batch)


def test_steps_are_added_moved_and_left_out_but_never_what_the_law_asks(client, in_2026):
    client.force_login(factories.posted("county_officer"))
    row = ProcedureTemplate.objects.get(code="low_income-default", place=None)
    path = f"/procedures/templates/{row.pk}/steps/"
    steps = list(row.steps.values_list("pk", flat=True))
    form = {f"position-{pk}": str(n) for n, pk in enumerate(steps, 1)}
    notice = row.steps.get(code="notice_1")
    refused = client.post(path, {**form, f"drop-{notice.pk}": "on", "source": "区农〔2026〕1号"})
    assert refused.status_code == 422 and "不能去掉" in refused.content.decode()
    comparison, appraisal = row.steps.get(code="comparison"), row.steps.get(code="appraisal")
    typed = {
        **form, f"drop-{comparison.pk}": "on", "source": "区农〔2026〕1号", "new_kind": "verification",
        "new_label": "民政核对", "new_after": str(row.steps.get(code="survey").pk), "new_level": "township",
        "new_days": "3", "new_roles": ["township_officer"], f"papers-{appraisal.pk}": ["sign_in"],
        f"signers-{appraisal.pk}": ["first_secretary"],
    }  # fmt: skip
    refused = client.post(path, typed | {f"roles-{appraisal.pk}": ["county_officer"]})
    assert refused.status_code == 422
    assert client.post(path, typed).status_code == 302
    fresh = ProcedureTemplate.objects.get(code="low_income-default", place=factories.COUNTY)
    codes = list(fresh.steps.order_by("position").values_list("label", flat=True))
    assert codes[2] == "民政核对" and "信息比对" not in codes
    asked = fresh.steps.get(code="appraisal")
    assert set(asked.attachments) == {*appraisal.attachments, "sign_in"}, "what the law asks stays"
    assert set(asked.signers) == {*appraisal.signers, "first_secretary"} and asked.roles == appraisal.roles
    assert templates.template_for("low_income", factories.VILLAGE) == row, "not before its trial"
    days = step_edits.tried(fresh, date(2026, 3, 2))
    assert list(days.values()) == sorted(days.values()) and days[asked.pk] > date(2026, 3, 2)
    client.post(f"/procedures/templates/{fresh.pk}/activate/")
    assert templates.template_for("low_income", factories.VILLAGE) == fresh
