"""What a worker does beside its tasks: signs of life, an end to frozen children, limits of its sessions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.db.utils import ConnectionHandler

from povreg.celery import app
from povreg.jobs import workers
from povreg.kit import limits, locks


def test_a_frozen_child_is_ended_and_nobody_else(tmp_path) -> None:
    children = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) for _ in range(2)]
    frozen, well = children
    os.kill(frozen.pid, signal.SIGSTOP)
    for pid in (frozen.pid, well.pid, os.getppid()):
        (tmp_path / str(pid)).touch()
    old = time.time() - workers.FROZEN_AFTER - 1
    for pid in (frozen.pid, os.getppid()):
        os.utime(tmp_path / str(pid), (old, old))
    try:
        assert workers.end_frozen(tmp_path) == [frozen.pid], "a number that is no child of ours is left alone"
        assert frozen.wait(10) == -signal.SIGKILL
        assert psutil.pid_exists(well.pid)
    finally:
        for child in children:
            child.kill()
            child.wait()


def test_each_kind_of_worker_has_a_sign_of_its_own() -> None:
    workers.note_alive(workers.CLOCK)
    assert cache.get(workers.KEY) is None
    workers.note_alive("celery")
    assert cache.get(workers.KEY)


def test_a_supervisor_sees_the_sign(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(workers.ALIVE_FILE, str(tmp_path / "worker.alive"))
    monkeypatch.setattr(workers, "_told", [float("-inf")])
    workers.tell_alive()
    assert (tmp_path / "worker.alive").exists()


def test_clockwork_has_a_queue_of_its_own() -> None:
    routed = {
        name: app.amqp.router.route({}, name)["queue"].name for name in ("povreg.jobs.requeue_lost", "povreg.jobs.run")
    }
    assert routed == {"povreg.jobs.requeue_lost": workers.CLOCK, "povreg.jobs.run": "celery"}


@pytest.mark.django_db
def test_a_session_is_limited_as_its_part_says(monkeypatch, settings) -> None:
    settings.WEB_LOCK_SECONDS = 7
    monkeypatch.setattr(limits, "_part", [limits.WEB])
    limits.limit(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        said = cursor.fetchone()
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    assert said == ("7s", "30s")


@pytest.mark.django_db
def test_a_lock_is_waited_for_only_by_who_may_wait() -> None:
    with OtherSession() as other, transaction.atomic():
        other.execute("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('import:500198', 0))")
        with pytest.raises(locks.Busy):
            locks.hold("import", "500198", wait=False)
        locks.hold("import", "500199", wait=False)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '20ms'")
            with pytest.raises(OperationalError) as waited, transaction.atomic():
                locks.hold("import", "500198")
        assert locks.is_not_now(waited.value)


class OtherSession:
    """A second connection to the same database."""

    def __enter__(self):
        self.link = ConnectionHandler({"default": connection.settings_dict})["default"]
        self.link.inc_thread_sharing()
        return self.link.cursor()

    def __exit__(self, *_):
        self.link.close()


def test_a_worker_that_broke_down_and_hangs_is_ended(monkeypatch):
    """Its broker went, a child is frozen: Celery would wait for it for ever."""
    left: list[int] = []
    monkeypatch.setattr(workers, "PULSE", 0.01)
    monkeypatch.setattr(workers, "ENDS_WITHIN", 0.03)
    monkeypatch.setattr(workers, "_pulses", [Path("/nowhere")])
    monkeypatch.setattr(workers, "leave", left.append)
    workers.watch(SimpleNamespace(exitcode=1))
    assert left == [1]
