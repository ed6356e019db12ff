"""Whether the configured keys are those of this database, asked before anything is read or written with them.

With foreign keys every look-up finds nobody and an import would overwrite every number, without an error of its own.
By which key look-up hashes are made stands in the marks, so the order of the keys only says which one seals.
"""

from __future__ import annotations

from contextlib import suppress

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from psycopg2 import sql

from povreg.kit.crypto import DecryptionError, KeyRing, forget_hashing, key_id_of, keyring
from povreg.kit.fields import LookupHashField, SealedTextField
from povreg.proof.keys import SigningKeyError, check_signing_keys, record_signing_keys
from povreg.shell.embedded import ServerError
from povreg.shell.models import KeyMark

MARKED = "povreg key mark"
FOREIGN = (
    "FIELD_ENCRYPTION_KEYS 不是这个数据库的密钥：已登记的证件号码、电话和账号都读不出来，再导入会重复登记所有人。"
    "没有改动任何数据。请换回原来的密钥；密钥丢失时，请用与数据库同时备份的密钥。"
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
    hashing = {key_id: mark for key_id, mark in marks.items() if mark}
    if not hashing:
        return
    ours = {key_id: mark for key_id, mark in hashing.items() if key_id in ring.ciphers}
    lacking = set(marks) - set(ring.ciphers)
    if lacking == set(marks) or any(ring.lookup(MARKED, key_id) != mark for key_id, mark in ours.items()):
        raise ServerError(FOREIGN)
    if lacking:
        raise ServerError(lacks(lacking))


def lacks(keys: set[str]) -> str:
    return LACKING.format(lacking="、".join(sorted(keys)))


def hashing_keys() -> tuple[str, ...]:
    """By which keys look-up hashes are made: one, and while they rotate the new one and those still found."""
    marks = KeyMark.objects.exclude(hash_mark="").order_by("-pk").values_list("key_id", flat=True)
    current = key_id_of(settings.FIELD_ENCRYPTION_KEYS[0])
    return tuple(sorted(marks, key=lambda key_id: key_id != current))


def record_keys() -> None:
    """Mark the keys in use. As the owner, after migrating. An installation without marks is marked once a sealed value
    of it was opened and found by its hash. Raises ServerError for keys that are not those of the database."""
    marks = dict(KeyMark.objects.values_list("key_id", "hash_mark"))
    compare(marks)
    ring = keyring()
    if not any(marks.values()):
        anchor = found_anchor()
        marks[anchor] = ring.lookup(MARKED, anchor)
    for key_id in {ring.current, *marks}:
        KeyMark.objects.get_or_create(key_id=key_id, defaults={"hash_mark": marks.get(key_id, "")})
    forget_hashing()
    try:
        record_signing_keys()
    except SigningKeyError as fault:
        raise ServerError(str(fault)) from fault


def found_anchor() -> str:
    """The key by which some sealed values are found by their hash (a certificate's is that of its first part); the last
    one where there are none. Raises ServerError where they do not open or none finds any."""
    ring, found = KeyRing.from_keys(settings.FIELD_ENCRYPTION_KEYS), samples()
    if not found:
        return ring.anchor
    try:
        plain = [(ring.decrypt(stored), made) for stored, made in found]
    except DecryptionError as fault:
        raise ServerError(FOREIGN) from fault
    for key_id in ring.hash_keys:
        if any(ring.lookup(text, key_id) == made for text, made in plain):
            return key_id
    raise ServerError(FOREIGN)


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
