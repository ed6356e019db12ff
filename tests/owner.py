"""Steps of a test that the product could not make: the connection works as the application role (tests.schema)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def owner() -> Iterator[None]:
    """The body's statements are the owner's."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    connection.povreg_role_taken = False
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_APP['USER']}")
