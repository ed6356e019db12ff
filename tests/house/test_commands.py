"""Commands start at once: no server nobody asked for, no page, nothing big that the work does not need."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from povreg.shell import embedded

LOADED = """
import sys
from manage import main
sys.argv = ["manage.py", "recompute", "--place", "999999", "--year", "2020"]
try:
    main()
except SystemExit:
    pass
import json
print(json.dumps(sorted(sys.modules)))
"""
NEEDED_FOR_PAGES_ONLY = {"povreg.urls", "docx", "openpyxl", "pypinyin", "redis", "drf_spectacular.views"}


@pytest.fixture
def given(db, tmp_path):
    """An environment that gives the servers of this run by URL, and a home nobody has used."""
    layout = embedded.layout_of(os.environ["POVREG_TEST_HOME"])
    where = settings.DATABASES["default"]
    return os.environ | {
        "POVREG_HOME": str(tmp_path / "home"),
        "DATABASE_URL": f"postgres://povreg_app@/{layout.sockets}/{where['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        "SIGNING_KEYS": ",".join(settings.SIGNING_KEYS),
        "MEDIA_ROOT": str(tmp_path),
        "DEMO": "0",
    }


def command(environment):
    """A command that reads the database and says that there is no such place."""
    words = ["manage.py", "recompute", "--place", "999999", "--year", "2020"]
    done = subprocess.run(
        [sys.executable, *words], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    return done.stderr


def test_no_embedded_server_is_touched_where_both_are_given_by_url(given):
    assert "no place 999999" in command(given)
    assert not Path(given["POVREG_HOME"]).exists(), "settings and servers leave the home alone"


def test_only_the_server_without_a_url_is_started(given):
    assert "no place 999999" in command({**given, "REDIS_URL": ""})
    home = Path(given["POVREG_HOME"])
    assert (home / "redis" / "server.log").exists()
    assert not (home / "postgres").exists()


def test_a_command_reads_no_page_and_no_dictionary(given):
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=settings.BASE_DIR, env=given, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "households.eligibility.services" in loaded
    assert loaded & NEEDED_FOR_PAGES_ONLY == set()


def test_every_command_of_ours_starts_without_the_checks_of_all_pages():
    ours = {
        name: app for name, app in get_commands().items() if app.split(".")[0] in ("povreg", "villages", "households")
    }
    assert {"recompute", "load_places", "import_sheet"} <= set(ours)
    del ours["migrate"]  # Django's own, which makes the checks once a start
    assert [name for name, app in ours.items() if load_command_class(app, name).requires_system_checks] == []
