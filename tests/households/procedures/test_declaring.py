"""A household declares by itself without login: six fields and consent, a lead, a number, an answer with its reason."""

import pytest
from django.utils import timezone

from households.models import Batch, Lead
from tests import factories
from tests.households.procedures.procedure_world import World

pytestmark = pytest.mark.django_db
SAID = "丈夫在工地摔伤，住院花了七万元，今年不能务工。"


def test_a_declaration_becomes_a_lead_and_its_answer_is_read_by_the_number(client):
    home = factories.household(members=1)
    head = home.members.get()
    path = f"/gongshi/{factories.VILLAGE}/declare/"
    assert path in client.get(f"/gongshi/{factories.VILLAGE}/").content.decode()
    facts = {"name": head.name, "phone": "13800005678", "id_no": head.id_no, "said": SAID, "risks": ["01"]}
    refused = client.post(path, facts)
    assert refused.status_code == 422 and "请勾选同意核实" in refused.content.decode()
    assert (
        "身份证号不对" in client.post(path, {**facts, "consent": "on", "id_no": "500198198001010011"}).content.decode()
    )
    answer = client.post(path, {**facts, "consent": "on"}, follow=True)
    row = Lead.objects.get()
    assert (row.household, row.source, row.raised_by) == (home, "application", None)
    assert row.tracking_no in answer.content.decode()
    row.state, row.outcome, row.outcome_reason, row.decided_on = (
        "decided",
        "dismissed",
        "收入高于标准",
        timezone.localdate(),
    )
    row.save()
    page = client.post("/gongshi/objection/", {"tracking_no": row.tracking_no.lower()}).content.decode()
    assert "不纳入" in page and "收入高于标准" in page and head.name not in page


def test_who_was_put_on_a_list_reads_what_was_decided_there(client):
    """On its way, approved, taken out with its reason, stopped: the number says it, and names nobody."""
    world = World(1, "monitor_in")
    home = world.household(in_register=False)
    batch = world.draft(household_ids=[home.pk])
    decided = {"state": "decided", "outcome": "listed", "outcome_reason": "核实属实", "decided_by": world.zhen}
    row = factories.lead(home, source="application", batch=batch, decided_on=timezone.localdate(), **decided)

    def read() -> str:
        page = client.post("/gongshi/objection/", {"tracking_no": row.tracking_no}).content.decode()
        assert home.household_no not in page and "王明海" not in page
        return page

    assert "按程序评议" in read()
    for state, said in (("done", "已批准：监测对象纳入"), ("stopped", "名单已终止")):
        Batch.objects.filter(pk=batch.pk).update(state=state)
        assert said in read()
    batch.entries.update(state="out", is_open=False, reason="测算收入高于监测线 13800005678")
    page = read()
    assert "没有纳入" in page and "测算收入高于监测线" in page and "13800005678" not in page
