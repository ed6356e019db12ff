"""Messages, notes, reminders and the history of a household over the API."""

from __future__ import annotations

from datetime import date

import pytest

from households.models import Reminder
from households.register import services
from tests import factories
from tests.api import rows
from tests.api.conftest import calling
from villages.models import Message
from villages.rights import Role

pytestmark = pytest.mark.django_db
MESSAGES = "/api/v1/messages/"


@pytest.fixture
def cadre():
    return factories.posted(Role.VILLAGE_CADRE)


def sent(client, path="", **facts):
    response = client.post(f"{MESSAGES}{path}", facts, format="json")
    return response.status_code, response.json()


def test_one_reads_one_s_own_messages_and_no_others(cadre):
    mine, _theirs = factories.message(cadre), factories.message()
    client = calling(cadre)
    assert [row["id"] for row in client.get(MESSAGES).json()["results"]] == [mine.pk]
    assert client.get(f"{MESSAGES}unread/").json() == {"unread": 1}
    assert sent(client, f"{mine.pk}/read/")[1]["read_at"]
    assert client.get(MESSAGES, {"unread": "true"}).json()["results"] == []
    assert client.get(MESSAGES, {"unread": "false", "kind": "note"}).json()["count"] == 1
    assert client.get(f"{MESSAGES}{_theirs.pk}/").status_code == 404
    assert sent(client, f"{_theirs.pk}/read/")[0] == 404
    assert Message.objects.get(pk=_theirs.pk).read_at is None


def test_all_are_marked_read_at_once(cadre):
    for _ in range(3):
        factories.message(cadre)
    other = factories.message()
    assert sent(calling(cadre), "read-all/") == (200, {"read": 3})
    assert list(Message.objects.unread()) == [other]


def test_an_office_sends_a_note_and_sees_who_has_read_it(cadre):
    client = calling(factories.posted(Role.TOWNSHIP_OFFICER))
    note = {"place": factories.TOWNSHIP, "text": "请补录饮水情况。", "url": "/households/?gap=living"}
    assert sent(client, **note) == (201, {"told": 1})
    [told] = Message.objects.visible_to(cadre)
    assert (told.text, told.url) == (note["text"], note["url"])
    sent(calling(cadre), f"{told.pk}/read/")
    [row] = client.get(f"{MESSAGES}sent/").json()["results"]
    assert (row["text"], row["told"], row["read"]) == (note["text"], 1, 1)


def test_a_note_that_may_not_be_sent_is_not(cadre):
    client = calling(factories.posted(Role.TOWNSHIP_OFFICER))
    note = {"place": factories.TOWNSHIP, "text": "请补录。"}
    assert list(sent(client, **{**note, "text": "联系 13800001234"})[1]["fields"]) == ["text"]
    assert list(sent(client, **note, url="https://example.com/")[1]["fields"]) == ["url"]
    assert sent(client, **note, to="county_officer")[0] == 400
    factories.place(factories.OTHER_TOWNSHIP)
    assert sent(client, **{**note, "place": factories.OTHER_TOWNSHIP})[0] == 404
    assert sent(calling(cadre), **note)[0] == 403
    assert not Message.objects.exists()


def test_the_history_tells_who_changed_what_with_numbers_masked(cadre):
    household = factories.household(members=2)
    services.edit_household(
        by=cadre, household=household, version=household.version, facts={"phone": "13800009876"}, ticks=()
    )
    path = f"/api/v1/households/{household.pk}/history/"
    newest = next(each for each in calling(cadre).get(path).json() if each["kind"] == "changed")
    assert (newest["who"], newest["subject"], newest["kind"]) == (cadre.name, "本户", "changed")
    [change] = newest["changes"]
    assert (change["before"], change["after"]) == ("未填写", "138****9876")
    assert len(calling(cadre).get(path, {"limit": 1}).json()) == 1
    assert calling(cadre).get(path, {"limit": 501}).status_code == 400
    stranger = factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)
    assert calling(stranger).get(path).status_code == 404
    assert calling(factories.posted(Role.ACCOUNTS_ADMIN)).get(path).status_code == 403


def test_reminders_are_those_whose_turn_it_is(cadre):
    batch = rows.batch(factories.household(members=1))
    facts = {"batch": batch, "place": batch.place, "right": "notice_post", "text": "公示期将满。"}
    due = Reminder.objects.create(type="due", key="due", due_on=date(2020, 10, 15), **facts)
    Reminder.objects.create(type="overdue", key="done", done_at=batch.created_at, **facts)
    [row] = calling(cadre).get("/api/v1/reminders/", {"place": factories.VILLAGE, "type": "due"}).json()["results"]
    assert (row["id"], row["batch"], row["text"]) == (due.pk, batch.pk, "公示期将满。")
    assert calling(cadre).get("/api/v1/reminders/", {"type": "overdue"}).json()["results"] == []
    for account in (
        factories.posted(Role.COUNTY_LEADER),
        factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE),
    ):
        assert calling(account).get("/api/v1/reminders/").json()["results"] == []
