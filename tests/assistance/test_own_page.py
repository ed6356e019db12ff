"""The household's own page: code and second fact, what is shown, a copy, a correction and its answer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from assistance.models import CorrectionRequest, HouseholdCard
from assistance.papers import services
from assistance.papers.own import door, views as own
from audits.exports.declared import scoped
from households.models import Household
from povreg.kit import throttle
from povreg.kit.values import shown
from povreg.proof.models import ExportRecord
from tests import factories as make
from tests.assistance.test_papers import helped
from villages.models import Message
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cadre() -> Any:
    return make.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def household() -> Household:
    return helped(phone="13812345678")


@pytest.fixture
def card(cadre: Any, household: Household) -> HouseholdCard:
    return services.issue_card(by=cadre, household=household)


def at(card: HouseholdCard, what: str = "") -> str:
    return f"/gongshi/h/{card.code}/{what}"


def last_six(household: Household) -> str:
    return household.members.heads().get().id_no[-6:]


def come_in(client: Client, card: HouseholdCard) -> str:
    client.post(at(card), {"fact": last_six(card.household)})
    return client.get(at(card)).content.decode()


@pytest.mark.parametrize("fact", ["id", "phone"])
def test_code_and_second_fact_open_the_page(client: Client, card: HouseholdCard, fact: str) -> None:
    assert "帮扶责任人" not in client.get(at(card)).content.decode()
    answer = client.post(at(card), {"fact": last_six(card.household) if fact == "id" else "345678"})
    assert answer.status_code == 302
    page = client.get(at(card))
    said = page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    for each in ("何帮扶", "tel:13900001111", "600.00", "帮扶计划", "应享受的政策"):
        assert each in said
    head = card.household.members.heads().get()
    assert head.name not in said and head.id_no not in said and "13812345678" not in said and "健康状况" not in said


def test_nothing_is_shown_before_or_with_a_wrong_fact(client: Client, card: HouseholdCard) -> None:
    assert client.get(at(card, "copy/")).status_code == 303
    answer = client.post(at(card), {"fact": "000000"})
    assert answer.status_code == 422 and "还可以试 4 次" in answer.content.decode()
    assert "何帮扶" not in client.get(at(card)).content.decode()


def test_after_five_wrong_facts_a_right_one_opens_nothing_until_tomorrow(card: HouseholdCard) -> None:
    for left in (4, 3, 2, 1, 0):
        assert door.knock(card, "000000").left == left
    assert not door.knock(card, last_six(card.household)).opened
    HouseholdCard.objects.update(tried_on=timezone.localdate() - timedelta(days=1))
    assert door.knock(card, last_six(card.household)).opened
    assert HouseholdCard.objects.get().tries == 0


def test_an_address_that_tries_too_often_waits(
    client: Client, card: HouseholdCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "KNOCK", throttle.Limit("test-knock", 1, 3600))
    client.post(at(card), {"fact": "000000"})
    assert client.post(at(card), {"fact": last_six(card.household)}).status_code == 429


def test_the_door_of_one_household_opens_no_other(client: Client, cadre: Any, card: HouseholdCard) -> None:
    other = services.issue_card(by=cadre, household=helped())
    come_in(client, card)
    assert "查看本户信息" in client.get(at(other)).content.decode()
    assert client.get(at(other, "copy/")).status_code == 303
    assert client.post(at(other), {"fact": last_six(card.household)}).status_code == 422


def test_a_renewed_or_revoked_code_opens_nothing(client: Client, cadre: Any, card: HouseholdCard) -> None:
    assert services.issue_card(by=cadre, household=card.household) == card
    come_in(client, card)
    renewed = services.renew_card(by=cadre, household=card.household)
    assert client.get(at(card)).status_code == 404
    assert "何帮扶" not in client.get(at(renewed)).content.decode()
    services.revoke_card(by=cadre, household=card.household, reason="本户要求作废")
    assert client.get(at(renewed)).status_code == 404
    with pytest.raises(PermissionDenied):
        services.issue_card(by=make.posted(Role.HELPER), household=card.household)


def test_the_code_is_neither_kept_in_the_clear_nor_shown_nor_exported(card: HouseholdCard) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM assistance_householdcard c")
        assert card.code not in str(cursor.fetchall())
    field = HouseholdCard._meta.get_field("code")
    assert card.code[:6] not in shown(field, card.code)
    assert "code" not in scoped("cards", "查询码", "帮扶", HouseholdCard).columns()


def test_a_copy_is_a_file_that_is_recorded(client: Client, card: HouseholdCard) -> None:
    come_in(client, card)
    assert "本户登记信息（副本）" in client.get(at(card, "copy/")).content.decode()
    assert client.get(at(card, "copy.pdf")).content[:4] == b"%PDF"
    assert ExportRecord.objects.filter(kind="paper:own-copy", by=None).count() == 1


def ask(client: Client, card: HouseholdCard, **facts: str) -> Any:
    return client.post(at(card, "correct/"), {"about": "income", "said": "工资应为 30000 元", "website": "", **facts})


def test_a_correction_is_asked_followed_and_answered(client: Client, cadre: Any, card: HouseholdCard) -> None:
    come_in(client, card)
    assert ask(client, card, said="").status_code == 422
    assert ask(client, card).status_code == 302
    number = re.search(r"[0-9A-F]{4}(-[0-9A-F]{4}){7}", client.get(at(card, "corrected/")).content.decode())
    assert number
    row = CorrectionRequest.objects.get()
    assert (row.due_on - row.received_on).days == services.ANSWER_DAYS
    assert Message.objects.filter(to=cadre).exists()
    with pytest.raises(ValidationError, match="没有改动"):
        services.answer_correction(by=cadre, request=row, outcome="corrected", answer="已按工资单更正")
    record = card.household.annual_records.get()
    record.save()
    client.force_login(cadre)
    page = client.get("/").content.decode()
    assert "1 件更正申请待答复" in page
    sent = {"outcome": "corrected", "answer": "已按工资单更正，电话 13812345678"}
    assert client.post(f"/correction-requests/{row.pk}/", sent).status_code == 302
    client.logout()
    followed = client.post("/gongshi/objection/", {"tracking_no": number[0].lower()}).content.decode()
    assert "已更正" in followed and "13812345678" not in followed
    with pytest.raises(ValidationError, match="已经答复"):
        services.answer_correction(by=cadre, request=row, outcome="refused", answer="不再更正")


def test_a_household_waits_for_answers_before_it_asks_more(household: Household) -> None:
    for _ in range(services.MOST_OPEN):
        services.take_correction(household=household, about="other", said="住址不对")
    with pytest.raises(ValidationError, match="在办"):
        services.take_correction(household=household, about="other", said="住址不对")


def test_who_may_not_edit_answers_nothing(client: Client, household: Household) -> None:
    row = services.take_correction(household=household, about="other", said="住址不对")
    with pytest.raises(PermissionDenied):
        services.answer_correction(by=make.posted(Role.HELPER), request=row, outcome="refused", answer="不再更正")
    client.force_login(make.posted(Role.COUNTY_LEADER))
    assert client.post(f"/correction-requests/{row.pk}/", {}).status_code == 403
