"""Browser tests commit what they do, so each leaves the worker's database as a fresh copy of the migrated one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections
from psycopg2 import sql
from pytest_django.plugin import DjangoDbBlocker

from tests import schema


@pytest.fixture(autouse=True)
def fresh_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[None]:
    """What migrations ship (codes, lines, criteria) is emptied with everything else after a test that commits."""
    yield
    name = f"test_{worker_id}"
    with django_db_blocker.unblock():
        connections.close_all()
        schema.administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        schema.create(name, schema.TEMPLATE)
