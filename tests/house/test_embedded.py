"""The embedded servers: started once, stopped by the last one out, however the others ended."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis
from django.conf import settings

from povreg.shell import embedded
from povreg.shell.embedded import (
    cache,
    lease,
    places,
    postgres,
    processes,
)

HOLD = (
    "import sys\n"
    "from povreg.shell import embedded\n"
    "servers = embedded.ensure(sys.argv[1])\n"
    "print('ready', flush=True)\n"
    "sys.stdin.read()\n"
)


@pytest.fixture
def home():
    place = Path(tempfile.mkdtemp(prefix="povreg-home-"))
    place.chmod(0o711)
    layout = embedded.layout_of(place)
    yield place
    lease.stop(layout)
    lease.remove(layout)


@pytest.fixture
def holder(home):
    """Starts other processes that hold the servers of the home until told to end."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(home)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ready(process):
    return process.stdout.readline() == "ready\n"


def postmasters(home):
    data = str(embedded.layout_of(home).postgres_data)
    return [p.pid for p in psutil.process_iter() if is_postmaster(p, data)]


def is_postmaster(process, data):
    try:
        line = process.cmdline()
    except psutil.Error:
        return False
    return len(line) > 2 and line[0].endswith("/postgres") and data in line


def postmaster_pid(layout):
    return processes.read_pid(layout.postgres_data / "postmaster.pid")


def test_both_servers_answer_and_stop_with_the_last_lease(home):
    servers = embedded.ensure(home)
    layout = servers.layout
    assert postgres.answers(layout)
    assert cache.answers(layout)
    servers.release()
    assert not postgres.answers(layout)
    assert not cache.answers(layout)
    assert postmasters(home) == []


def test_data_survive_a_restart(home):
    servers = embedded.ensure(home)
    with postgres.connect(servers.layout, "povreg") as link, link.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT '双河口村' AS name")
    link.close()
    redis.Redis.from_url(servers.layout.redis_url).set("kept", "1")
    servers.release()
    servers = embedded.ensure(home)
    with postgres.connect(servers.layout, "povreg") as link, link.cursor() as cursor:
        cursor.execute("SELECT name FROM kept")
        assert cursor.fetchone() == ("双河口村",)
    link.close()
    assert redis.Redis.from_url(servers.layout.redis_url).get("kept") == b"1"
    servers.release()


def test_text_is_utf8_and_sorted_by_code_point(home):
    servers = embedded.ensure(home)
    link = postgres.connect(servers.layout, "povreg")
    with link.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)
        cursor.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'povreg'")
        assert cursor.fetchone() == ("b", "C.UTF-8")
    link.close()
    servers.release()


def test_two_processes_starting_at_once_share_one_server(home, holder):
    first, second = holder(), holder()
    assert ready(first)
    assert ready(second)
    assert len(postmasters(home)) == 1


def test_servers_outlive_one_of_two_users(home, holder):
    first, second = holder(), holder()
    assert ready(first)
    assert ready(second)
    first.communicate("")
    assert postgres.answers(embedded.layout_of(home))
    second.communicate("")
    assert postmasters(home) == []


def test_a_killed_user_holds_nothing_up(home, holder):
    first = holder()
    assert ready(first)
    first.kill()
    first.wait()
    servers = embedded.ensure(home)
    servers.release()
    assert postmasters(home) == []


def test_start_after_both_servers_crashed(home):
    servers = embedded.ensure(home)
    layout = servers.layout
    for pid in (postmaster_pid(layout), processes.read_pid(layout.redis_data / "server.pid")):
        os.kill(pid, signal.SIGKILL)
    assert processes.wait_for(lambda: not postgres.answers(layout) and not cache.answers(layout), 10)
    again = embedded.ensure(home)
    assert postgres.answers(layout)
    assert cache.answers(layout)
    again.release()
    servers.release()


def test_a_stale_pid_file_of_another_program_does_not_block(home):
    servers = embedded.ensure(home)
    layout = servers.layout
    stale = layout.postgres_data / "postmaster.pid"
    text = stale.read_text().splitlines()
    servers.release()
    stale.write_text("\n".join([str(os.getpid()), *text[1:]]) + "\n")
    servers = embedded.ensure(home)
    assert postgres.answers(layout)
    servers.release()


def test_an_interrupted_first_start_is_begun_again(home):
    half = home / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    servers = embedded.ensure(home)
    assert postgres.answers(servers.layout)
    servers.release()


