"""What logs and the record of sign-ins hold: one request id everywhere, one time zone, no noise, no tried password."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery.app.task import Context
from celery.exceptions import AlwaysEagerIgnored
from django.conf import settings
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from povreg.celery import app
from povreg.kit import trail
from povreg.kit.logs import AddRequest, JsonLine, TextLine, request_id
from povreg.overview import health
from povreg.overview.cleanup import clean_up
from povreg.shell.run import rotate
from tests import factories
from tests.house.test_settings import settings_say
from tests.owner import owner
from villages.models import SignInAttempt
from villages.people.attempts import hash_of
from villages.rights import Role

OF_PROXY = "0123456789abcdef0123456789abcdef"


def record(message="there", **more):
    made = logging.LogRecord("povreg.access", logging.INFO, "", 1, message, None, None)
    made.created = 1_780_000_000.5
    AddRequest().filter(made)
    return made


def test_a_line_has_its_time_with_offset_and_the_request():
    line = TextLine("%(asctime)s request=%(request_id)s %(message)s").format(record())
    assert line == "2026-05-29T04:26:40.500+08:00 request=- there"


def test_json_is_one_object_a_line():
    token = request_id.set(OF_PROXY)
    said = JsonLine().format(record("一行\n两行"))
    request_id.reset(token)
    assert "\n" not in said
    assert json.loads(said) == {
        "time": "2026-05-29T04:26:40.500+08:00", "level": "INFO", "logger": "povreg.access", "message": "一行\n两行",
        "request": OF_PROXY,
    }  # fmt: skip


def test_the_format_is_a_setting_and_a_wrong_one_is_refused():
    assert settings_say("s.LOGGING['handlers']['console']['formatter']", LOG_FORMAT="json").stdout.strip() == "json"
    assert "LOG_FORMAT" in settings_say("1", LOG_FORMAT="xml").stderr


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, "povreg.access")
    return lambda: [each.getMessage() for each in caplog.records if each.name == "povreg.access"]


def test_the_proxys_id_is_taken_over_and_given_back(client, db, lines):
    assert client.get("/healthz", headers={"X-Request-Id": OF_PROXY}).headers["X-Request-Id"] == OF_PROXY
    assert "proxy_set_header X-Request-Id $request_id;" in (settings.BASE_DIR / "nginx.conf").read_text()


@pytest.mark.parametrize("given", ["x", "1" * 15, "0123456789abcdef\tdrop", "A" * 33, "../../../../../etc"])
def test_what_is_no_id_gets_a_new_one(client, db, given):
    got = client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert got != given and re.fullmatch("[0-9a-f]{32}", got)


def test_health_checks_make_no_noise_unless_something_is_amiss(client, db, lines, monkeypatch):
    client.get("/healthz")
    client.get("/login/")
    assert [line.split()[1] for line in lines()] == ["/login/"]
    monkeypatch.setattr(health, "LEAST_ROOM", 2**70)
    client.get("/readyz")
    assert [line.split()[1:3] for line in lines()][-1] == ["/readyz", "503"]


def test_a_task_carries_the_id_of_the_request_that_sent_it():
    token = request_id.set(OF_PROXY)
    with pytest.warns(AlwaysEagerIgnored):
        app.send_task("povreg.nothing", args=[], queue="audit-test")
    request_id.reset(token)
    line: Any = redis.from_url(settings.REDIS_URL)
    queue = f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}audit-test"
    [sent] = line.lrange(queue, 0, -1)
    line.delete(queue)
    headers = json.loads(sent)["headers"]
    trail.take_up(task=SimpleNamespace(request=Context(headers)), task_id="x")
    assert request_id.get() == OF_PROXY
    trail.put_down()
    assert request_id.get() == ""


def test_a_task_that_nobody_asked_for_has_its_own_id():
    trail.take_up(task=SimpleNamespace(request=Context({})), task_id="0a1b-2c3d")
    assert request_id.get() == "0a1b2c3d"
    trail.put_down()


def test_logs_that_have_grown_are_put_aside(tmp_path):
    log = tmp_path / "web.log"
    with log.open("ab") as held:
        for number in range(4):
            held.write(b"%d" % number * 10)
            held.flush()
            rotate(log, most=10, kept=2)
    assert log.read_bytes() == b""
    assert (tmp_path / "web.log.1").read_bytes() == b"3" * 10
    assert (tmp_path / "web.log.2").read_bytes() == b"2" * 10
    assert not (tmp_path / "web.log.3").exists()


# Sign-ins.


def post(client, name, password, **more):
    return client.post("/login/", {"username": name, "password": password}, REMOTE_ADDR="10.1.2.3", **more)


def test_tries_are_kept_with_address_account_and_request(client, db):
    account = factories.posted(Role.VILLAGE_CADRE)
    post(client, account.username, "wrong", headers={"X-Request-Id": OF_PROXY})
    kept = SignInAttempt.objects.get()
    assert (kept.user, kept.address, kept.outcome, kept.request) == (account, "10.1.2.3", "refused", OF_PROXY)
    client.post("/api/v1/auth/token/", {"username": account.username, "password": "x"}, content_type="application/json")
    assert SignInAttempt.objects.filter(user=account, outcome="refused").count() == 2


def test_a_password_typed_as_a_name_lies_nowhere(client, db, caplog):
    caplog.set_level(logging.DEBUG)
    post(client, "My-Secret-Passw0rd", "x")
    kept = SignInAttempt.objects.get()
    assert kept.user is None and kept.tried_hash == hash_of("My-Secret-Passw0rd ")
    assert "My-Secret" not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM villages_signinattempt t")
        assert "My-Secret" not in cursor.fetchone()[0]


def test_a_try_is_never_changed(client, db):
    post(client, "nobody", "x")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        SignInAttempt.objects.update(outcome="ok")
    with owner(), pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        SignInAttempt.objects.update(outcome="ok")


def test_tries_go_after_their_days(client, db, settings, monkeypatch):
    post(client, "nobody", "x")
    settings.KEEP_SIGN_INS_DAYS = 400
    clean_up()
    assert SignInAttempt.objects.exists()
    later = timezone.now() + timedelta(days=401)
    monkeypatch.setattr("povreg.overview.cleanup.timezone.now", lambda: later)
    clean_up()
    assert not SignInAttempt.objects.exists()
