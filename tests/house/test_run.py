"""`make run` from start to Ctrl-C, in a home of its own: serves, prints the accounts, leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.test import Client

from povreg.shell import embedded, run
from povreg.shell.embedded import ServerError, cache, lease, postgres, processes
from tests import schema

PATIENCE = 420  # seconds; the machine may be busy with the other tests


@pytest.fixture
def home(django_db_setup):
    """A home whose database is migrated already, so that the test is about running."""
    place = Path(tempfile.mkdtemp(prefix="povreg-run-"))
    place.chmod(0o711)
    servers = embedded.ensure(place)
    dump = next(schema.KEPT.glob("schema-*.sql"))
    where = ("-h", servers.layout.database["HOST"], "-U", "povreg", "-d", "povreg")
    words = ("-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", str(dump))
    subprocess.run([str(servers.layout.programs / "psql"), *where, *words], check=True)
    servers.release()
    yield place
    lease.stop(servers.layout)
    lease.remove(servers.layout)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(home, port):
    """Starts `make run` (without the installing) and ends it after the test."""
    started = []

    def begin(**more):
        environment = {
            **os.environ,
            "POVREG_HOME": str(home),
            "STATIC_ROOT": str(home / "static"),
            "MEDIA_ROOT": str(home / "media"),
            "PORT": str(port),
            "DEMO_HOUSEHOLDS": "12",
            "REDIS_DB": "0",
            "CELERY_TASK_ALWAYS_EAGER": "0",
            **more,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "povreg.shell.run"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)


def status(port, path="/readyz"):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return None


def wait(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def of_home(home):
    """Processes that still work for this home."""
    found = []
    for process in psutil.process_iter():
        try:
            mine = str(home) in " ".join(process.cmdline()) or process.environ().get("POVREG_HOME") == str(home)
        except psutil.Error:
            continue
        if mine and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def worker_of(supervisor: int) -> psutil.Process | None:
    """The worker that make run watches; its own children carry the same words but another parent."""
    try:
        started = psutil.Process(supervisor).children()
        alive = (p for p in started if p.status() != psutil.STATUS_ZOMBIE)
        return next((p for p in alive if "worker" in p.cmdline() and "clock" not in p.cmdline()), None)
    except psutil.NoSuchProcess:
        return None


@pytest.mark.slow
def test_serves_the_demonstration_until_told_to_stop_and_leaves_nothing(home, port, start):
    process = start()
    assert wait(lambda: status(port) == 200 or process.poll() is not None)
    assert status(port) == 200, process.communicate()[0]

    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/login/").read().decode()
    style = re.search(r"/static/\w+/vendor/tabler/css/tabler.min.css", page)[0]
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{style}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "max-age=31536000" in answer.headers["Cache-Control"]

    worker = worker_of(process.pid)
    worker.kill()
    assert wait(lambda: (new := worker_of(process.pid)) is not None and new.pid != worker.pid)

    second = start()
    assert "已经有一个 make run 在运行" in second.communicate(timeout=PATIENCE)[0]
    assert second.returncode == 1

    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}/" in output
    assert re.search(r"密码均为：\S+", output)
    for account in ("cun", "zhen", "xian", "lingdao", "bumen", "bangfu", "shenji", "guanli"):
        assert re.search(rf"^  {account} ", output, re.MULTILINE), account
    assert "worker 意外退出" in output
    assert of_home(home) == []
    assert status(port) is None


def test_a_taken_port_is_named_with_the_way_out(home, port, start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        process = start()
        output = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 1
    assert f"端口 {port} 无法使用" in output
    assert "make run PORT=8001" in output
    assert of_home(home) == []


def test_a_process_that_keeps_ending_is_given_up(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "LOGS", tmp_path)
    child = run.Child("worker", ["povreg.no_such_module"])
    child.start()
    with pytest.raises(ServerError, match=r"(?s)worker 反复退出.*no_such_module"):
        for _ in range(run.MOST_RESTARTS + 1):
            child.process.wait()
            child.revive()


def test_a_worker_that_shows_no_sign_of_life_any_more_is_started_anew(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "LOGS", tmp_path)
    child = run.Child("worker", ["http.server", "0"])
    child.start()
    first = child.process.pid
    child.revive()
    assert child.process.pid == first, "it has shown none yet"
    child.sign.touch()
    child.revive()
    assert child.process.pid == first
    old = time.time() - run.FROZEN_AFTER - 1
    os.utime(child.sign, (old, old))
    child.process.send_signal(signal.SIGSTOP)
    child.revive()
    assert child.process.pid != first
    child.finish(0)


def killed(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    assert processes.wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie", 10)


def test_servers_that_died_are_started_again(capsys):
    place = Path(tempfile.mkdtemp(prefix="povreg-revive-"))
    place.chmod(0o711)
    servers = embedded.ensure(place, throwaway=True)
    layout = servers.layout
    try:
        assert run.revive_servers(servers, 0) == 0
        assert capsys.readouterr().out == "", "nothing had died"
        killed(processes.read_pid(layout.postgres_data / "postmaster.pid"))
        killed(processes.read_pid(layout.redis_data / "server.pid"))
        failed = 0
        while not (postgres.answers(layout) and cache.answers(layout)):
            failed = run.revive_servers(servers, failed)
        said = capsys.readouterr().out
        assert "PostgreSQL 意外退出，已重新启动。" in said and "Redis 意外退出，已重新启动。" in said
    finally:
        servers.release()


def test_a_server_that_never_starts_again_is_given_up():
    class Broken:
        def revive(self):
            raise ServerError("没有空间")

    assert run.revive_servers(Broken(), 0) == 1
    with pytest.raises(ServerError, match="没有空间"):
        run.revive_servers(Broken(), run.MOST_RESTARTS - 1)


def test_answers_carry_the_security_headers(db):
    response = Client().get("/healthz")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
