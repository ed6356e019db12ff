"""Named locks across processes, held to the end of the transaction (PostgreSQL advisory locks)."""

from django.db import connection
from django.db.transaction import TransactionManagementError


def hold(*name: object) -> None:
    """Wait until nobody else holds the lock of this name, and keep it until the transaction ends.

    Take several in one fixed order. Raises TransactionManagementError outside one.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("a named lock is held to the end of a transaction, and there is none")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [":".join(map(str, name))])
