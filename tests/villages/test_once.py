"""A request with a key is done once: a double click, a form sent again, a call repeated by a program."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone

from povreg.kit import once as keys
from povreg.kit.history import act
from povreg.overview.cleanup import clean_up
from tests import factories as make
from tests.api.conftest import calling
from villages.models import SentRequest, Unit, User
from villages.people import once
from villages.people.tokens import issue_token
from villages.rights import Role

pytestmark = pytest.mark.django_db
NEW_UNIT = "/api/v1/units/"


@pytest.fixture
def officer() -> User:
    return make.posted(Role.COUNTY_OFFICER)


def unit(name: str = "测试单位") -> dict[str, object]:
    return {"place": make.COUNTY, "name": name, "kind": Unit.Kind.choices[0][0], "villages": []}


def send(client, body, key="k-1", **more):
    return client.post(NEW_UNIT, body, format="json", headers={"Idempotency-Key": key}, **more)


def key_in(page: bytes) -> str:
    found = re.findall(r'name="once_key" value="([^"]+)"', page.decode())
    assert found and len(set(found)) == len(found), "each form has a key of its own"
    return found[0]


def age(seconds: int) -> None:
    SentRequest.objects.update(begun_at=timezone.now() - timedelta(seconds=seconds))


def test_a_call_sent_twice_makes_one_thing_and_gets_one_answer(officer: User) -> None:
    client = calling(officer)
    first, again = send(client, unit()), send(client, unit())

    assert first.status_code == again.status_code == 201, first.content
    assert json.loads(first.content) == json.loads(again.content)
    assert again.headers[keys.REPLAYED] == "true"
    assert keys.REPLAYED not in first.headers
    assert Unit.objects.count() == 1
    kept = SentRequest.objects.get()
    assert kept.changed
    assert "k-1" not in (kept.name, kept.digest)


def test_the_bearer_of_a_token_has_keys_of_its_own(officer: User) -> None:
    officer.set_password("Invented-Words-9")
    officer.save()
    token, _ = issue_token(username=officer.username, password="Invented-Words-9")
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    client = Client()
    answers = [
        client.post(NEW_UNIT, unit(), "application/json", headers={"Idempotency-Key": "a"}, **bearer) for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [201, 201]
    assert Unit.objects.count() == 1

    assert send(calling(make.posted(Role.COUNTY_OFFICER)), unit("另一单位"), key="a").status_code == 201
    assert Unit.objects.count() == 2, "a key belongs to its account"


def test_without_a_key_or_with_another_one_things_are_made_anew(officer: User) -> None:
    client = calling(officer)
    assert {send(client, unit(str(key)), key=str(key)).status_code for key in range(2)} == {201}
    client.post(NEW_UNIT, unit("无"), format="json")
    assert Unit.objects.count() == 3


def test_a_key_with_another_content_is_refused(officer: User) -> None:
    client = calling(officer)
    send(client, unit())
    other = send(client, unit("另一单位"))
    assert (other.status_code, other.json()["code"]) == (422, "refused")
    assert Unit.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 129, "钥匙".encode().decode("latin-1")])
def test_a_key_that_is_none_is_told(officer: User, key: str) -> None:
    answer = send(calling(officer), unit(), key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_refused_call_may_be_corrected_under_the_same_key(officer: User) -> None:
    client = calling(officer)
    assert send(client, unit(name="")).status_code == 400
    assert not SentRequest.objects.exists()
    assert send(client, unit()).status_code == 201


def test_strangers_leave_no_keys() -> None:
    assert send(Client(), unit()).status_code in (401, 415)
    assert not SentRequest.objects.exists()


def test_one_that_comes_while_the_first_is_at_work_is_not_done(officer: User, monkeypatch) -> None:
    client = calling(officer)
    monkeypatch.setattr(once, "PATIENCE", 0.0)
    send(client, unit())
    SentRequest.objects.update(status=None, changed=False)
    second = send(client, unit())
    assert (second.status_code, second.json()["code"]) == (409, "in_progress")
    assert Unit.objects.count() == 1


def test_a_call_whose_process_died_before_its_change_is_done_anew(officer: User) -> None:
    client = calling(officer)
    send(client, unit())
    Unit.objects.all().delete()
    SentRequest.objects.update(status=None, changed=False)
    age(100)
    assert send(client, unit()).status_code == 201
    assert Unit.objects.count() == 1
    assert SentRequest.objects.get().attempt == 2


def test_a_call_whose_process_died_after_its_change_is_not_repeated(officer: User) -> None:
    client = calling(officer)
    send(client, unit())
    SentRequest.objects.update(status=None)
    age(100)
    again = send(client, unit())
    assert (again.status_code, again.json()["code"]) == (409, "done_before")
    assert Unit.objects.count() == 1


def test_who_was_taken_for_dead_cannot_store_its_change(officer: User) -> None:
    sent = once.Sent(officer, "n" * 32, "d" * 32)
    slow = once.take(sent)
    assert slow is not None
    assert once.take(sent) is None
    age(100)
    assert once.take(sent) is not None
    token = keys.marking.set(lambda: once.mark_changed(slow))
    try:
        with pytest.raises(once.TakenOver), act(by=officer, verb="load_test"):
            pass
    finally:
        keys.marking.reset(token)


def test_a_form_sent_twice_makes_one_thing(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    key = key_in(client.get("/units/new/").content)
    form = {**unit(), "once_key": key, "villages": "", "is_active": "on"}
    answers = [client.post("/units/new/", form) for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 302], answers[0].content.decode()
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Unit.objects.count() == 1
    assert "没有重复办理" in client.get("/units/").content.decode()

    client.post("/units/new/", {**form, "name": "改过的名称"})
    assert Unit.objects.count() == 2, "a form with other content is another request"


def test_a_refused_form_leaves_no_key(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    assert client.post("/units/new/", {"once_key": "abc", "name": ""}).status_code == 422
    assert not SentRequest.objects.exists()


def test_signing_in_and_out_is_never_answered_from_memory(officer: User) -> None:
    officer.set_password("Invented-Words-9")
    officer.save()
    form = {"username": officer.username, "password": "Invented-Words-9", "once_key": "abc"}
    for client in (Client(), Client()):
        assert client.post("/login/", form).status_code == 302
        assert client.get("/units/").status_code == 200
    assert not SentRequest.objects.exists()


def test_files_count_by_what_is_in_them() -> None:
    def digest(content: bytes) -> str:
        upload = SimpleUploadedFile("a.xlsx", content)
        return once.digest_of_form(RequestFactory().post("/x/", {"csrfmiddlewaretoken": "1", "file": upload}))

    assert digest(b"one") == digest(b"one") != digest(b"two")


def test_keys_live_a_day(officer: User) -> None:
    send(calling(officer), unit())
    age(23 * 3600)
    assert clean_up()["requests"] == 0
    age(25 * 3600)
    assert clean_up()["requests"] == 1
