"""Named locks across processes, held to the end of the transaction (PostgreSQL advisory locks)."""

from django.db import OperationalError, connection
from django.db.transaction import TransactionManagementError

NOT_NOW = frozenset({"55P03", "40P01", "40001"})
"""PostgreSQL's codes for "try again": a lock not got in time, a deadlock, a serialization failure."""


class Busy(Exception):  # noqa: N818 - an outcome, not an error
    """Somebody else holds the lock, and the caller is not to wait for it."""


def hold(*name: object, wait: bool = True) -> None:
    """Wait until nobody else holds the lock of this name, and keep it until the transaction ends.

    Take several in one fixed order. Raises TransactionManagementError outside a transaction, and, without ``wait``,
    Busy at once: a worker's place is for work, not for waiting.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("a named lock is held to the end of a transaction, and there is none")
    words = [":".join(map(str, name))]
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", words)
            return
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", words)
        if not cursor.fetchone()[0]:
            raise Busy(words[0])


def is_not_now(fault: BaseException) -> bool:
    """Whether a statement failed only because somebody else was at the same rows."""
    return isinstance(fault, OperationalError) and code_of(fault) in NOT_NOW


def code_of(fault: BaseException) -> str:
    """PostgreSQL's code of a failed statement; empty when the connection itself was lost."""
    return getattr(fault.__cause__, "pgcode", None) or ""
