"""Anybody may speak against a posted project, follows it by a number, and gets an answer before the notice ends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from assistance.funds.notices.objecting import answer_objection
from assistance.funds.notices.services import close_notice
from assistance.models import ProjectObjection
from tests import factories as make
from tests.assistance import moneyed
from villages.rights import Role

pytestmark = pytest.mark.django_db
SAID = {"text": "这条路已经硬化过，不应再安排资金。", "name": "李某", "phone": "13800001234"}


def test_an_objection_goes_from_the_public_page_to_its_answer(client: Client) -> None:
    today = timezone.localdate()
    notice = moneyed.notice(posted_on=today, ends_on=today + timedelta(days=10))
    page = f"/gongshi/p/{notice.token}/"
    assert f"{page}objection/" in client.get(page).content.decode()
    refused = client.post(f"{page}objection/", {"text": "不行", "phone": "abc"})
    assert refused.status_code == 422 and "写得太短" in refused.content.decode()
    sent = client.post(f"{page}objection/", SAID, follow=True).content.decode()
    number = re.search(r"([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})", sent).group(1)  # type: ignore[union-attr]
    row = ProjectObjection.objects.get()
    assert (row.tracking_no, row.text, row.due_on) == (number, SAID["text"], today + timedelta(days=20))
    assert "核查中" in client.post("/gongshi/objection/", {"tracking_no": number}).content.decode()
    client.force_login(xian := make.posted(Role.COUNTY_OFFICER))
    assert SAID["text"] in client.get("/projects/objections/").content.decode()
    told = {"upheld": "yes", "answer": "情况属实，已取消该路段，改修三组。"}
    assert client.post(f"/projects/objections/{row.pk}/answer/", told).status_code == 302
    client.logout()
    followed = client.post("/gongshi/objection/", {"tracking_no": number.lower()}).content.decode()
    assert "异议成立" in followed and told["answer"] in followed
    with pytest.raises(ValidationError, match="已经答复"):
        answer_objection(by=xian, objection=row, upheld=False, answer="再答复一次，改为不成立。")


def test_a_notice_ends_when_every_objection_is_answered() -> None:
    xian, notice = make.posted(Role.COUNTY_OFFICER), moneyed.notice(ends_on=timezone.localdate() - timedelta(days=1))
    row = moneyed.project_objection(notice=notice)
    close = {"by": xian, "notice": notice, "on": timezone.localdate()}
    with pytest.raises(ValidationError, match="1 条异议没有答复"):
        close_notice(**close)
    with pytest.raises(PermissionDenied):
        answer_objection(by=notice.project.proposed_by, objection=row, upheld=False, answer="核查过，不属实，不成立。")
    answer_objection(by=xian, objection=row, upheld=False, answer="核查过，不属实，不成立。")
    assert close_notice(**close).closed_on == timezone.localdate()


def test_after_its_days_nobody_objects_online(client: Client) -> None:
    notice = moneyed.notice(ends_on=timezone.localdate() - timedelta(days=1))
    answer = client.get(f"/gongshi/p/{notice.token}/objection/")
    assert answer.status_code == 410 and "已于" in answer.content.decode()
    assert client.post(f"/gongshi/p/{notice.token}/objection/", SAID).status_code == 422
    assert not ProjectObjection.objects.exists()
