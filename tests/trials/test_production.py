"""The production path: the very commands of docker-compose.yml as a user who owns nothing, on PostgreSQL over the
network, Redis, PgBouncer and nginx of the system. Skips what is not installed and says so."""

from __future__ import annotations

import atexit
import base64
import concurrent.futures
import http.client
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg2
import pytest
import yaml

from povreg.shell.embedded import layout_of
from povreg.shell.embedded.postgres import locale_of
from tests.servers import SERVERS

BASE = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((BASE / "docker-compose.yml").read_text())
NEEDED = ("nginx", "redis-server", "pgbouncer")
COUNTY = "500198"
WAITS = "秒后再试|以后可以再试"
PATIENCE = 90.0  # seconds
PACKAGES = next(path for path in sys.path if path.endswith("site-packages"))
missing = [name for name in NEEDED if shutil.which(name) is None and not Path(f"/usr/sbin/{name}").exists()]
pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="switches to other users"),
    pytest.mark.skipif(bool(missing), reason=f"apt-get install nginx-light pgbouncer redis-server: {missing}"),
]  # fmt: skip


@cache
def house_python() -> str:
    """A Python that other users may run: ours, or a copy of it where it lies in a closed folder."""
    if not Path(sys.executable).resolve().is_relative_to("/root"):
        return sys.executable
    copy = Path(tempfile.mkdtemp(prefix="povreg-python-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    left = shutil.ignore_patterns("test", "site-packages", "__pycache__", "*.a", "share")
    shutil.copytree(sys.base_prefix, copy, ignore=left, dirs_exist_ok=True, symlinks=True)
    copy.chmod(0o755)
    return str(copy / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """Servers and processes of one installation, all in one folder, ended by their own numbers."""

    home: Path
    ports: dict[str, int] = field(
        default_factory=lambda: {name: free_port() for name in ("pg", "redis", "pool", "web", "nginx")}
    )
    secret: dict[str, str] = field(
        default_factory=lambda: {name: secrets.token_urlsafe(24) for name in ("owner", "app", "redis")}
    )
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    user: str = "nobody"

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """What docker-compose.yml gives, with secrets from files and our ports."""
        files = {}
        for name, value in {
            "SECRET_KEY": secrets_of(self.home, "SECRET_KEY", lambda: secrets.token_urlsafe(60)),
            "FIELD_ENCRYPTION_KEYS": secrets_of(self.home, "FIELD_ENCRYPTION_KEYS", new_key),
            "SIGNING_KEYS": secrets_of(self.home, "SIGNING_KEYS", new_key),
            "DATABASE_PASSWORD": secrets_of(self.home, "DATABASE_PASSWORD", lambda: self.secret["app"]),
            "REDIS_PASSWORD": secrets_of(self.home, "REDIS_PASSWORD", lambda: self.secret["redis"]),
        }.items():
            files[f"{name}_FILE"] = value
        given = {key: str(value) for key, value in COMPOSE["services"]["web"]["environment"].items()}
        given |= {
            "DATABASE_HOST": "127.0.0.1", "DATABASE_PORT": str(self.ports["pg" if owner else "pool"]),
            "DATABASE_PASSWORD": "", "REDIS_PASSWORD": "", "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(self.ports["redis"]),
            "POVREG_HOME": str(self.home / "data"), "MEDIA_ROOT": str(self.home / "data/media"),
            "STATIC_ROOT": str(self.home / "static"), "PREPARE_STATEMENTS": "0", "ALLOWED_HOSTS": "povreg.test",
            "SECOND_FACTOR": "0", "FORWARDED_ALLOW_IPS": "127.0.0.1", "LOG_FORMAT": "json", **files,
        }  # fmt: skip
        if owner:
            given |= {"DATABASE_OWNER_USER": "povreg", "DATABASE_OWNER_PASSWORD": self.secret["owner"]}
        keep = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {
            **keep,
            **{name: value for name, value in given.items() if value},
            "HOME": str(self.home),
            "PYTHONPATH": PACKAGES,
            "LD_LIBRARY_PATH": str(Path(house_python()).parents[1] / "lib"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(
        self, *words: str, owner: bool = False, user: str | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [house_python(), "manage.py", *words], cwd=BASE, env=self.environment(owner=owner) | more,
            user=user or self.user, group="nogroup", capture_output=True, text=True, check=False, umask=0o077,
        )  # fmt: skip

    def start(
        self, name: str, words: list[str], *, user: str | None = None, plain: bool = False
    ) -> subprocess.Popen[bytes]:
        log = (self.home / f"{name}.log").open("ab")
        env = {"PATH": os.environ["PATH"]} if plain else self.environment()
        options = {"user": user, "group": pwd.getpwnam(user).pw_gid} if user else {}
        process = subprocess.Popen(words, cwd=BASE, env=env, stdout=log, stderr=log, start_new_session=True, **options)
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in reversed(self.running):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        end = time.monotonic() + 20
        for process in self.running:
            try:
                process.wait(max(end - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def ask(
        self, path: str, source: str = "127.0.0.1", method: str = "GET", body: str = "", **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Through nginx, from an address of our choice."""
        link = http.client.HTTPConnection("127.0.0.1", self.ports["nginx"], timeout=60, source_address=(source, 0))
        try:
            link.request(method, path, body or None, {"Host": "povreg.test", **headers})
            answer = link.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode(errors="replace")
        finally:
            link.close()


def secrets_of(home: Path, name: str, make: Callable[[], str]) -> str:
    path = home / "secrets" / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(make() + "\n")
        shutil.chown(path, "nobody", "nogroup")
        path.chmod(0o400)
    return str(path)


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def wait_until(good: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if good():
                return
        except (OSError, psycopg2.Error, http.client.HTTPException):
            pass
        time.sleep(0.3)
    raise AssertionError(f"{what} did not come up")


def words_of(service: str, house: House) -> list[str]:
    """The command that compose runs (the image's own for web), with our port and paths."""
    command = COMPOSE["services"][service].get("command")
    if command is None:
        found = re.search(r"^CMD (\[.*?\])$", (BASE / "Dockerfile").read_text().replace("\\\n", ""), re.MULTILINE)
        assert found
        words = json.loads(found[1])
    else:
        words = command.split()
    words = [
        word.replace("0.0.0.0:8000", f"127.0.0.1:{house.ports['web']}").replace("/data/", f"{house.home}/data/")
        for word in words
    ]
    return [house_python(), "-m", *words] if words[0] != "python" else [house_python(), *words[1:]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = Path("/tmp") / f"povreg-production-{secrets.token_hex(4)}"
    home.mkdir(mode=0o755)
    made = House(home)
    (home / "data").mkdir()
    (home / "static").mkdir()
    shutil.chown(home / "data", "nobody", "nogroup")
    try:
        postgres(made)
        redis_and_pool(made)
        yield made
    finally:
        made.stop()
        if os.environ.get("KEEP") != "1":
            shutil.rmtree(home, ignore_errors=True)


def postgres(house: House) -> None:
    """A server as docker-compose.yml starts it, on the network, passwords asked. Its programs are the wheel's: those of
    the system may be older."""
    programs = Path(os.environ.get("POSTGRES_BIN", "") or layout_of(SERVERS.layout.home).programs)
    data = house.home / "pg"
    data.mkdir()
    shutil.chown(data, "nobody", "nogroup")
    (house.home / "pw").write_text(house.secret["owner"])
    (house.home / "pw").chmod(0o644)
    how = ("--encoding=UTF8", *locale_of(programs))  # of the image, or of an older server (POSTGRES_BIN)
    if "POSTGRES_BIN" not in os.environ:
        assert sorted(how) == sorted(COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split())
    as_nobody = {"user": "nobody", "group": "nogroup", "cwd": str(house.home)}
    who = ("-U", "povreg", "-A", "scram-sha-256", f"--pwfile={house.home / 'pw'}")
    subprocess.run([programs / "initdb", "-D", data, *who, *how],
                   check=True, capture_output=True, **as_nobody)  # fmt: skip
    options = COMPOSE["services"]["postgres"]["command"].split()[1:]
    words = [str(programs / "postgres"), "-D", str(data), *options, "-c", f"port={house.ports['pg']}",
             "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}",
             "-c", "shared_buffers=128MB"]  # fmt: skip
    house.start("postgres", words, user="nobody", plain=True)
    wait_until(lambda: bool(link(house)), "PostgreSQL")
    with link(house).cursor() as cursor:
        cursor.execute("CREATE DATABASE povreg")


def link(house: House, name: str = "postgres"):
    found = psycopg2.connect(
        host="127.0.0.1", port=house.ports["pg"], user="povreg", password=house.secret["owner"], dbname=name
    )
    found.autocommit = True
    return found


def redis_and_pool(house: House) -> None:
    words = [
        word.replace("${REDIS_PASSWORD}", house.secret["redis"]) for word in COMPOSE["services"]["redis"]["command"]
    ]
    where = ("--port", str(house.ports["redis"]), "--dir", str(house.home / "data"))
    house.start("redis", [shutil.which("redis-server") or "", *words[1:], *where],
                user="nobody", plain=True)  # fmt: skip
    text = (BASE / "deploy/pgbouncer/pgbouncer.ini").read_text()
    text = text.replace("port=5432", f"port={house.ports['pg']}").replace("= 6432", f"= {house.ports['pool']}")
    text = text.replace("/etc/pgbouncer/userlist.txt", str(house.home / "userlist.txt"))
    text = text.replace("default_pool_size = 30", "default_pool_size = 4")  # a narrow one shows what breaks
    (house.home / "pgbouncer.ini").write_text(text)
    (house.home / "userlist.txt").write_text(f'"povreg_app" "{house.secret["app"]}"\n')
    for name in ("pgbouncer.ini", "userlist.txt"):
        shutil.chown(house.home / name, "nobody", "nogroup")
    pool = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    house.start("pgbouncer", [pool, str(house.home / "pgbouncer.ini")], user="nobody", plain=True)


def nginx(house: House) -> None:
    """nginx.conf as it is, but for port, address of the web process, and the resolver of Docker."""
    text = (BASE / "nginx.conf").read_text()
    text = text.replace("listen 80;", f"listen {house.ports['nginx']};").replace(
        "http://web:8000", f"http://127.0.0.1:{house.ports['web']}"
    )
    text = re.sub(r"(?m)^.*# RESOLVER$", "", text).replace("/dev/stdout", str(house.home / "nginx-access.log"))
    folders = "".join(
        f"{kind}_temp_path {house.home}/ng-{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (house.home / "nginx.conf").write_text(
        f"daemon off; user nobody nogroup; pid {house.home}/nginx.pid; error_log {house.home}/nginx-error.log;"
        f"events {{}} http {{ include /etc/nginx/mime.types; {folders} {text} }}"
    )
    house.start("nginx", [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(house.home / "nginx.conf")], plain=True)


@pytest.fixture(scope="module")
def served(house: House) -> House:
    """Everything compose starts, in its order."""
    done = subprocess.run(
        [house_python(), "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], cwd=BASE, umask=0o077,
        env=house.environment() | {"HOME": "/root"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    subprocess.run(["chmod", "-R", "a+rX", str(house.home / "static")], check=True)  # as the image does
    migrate = house.run(*words_of("migrate", house)[2:], owner=True)
    assert migrate.returncode == 0, migrate.stdout + migrate.stderr
    for service in ("web", "worker", "clock", "beat"):
        house.start(service, words_of(service, house), user="nobody")
    nginx(house)
    wait_until(lambda: house.ask("/readyz")[0] == 200, "web")
    return house


def log_of(house: House, name: str) -> str:
    return (house.home / f"{name}.log").read_text(errors="replace")


def test_every_process_starts_and_the_pages_have_their_styles(served: House) -> None:
    wait_until(
        lambda: json.loads(served.ask("/readyz")[2])["status"] == "ok", f"workers\n{log_of(served, 'worker')[-2000:]}"
    )
    status, headers, page = served.ask("/login/")
    assert status == 200 and "建档立卡" in page
    style = re.search(r'href="(/static/[^"]+povreg\.css)"', page)
    assert style and served.ask(style[1])[0] == 200
    assert "X-Request-Id" in headers
    assert not [process.args for process in served.running if process.poll() is not None]


def test_two_addresses_behind_the_proxy_are_two(served: House) -> None:
    """Wrong passwords from one address delay that one; another is let in; a forged header changes nothing."""

    def sign_in(source: str, forged: str = "") -> tuple[int, str]:
        _, headers, page = served.ask("/login/", source)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        cookie = headers["Set-Cookie"].split(";")[0]
        more = {"X-Forwarded-For": forged} if forged else {}
        status, _, answer = served.ask(
            "/login/", source, "POST", f"csrfmiddlewaretoken={token[1]}&username=nobody-here&password=Wrong-1-Wrong",
            Cookie=cookie, Referer="http://povreg.test/login/",
            **{"Content-Type": "application/x-www-form-urlencoded"}, **more,
        )  # fmt: skip
        return status, answer

    for number in range(12):
        last = sign_in("127.0.0.2", forged=f"10.1.1.{number}")[1]
    assert re.search(WAITS, last), last[-1200:]
    other = sign_in("127.0.0.3")[1]
    assert not re.search(WAITS, other)
    log = served.home / "nginx-access.log"  # a line is written after its answer was sent
    wait_until(lambda: " 127.0.0.3 POST /login/" in log.read_text(), "the line of the last request")
    access = log.read_text()
    assert " 127.0.0.2 POST /login/" in access and " 127.0.0.3 POST /login/" in access and "10.1.1." not in access
    assert "from=127.0.0.3" in log_of(served, "web")
    sign_in("127.0.0.1", forged="10.2.2.2")  # the proxy in front, which nginx.conf names, is believed
    wait_until(lambda: " 10.2.2.2 POST /login/" in log.read_text(), "its line")


def test_parallel_exports_through_the_pooler(served: House) -> None:
    """Four exports at once over four connections: none loses its cursor."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda number: served.run("shell", "-c", READ, NUMBER=str(number)), range(4)))
    assert [(run.returncode, run.stderr[-600:]) for run in runs] == [(0, "")] * 4


READ = """
from povreg.kit.reach import EVERYWHERE, reaching
from django.contrib.contenttypes.models import ContentType
with reaching(EVERYWHERE):
    for _ in range(40):
        assert len(list(ContentType.objects.order_by("pk").iterator(chunk_size=5))) > 50
"""


def test_a_second_host_without_the_shared_folder_is_told_so(served: House) -> None:
    other = served.run("doctor", MEDIA_ROOT=str(served.home / "data/elsewhere"))
    assert other.returncode == 1 and "必须是同一个共享目录" in other.stdout + other.stderr
    own = served.run("doctor")
    assert "有问题\t文件目录" not in own.stdout
    assert "网页用所有者账号连接" not in own.stdout


def test_auditors_take_on_the_readers_role_though_the_web_is_not_told_who_owns(served: House) -> None:
    asked = "from povreg.kit.reader_role import role_taken; print(role_taken())"
    assert served.run("shell", "-c", asked).stdout.strip().endswith("povreg_app_reader")


def test_the_check_of_a_deployment_finds_nothing_of_ours_in_the_web(served: House) -> None:
    """Two database roles, and a server that logs no statements, as compose sets both up."""
    done = served.run("check", "--deploy", "--database", "default", HTTPS="1")
    assert done.returncode == 0, done.stderr
    assert "povreg.W" not in done.stdout + done.stderr


def test_no_secret_is_on_a_command_line_or_in_a_log(served: House) -> None:
    said = "".join(log_of(served, name) for name in ("web", "worker", "clock", "beat", "postgres", "pgbouncer"))
    assert not [name for name, value in served.secret.items() if name != "redis" and value in said]
    lines = [process.args for process in served.running if "redis-server" not in str(process.args[0])]  # type: ignore[index]
    assert not [value for value in served.secret.values() if value in str(lines)]
