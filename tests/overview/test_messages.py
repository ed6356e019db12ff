"""In-site messages and the webhook: who is told, and that nobody else is."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlencode

import pytest

from households.models import Reminder
from households.procedures.lists import tasks, watch
from tests import factories
from tests.households.procedures.procedure_world import World
from villages.models import Message
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    """A list that waits for the village, and what the clock said of it."""
    world = World(households=1)
    world.start()
    with world.at():
        watch.tick()
    return world


def test_the_one_it_waits_for_is_told_with_a_link(client, waiting):
    client.force_login(waiting.cadre)
    page = client.get("/messages/").text
    message = Reminder.objects.earliest("pk")
    assert message.text in page
    assert f"/procedures/{message.batch_id}/" in page


def test_a_stranger_is_told_nothing(client, waiting):
    client.force_login(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE))
    assert "没有新消息" in client.get("/messages/").text


@pytest.fixture
def receiver():
    """A server of ours that keeps what is posted to it."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", taken
    server.shutdown()


def test_new_reminders_are_posted_once_and_name_nobody(receiver, settings, django_capture_on_commit_callbacks):
    settings.REMINDER_WEBHOOK, taken = receiver
    world = World(households=1)
    world.start()
    with world.at(), django_capture_on_commit_callbacks(execute=True):
        watch.tick()
        watch.tick()
    assert tasks.tell.name == watch.TELL
    [told] = taken
    assert [each["place"] for each in told["reminders"]] == [factories.VILLAGE] * len(told["reminders"])
    names = [person.name for household in world.households for person in household.members.all()]
    assert not any(name in json.dumps(told, ensure_ascii=False) for name in names)


def test_a_receiver_that_is_away_stops_nothing(settings, waiting):
    settings.REMINDER_WEBHOOK = "http://127.0.0.1:9/"
    assert watch.tell(list(Reminder.objects.values_list("key", flat=True))) is False


# Messages and notes.


def unread_shown(page):
    found = re.search(r'href="/messages/"(?:(?!</a>).)*<span>消息</span>((?:(?!</a>).)*)</a>', page, re.DOTALL)
    count = re.search(r"\d+", found[1])
    return int(count[0]) if count else 0


@pytest.fixture
def cadre(client):
    account = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


def test_unread_messages_stand_in_the_menu_until_they_are_opened(client, cadre):
    message = factories.message(to=cadre, url="/households/?year=2020")
    factories.message(to=cadre, text="请核实收入。")
    page = client.get("/messages/").text
    assert unread_shown(page) == 2
    assert "请核实收入。" in page

    answer = client.get(f"/messages/{message.pk}/")

    assert answer.url == "/households/?year=2020"
    assert unread_shown(client.get("/").text) == 1
    client.post("/messages/read/")
    assert unread_shown(client.get("/messages/").text) == 0


def test_one_message_is_marked_and_anothers_is_not_there(client, cadre):
    mine, other = factories.message(to=cadre), factories.message()
    assert client.post("/messages/read/", {"pk": mine.pk}).status_code == 302
    assert client.post("/messages/read/", {"pk": other.pk}).status_code == 404
    assert client.get(f"/messages/{other.pk}/").status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_older_messages_are_on_further_pages(client, cadre):
    for number in range(60):
        factories.message(to=cadre, text=f"第 {number} 条")
    assert "第 59 条" in client.get("/messages/").text
    assert "第 0 条" in client.get("/messages/?page=2").text


def test_an_office_sends_a_note_with_the_list_it_looks_at(client, cadre):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    url = f"/households/?place={factories.TOWNSHIP}&year=2020&figure=incomplete.yes"
    form = client.get(f"/messages/new/?{urlencode({'place': factories.VILLAGE, 'url': url})}").text
    assert 'value="泉秀村"' in form
    assert "figure=incomplete.yes" in form

    sent = {"place": factories.VILLAGE, "role": Role.VILLAGE_CADRE, "text": "请补录缺项。", "url": url}
    answer = client.post("/messages/new/", sent, follow=True)

    assert "已发给 1 人。" in answer.text
    assert Message.objects.visible_to(cadre).get().url == url


def test_what_was_typed_stays_when_a_note_is_refused(client, cadre):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    sent = {"place": factories.VILLAGE, "role": Role.VILLAGE_CADRE, "text": "请核实 13800001234", "url": ""}
    answer = client.post("/messages/new/", sent)
    assert answer.status_code == 422
    assert "请核实 13800001234" in answer.text
    assert "11 位以上的号码" in answer.text


def test_a_place_outside_is_not_found(client, cadre):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    factories.place(factories.OTHER_VILLAGE)
    sent = {"place": factories.OTHER_VILLAGE, "role": Role.VILLAGE_CADRE, "text": "请补录缺项。", "url": ""}
    assert client.post("/messages/new/", sent).status_code == 422