def test_two_homes_run_side_by_side(home):
    with tempfile.TemporaryDirectory(prefix="povreg-other-") as other:
        Path(other).chmod(0o711)
        first, second = embedded.ensure(home), embedded.ensure(other)
        link = postgres.connect(first.layout, "povreg")
        with link.cursor() as cursor:
            cursor.execute("CREATE TABLE mine ()")
        link.commit()
        link.close()
        link = postgres.connect(second.layout, "povreg")
        with link.cursor() as cursor, pytest.raises(psycopg2.errors.UndefinedTable):
            cursor.execute("SELECT * FROM mine")
        link.close()
        first.release()
        second.release()


def test_a_long_path_gets_a_short_socket_directory(home):
    deep = home / ("乡镇" * 10) / ("村" * 20) / "povreg-home"
    servers = embedded.ensure(deep)
    assert postgres.answers(servers.layout)
    assert len(os.fsencode(servers.layout.sockets)) < 80
    servers.release()
    shutil.rmtree(servers.layout.sockets, ignore_errors=True)


def test_only_the_owner_reaches_sockets_data_and_keys(home):
    servers = embedded.ensure(home)
    layout = servers.layout
    embedded.keep_once(home / "keys" / "SECRET_KEY", lambda: "secret")
    for closed in (layout.sockets, layout.postgres_data, layout.redis_data, home / "keys"):
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700, closed
    assert stat.S_IMODE((home / "keys" / "SECRET_KEY").stat().st_mode) == 0o600
    servers.release()


def test_a_server_that_cannot_start_says_why(home, monkeypatch):
    embedded.ensure(home).release()
    monkeypatch.setitem(postgres.LAPTOP, "shared_buffers", "'a lot'")
    with pytest.raises(embedded.ServerError, match=r"(?s)内置 PostgreSQL 无法启动.*shared_buffers"):
        embedded.ensure(home)
    assert postmasters(home) == []


def test_missing_redis_says_what_to_install(home, monkeypatch):
    monkeypatch.setattr(cache.shutil, "which", lambda name: None)
    monkeypatch.setattr(cache, "find_spec", lambda name: None)
    with pytest.raises(embedded.ServerError, match="找不到 redis-server。请安装 Redis"):
        embedded.ensure(home)
    assert postmasters(home) == []


def test_a_home_nobody_can_write_is_named():
    with pytest.raises(embedded.ServerError, match="无法创建数据目录 /proc/povreg"):
        embedded.layout_of("/proc/povreg")


def test_keep_once_keeps_the_first_text(tmp_path):
    assert embedded.keep_once(tmp_path / "keys" / "K", lambda: "one") == "one"
    assert embedded.keep_once(tmp_path / "keys" / "K", lambda: "two") == "one"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends PostgreSQL to an unprivileged user")
def test_root_with_a_closed_home_keeps_data_elsewhere(home, monkeypatch, tmp_path_factory):
    ground = Path(tempfile.mkdtemp(prefix="povreg-ground-"))
    ground.chmod(0o755)
    monkeypatch.setattr(places, "SYSTEM_GROUND", ground)
    home.chmod(0o700)
    servers = embedded.ensure(home)
    layout = servers.layout
    assert layout.ground.parent == ground
    assert postgres.answers(layout)
    servers.release()
    assert embedded.layout_of(home).ground == layout.ground
    lease.remove(layout)
    shutil.rmtree(ground)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends PostgreSQL to an unprivileged user")
def test_root_with_a_closed_environment_copies_the_programs(home, monkeypatch):
    ground = Path(tempfile.mkdtemp(prefix="povreg-ground-"))
    ground.chmod(0o755)
    monkeypatch.setattr(places, "SYSTEM_GROUND", ground)
    package = places.postgres_package()
    monkeypatch.setattr(places, "reachable", lambda path, user: path != package)
    servers = embedded.ensure(home)
    assert servers.layout.programs.is_relative_to(ground)
    assert postgres.answers(servers.layout)
    servers.release()
    shutil.rmtree(ground)


def test_a_killed_test_run_is_cleaned_up_by_the_next(home, holder):
    process = holder()
    assert ready(process)
    lease.reap(home)
    assert postgres.answers(embedded.layout_of(home))
    process.kill()
    process.wait()
    lease.reap(home)
    assert not home.exists()
