"""Fixtures of all tests: one migrated database copied for every worker, Chromium, and sibling test data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg2 import sql

from povreg.kit.embedded import lease
from tests.servers import SERVERS

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHARED = settings.BASE_DIR.parent / "shared"
SCREENSHOTS = settings.BASE_DIR / "tests" / "screenshots"
TEMPLATE = "test_template"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, worker_id: str) -> None:
    """Migrate once under a lock, then let PostgreSQL copy the result for this worker."""
    name = f"test_{worker_id}"
    with django_db_blocker.unblock():
        with lease.locked(SERVERS.layout.home / "template.lock"):
            if not database_exists(TEMPLATE):
                migrate_template()
            create_database(name, TEMPLATE)
        point_django_at(name)


def migrate_template() -> None:
    create_database(f"{TEMPLATE}_new", "template1")
    point_django_at(f"{TEMPLATE}_new")
    call_command("migrate", verbosity=0)
    connection.close()
    administer(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (f"{TEMPLATE}_new", TEMPLATE))))


def point_django_at(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def create_database(name: str, template: str) -> None:
    names = map(sql.Identifier, (name, template))
    administer(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(*names))


def database_exists(name: str) -> bool:
    return bool(administer(sql.SQL("SELECT 1 FROM pg_database WHERE datname = {}").format(sql.Literal(name))))


def administer(statement: sql.Composable) -> list[tuple[object, ...]]:
    where = SERVERS.layout.database
    link = psycopg2.connect(host=where["HOST"], port=where["PORT"], user=where["USER"], dbname="postgres")
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        link.close()


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The acceptance data beside the checkout (places, figures, sample rosters); tests that need it skip without."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"no acceptance data at {SHARED / 'data'}")
    return SHARED / "data"


def chromium_path() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; browser tests skip where there is none."""
    program = chromium_path()
    if program is None:
        pytest.skip("no Chromium found: install the package chromium, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def laptop(browser: Browser, live_server: object) -> Iterator[Page]:
    """A page as on a cadre's laptop, 1366 pixels wide, rooted at the live server."""
    yield from open_page(browser, live_server, {"width": 1366, "height": 768})


@pytest.fixture
def phone(browser: Browser, live_server: object) -> Iterator[Page]:
    """A page as on a phone, 360 pixels wide."""
    yield from open_page(browser, live_server, {"width": 360, "height": 740}, has_touch=True, is_mobile=True)


def open_page(browser: Browser, live_server: object, size: dict[str, int], **more: bool) -> Iterator[Page]:
    context = browser.new_context(
        base_url=str(live_server), viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", **more
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS
