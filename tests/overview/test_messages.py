"""In-site messages and the webhook: who is told, and that nobody else is."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from households.models import Reminder
from households.procedures import tasks, watch
from tests import factories
from tests.households.procedure_world import World
from villages.people.rights import Role

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
