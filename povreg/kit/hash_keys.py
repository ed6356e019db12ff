"""Work that joins look-up hashes in SQL (imports, comparisons, checks) and the rotation of their key exclude each
other: while rows hold hashes of two keys, a join would miss people."""

from django.db import connection
from django.db.transaction import TransactionManagementError

from povreg.kit.crypto import forget_hashing, keyring
from povreg.kit.locks import Busy

NAME = "povreg hash key"
ROTATING = "正在更换加密密钥（rotate_keys），这项工作要等它做完，请几分钟后再试。"


def one_hash_key() -> str:
    """Name of the key by which all look-up hashes are made now. Raises Busy while they rotate."""
    forget_hashing()
    ring = keyring()
    if len(ring.hashing) > 1:
        raise Busy(ROTATING)
    return ring.anchor


def hold_hashes(made_by: str = "") -> None:
    """Until the transaction ends no rotation begins. Raises Busy while one is at work, or when hashes that were made
    before by ``made_by`` are not those of the rows any more."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("a lock is held to the end of a transaction, and there is none")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(hashtextextended(%s, 0))", [NAME])
        if not cursor.fetchone()[0]:
            raise Busy(ROTATING)
    if one_hash_key() != (made_by or keyring().anchor):
        raise Busy(ROTATING)
