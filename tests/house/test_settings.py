"""Settings: complete in .env.example, safe in production, pinned packages, no package host in the lock file."""

import ast
import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from povreg.shell.check import PRODUCTION

READ = re.compile(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)"|secret\("([A-Z_]+)"|(?:environ\.get|directory)\("([A-Z_]+)\"""")
PIN = re.compile(r"^[\w.-]+==[\w.]+( ; python_version < \"[\d.]+\")? +# \S.*$")


def settings_say(expression, **changes):
    """Evaluate an expression on the settings in a process with another environment; None leaves a variable out."""
    environment = {**os.environ, **PRODUCTION, **changes}
    return subprocess.run(
        [sys.executable, "-c", f"from povreg import settings as s; print(({expression}))"],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_setting_that_is_read_is_explained():
    example = (settings.BASE_DIR / ".env.example").read_text()
    explained = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    code = "".join(path.read_text() for path in (settings.BASE_DIR / "povreg").rglob("*.py"))
    read = {name for groups in READ.findall(code) for name in groups if name}
    assert {"DATABASE_URL", "SECRET_KEY", "PORT", "DEMO"} <= read
    assert read - {"PATH"} <= explained


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "SIGNING_KEYS"])
def test_production_does_not_start_without_its_keys(name):
    done = settings_say("s.DEBUG", **{name: None})
    assert done.returncode != 0
    assert f"缺少环境变量 {name}" in done.stderr


def test_production_with_its_keys_is_closed():
    done = settings_say(
        "s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEMO_PASSWORD"
    )
    assert done.stdout.strip() == "(False, True, True, True, '')"


def test_servers_given_by_url_are_used():
    done = settings_say(
        "s.DATABASES['default']['HOST'], s.DATABASES['default']['NAME'], s.CELERY_BROKER_URL",
        DATABASE_URL="postgres://povreg:pw@db.example:5433/register",
        REDIS_URL="redis://:pw@redis.example:6379/0",
    )
    assert done.stdout.strip() == "('db.example', 'register', 'redis://:pw@redis.example:6379/0')"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_and_says_why(name):
    lines = (settings.BASE_DIR / name).read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert packages
    assert [line for line in packages if not PIN.match(line)] == []


def test_front_end_packages_are_pinned_and_name_no_host():
    wanted = json.loads((settings.BASE_DIR / "package.json").read_text())
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    lock = json.loads((settings.BASE_DIR / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_embedded_servers_have_a_database_of_redis_per_installation():
    done = settings_say("s.REDIS_URL, s.CELERY_BROKER_URL", DATABASE_URL=None, REDIS_URL=None, REDIS_DB="3")
    url, broker = ast.literal_eval(done.stdout)
    assert url.endswith("/redis.sock?db=3")
    assert broker.endswith("/redis.sock?virtual_host=3")
    assert broker.startswith("redis+socket:///")


def test_relative_paths_start_at_the_checkout():
    done = settings_say(
        "str(s.STATIC_ROOT), str(s.MEDIA_ROOT)", STATIC_ROOT="out/static", MEDIA_ROOT="~/uploads", HOME="/srv"
    )
    assert ast.literal_eval(done.stdout) == (str(settings.BASE_DIR / "out" / "static"), "/srv/uploads")
