"""Whether the configured keys are those of this database, asked before anything is read or written with them.

With keys in the wrong order every look-up finds nobody, so that a search stays empty and an import registers everybody
anew; with foreign keys an import would overwrite every number. Neither raises an error by itself.
"""

from __future__ import annotations

from contextlib import suppress

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from psycopg2 import sql

from povreg.kit.crypto import DecryptionError, KeyRing, keyring
from povreg.kit.fields import LookupHashField, SealedTextField
from povreg.proof.keys import SigningKeyError, check_signing_keys, record_signing_keys
from povreg.shell.embedded import ServerError
from povreg.shell.models import KeyMark

MARKED = "povreg key mark"
FOREIGN = (
    "FIELD_ENCRYPTION_KEYS 不是这个数据库的密钥：已登记的证件号码、电话和账号都读不出来，再导入会重复登记所有人。"
    "没有改动任何数据。请换回原来的密钥；密钥丢失时，请用与数据库同时备份的密钥。"
)
ORDER = (
    "FIELD_ENCRYPTION_KEYS 的顺序不对：按号码会查不到任何人。新密钥放在最前，原来最后的一个仍放在最后"
    "（应为第 {place} 个，共 {count} 个）。没有改动任何数据。"
)
LACKING = (
    "FIELD_ENCRYPTION_KEYS 里少了仍在使用的密钥（标识 {lacking}）：用它加密的号码和文件读不出来。"
    "请把它加回去；要停用它，请先运行 rotate_keys。没有改动任何数据。"
)


def check_keys() -> None:
    """Compare the keys with the marks. Raises ServerError. A database that is not there (yet) has none to compare."""
    with suppress(OperationalError, ProgrammingError):
        compare(dict(KeyMark.objects.values_list("key_id", "hash_mark")))
    try:
        check_signing_keys()
    except SigningKeyError as fault:
        raise ServerError(str(fault)) from fault


def compare(marks: dict[str, str]) -> None:
    ring = keyring()
    anchor = next((mark for mark in marks.values() if mark), "")
    if not anchor:
        return
    if ring.lookup(MARKED) != anchor:
        keys = settings.FIELD_ENCRYPTION_KEYS
        places = [at for at, key in enumerate(keys, 1) if KeyRing.from_keys([key]).lookup(MARKED) == anchor]
        raise ServerError(ORDER.format(place=places[0], count=len(keys)) if places else FOREIGN)
    if lacking := sorted(set(marks) - set(ring.ciphers)):
        raise ServerError(LACKING.format(lacking="、".join(lacking)))


def record_keys() -> None:
    """Mark the keys in use. As the owner, after migrating. An installation without marks is marked once a sealed value
    of it was opened and found by its hash. Raises ServerError for keys that are not those of the database."""
    marks = dict(KeyMark.objects.values_list("key_id", "hash_mark"))
    compare(marks)
    if not marks and not opens_samples():
        raise ServerError(FOREIGN)
    ring = keyring()
    if not any(marks.values()):
        marks[ring.anchor] = ring.lookup(MARKED)
    for key_id in {ring.current, ring.anchor, *marks}:
        KeyMark.objects.get_or_create(key_id=key_id, defaults={"hash_mark": marks.get(key_id, "")})
    try:
        record_signing_keys()
    except SigningKeyError as fault:
        raise ServerError(str(fault)) from fault


def opens_samples() -> bool:
    """Whether sealed values open, and some are found by their hash (a certificate's is that of its first part); true
    where there are none."""
    ring, found = keyring(), samples()
    try:
        return not found or True in [ring.lookup(ring.decrypt(stored)) == made for stored, made in found]
    except DecryptionError:
        return False


def samples() -> list[tuple[str, str]]:
    """Sealed values and their hashes, some of every column that has both."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            names = {field.name: field for field in model._meta.concrete_fields}
            for name in [name for name, field in names.items() if isinstance(field, SealedTextField)]:
                made = names.get(f"{name.removesuffix('_no')}_hash")
                if isinstance(made, LookupHashField):
                    named = map(sql.Identifier, (name, made.name, model._meta.db_table))
                    cursor.execute(sql.SQL(SAMPLE).format(*named))
                    found += cursor.fetchall()
    return found


SAMPLE = "SELECT {0}, {1} FROM {2} WHERE {0} <> '' AND {1} <> '' LIMIT 20"
