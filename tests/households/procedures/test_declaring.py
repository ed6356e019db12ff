"""A household declares by itself without login: six fields and consent, a lead, a number, an answer with its reason."""

import pytest
from django.utils import timezone

from households.models import Lead
from tests import factories

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
