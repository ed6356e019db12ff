"""Fixtures of all tests: one migrated database copied for every worker, Chromium, and sibling test data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import caches
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpRequest
from django.template import Context
from django.template.backends.jinja2 import Template
from django.test import TransactionTestCase
from django.test.client import ClientHandler
from django.test.signals import template_rendered
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from povreg.kit import reach
from povreg.kit.history import declare_verbs
from tests import schema

# A test prepares and looks as widely as it likes; requests, tasks and commands set a reach of their own.
reach._now = ContextVar("reach", default=reach.EVERYWHERE)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_WORDS = ["--no-sandbox", "--disable-dev-shm-usage"]
declare_verbs({"load_test": "测试"})
PBKDF2PasswordHasher.iterations = 1000  # a million, as it is, are half a second for every password of a test
SHARED = settings.BASE_DIR.parent / "shared"
SCREENSHOTS = settings.BASE_DIR / "tests" / "screenshots"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, worker_id: str) -> None:
    """Migrate once for all workers, then let PostgreSQL copy the result."""
    with django_db_blocker.unblock():
        schema.use(schema.database_for(worker_id))
        schema.work_as_app()
    TransactionTestCase._fixture_teardown = lambda _: schema.renew()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For fixtures of a whole file: what they store is there for each of its tests and gone after the last. A test
    still gets back what it changes, but in the database only: read rows anew. Not for files with tests that commit."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture(scope="module", autouse=True)
def swept(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Each file of tests finds tables without the dead rows of the one before."""
    yield
    with django_db_blocker.unblock():
        schema.sweep()


@pytest.fixture(scope="session", autouse=True)
def contexts_of_answers() -> None:
    """``answer.context`` of the test client, which Django fills from its own engine's pages only."""

    def render(page: Template, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> str:
        template_rendered.send(sender=page, template=page, context=Context(dict(context or {})))
        return plain(page, context, request)

    plain = Template.render
    Template.render = render


@pytest.fixture(scope="session", autouse=True)
def one_chain() -> None:
    """Clients share the chain of middleware while the settings stay the same: to build it, with the list of all static
    files, for every client is a quarter of the work of these tests."""
    plain, built = BaseHandler.load_middleware, {}
    parts = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")

    def load(handler: BaseHandler, is_async: bool = False) -> None:
        if type(handler) is not ClientHandler:
            return plain(handler, is_async)
        if built.get("settings") is not settings._wrapped:
            plain(handler, is_async)
            built.update({name: getattr(handler, name) for name in parts}, settings=settings._wrapped)
        vars(handler).update({name: built[name] for name in parts})
        return None

    BaseHandler.load_middleware = load


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
    expect.set_options(timeout=20_000)  # milliseconds; the other tests keep the machine busy
    if "PICTURES" not in os.environ:  # they prove nothing, and drawing whole pages takes long
        Page.screenshot = lambda page, **options: b""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=CHROMIUM_WORDS)
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


@pytest.fixture
def steady_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that count statements: nothing is asked or written again after a minute on a slow machine."""
    monkeypatch.setattr("povreg.kit.requests.TOUCH_AFTER", 10**9)
    monkeypatch.setattr("households.register.years.KEEP", 3600)
