"""Field encryption and keyed look-up hashes for identity numbers, phones and bank accounts.

Why deterministic (AES-SIV): an unchanged value must compare equal, so that bulk imports can tell "unchanged" in SQL
and the change history records no phantom edits. Equality is visible in the look-up hash anyway.

Keys come from ``settings.FIELD_ENCRYPTION_KEYS`` (base64, 32 bytes each). The first one encrypts, all of them decrypt.
By which one look-up hashes are made, the database says (:func:`ask_hashing`, its key marks); without marks the last.
While ``rotate_keys`` is at work there are two: the new one makes hashes, either finds (:class:`Hash`).
"""

import base64
import contextlib
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.crypto import salted_hmac

HASH_LENGTH = 32
HASHING_LIFE = 5.0
"""Seconds for which a process remembers what the database says of look-up hashes."""


class DecryptionError(Exception):
    """A stored value was altered, or its key is no longer configured."""


def _derive(master: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=b"povreg/" + purpose).derive(master)


class Hash(str):
    """A look-up hash that, while keys rotate, rows may still hold in another form: conditions match either."""

    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, forms: Sequence[str]) -> "Hash":
        made = cls(forms[0])
        made.others = tuple(forms[1:])
        return made


def key_id_of(key: str) -> str:
    """The public name of a base64 key: six hexadecimal digits."""
    return hashlib.sha256(base64.b64decode(key)).hexdigest()[:6]


@dataclass(frozen=True)
class KeyRing:
    """The configured keys, ready to use. Build one with :func:`keyring`."""

    ciphers: dict[str, AESSIV]
    wrappers: dict[str, AESSIV]
    stashes: dict[str, AESGCM]
    hash_keys: dict[str, bytes]
    current: str
    hashing: tuple[str, ...]
    """Names of the keys of look-up hashes: the first makes them, those of all others are still found."""

    @classmethod
    def from_keys(cls, keys: Sequence[str], hashing: Sequence[str] = ()) -> "KeyRing":
        """Derive ciphers from base64 master keys. Raises ValueError when there is none or one is not 32 bytes."""
        masters = [base64.b64decode(key) for key in keys]
        if not masters or any(len(master) != 32 for master in masters):
            raise ValueError("FIELD_ENCRYPTION_KEYS: give base64 keys of 32 bytes each, separated by commas")
        ids = [hashlib.sha256(master).hexdigest()[:6] for master in masters]
        named = dict(zip(ids, masters, strict=True))
        ciphers = {key_id: AESSIV(_derive(master, b"field", 64)) for key_id, master in named.items()}
        wrappers = {key_id: AESSIV(_derive(master, b"file", 64)) for key_id, master in named.items()}
        stashes = {key_id: AESGCM(_derive(master, b"stash", 32)) for key_id, master in named.items()}
        hash_keys = {key_id: _derive(master, b"hash", 32) for key_id, master in named.items()}
        found = tuple(key_id for key_id in hashing if key_id in named) or (ids[-1],)
        return cls(ciphers, wrappers, stashes, hash_keys, ids[0], found)

    @property
    def anchor(self) -> str:
        return self.hashing[0]

    def wrap(self, key: bytes) -> tuple[str, bytes]:
        """Seal the key of one file: which of ours does, and the sealed key (16 bytes longer)."""
        return self.current, self.wrappers[self.current].encrypt(key, None)

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """Raises DecryptionError when our key is not configured any more or the sealed one was altered."""
        if key_id not in self.wrappers:
            raise DecryptionError(f"no key {key_id!r} is configured")
        try:
            return self.wrappers[key_id].decrypt(wrapped, None)
        except InvalidTag as error:
            raise DecryptionError("a file's key was altered") from error

    def stash(self, content: bytes) -> bytes:
        """Seal what a cache or a session keeps for a while; another time the same content gives other bytes."""
        nonce = secrets.token_bytes(12)
        return self.current.encode() + nonce + self.stashes[self.current].encrypt(nonce, content, None)

    def unstash(self, stored: bytes) -> bytes:
        """Raises DecryptionError."""
        cipher = self.stashes.get(stored[:6].decode("ascii", "replace"))
        try:
            if cipher is None:
                raise InvalidTag
            return cipher.decrypt(stored[6:18], stored[18:], None)
        except (InvalidTag, ValueError) as error:
            raise DecryptionError("what was kept was altered, or its key is gone") from error

    def encrypt(self, text: str) -> str:
        sealed = self.ciphers[self.current].encrypt(text.encode(), None)
        return f"{self.current}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, stored: str) -> str:
        key_id, _, body = stored.partition(":")
        cipher = self.ciphers.get(key_id)
        if cipher is None:
            raise DecryptionError(f"no key {key_id!r} is configured")
        try:
            return cipher.decrypt(base64.b64decode(body), None).decode()
        except InvalidTag as error:
            raise DecryptionError("stored value was altered") from error

    def lookup(self, text: str, key_id: str = "") -> str:
        """The hash as it is made now, or by a key of ours."""
        return hmac.digest(self.hash_keys[key_id or self.anchor], text.encode(), "sha256").hex()[:HASH_LENGTH]

    def found_by(self, text: str) -> str:
        """The hash for a condition: while keys rotate, in all forms that rows may hold."""
        if len(self.hashing) == 1:
            return self.lookup(text)
        return Hash.of([self.lookup(text, key_id) for key_id in self.hashing])


@lru_cache(maxsize=8)
def _ring(keys: tuple[str, ...], hashing: tuple[str, ...]) -> KeyRing:
    return KeyRing.from_keys(keys, hashing)


def keyring() -> KeyRing:
    """The key ring of the running configuration."""
    keys = tuple(settings.FIELD_ENCRYPTION_KEYS)
    return _ring(keys, _hashing() if len(keys) > 1 else ())


_ask: list[Callable[[], tuple[str, ...]]] = []
_known: list[tuple[float, tuple[str, ...]]] = []


def ask_hashing(ask: Callable[[], tuple[str, ...]]) -> None:
    """``ask`` says by which keys the database's hashes are made (asked with several keys only)."""
    _ask[:] = [ask]


def forget_hashing() -> None:
    """What the database says is asked again at once."""
    _known.clear()


def _hashing() -> tuple[str, ...]:
    if not _known or time.monotonic() - _known[0][0] > HASHING_LIFE:
        found = _known[0][1] if _known else ()
        with contextlib.suppress(DatabaseError, InterfaceError):
            found = _ask[0]() if _ask else ()
        _known[:] = [(time.monotonic(), found)]
    return _known[0][1]


def encrypt(text: str) -> str:
    """Seal ``text``; the empty string stays empty, so "not recorded" needs no key."""
    return keyring().encrypt(text) if text else ""


def decrypt(stored: str) -> str:
    """Open a sealed value. Raises :class:`DecryptionError` when it was altered or its key is gone."""
    return keyring().decrypt(stored) if stored else ""


def lookup_hash(text: str) -> str:
    """Keyed hash under which an exact value can be found again; empty for an empty value."""
    return keyring().found_by(text) if text else ""


def token_hash(purpose: str, text: str) -> str:
    """Keyed hash of what is stored nowhere (codes, keys of forms): no rotation could make it anew, so it hangs on
    SECRET_KEY and not on the keys of the fields."""
    return salted_hmac(f"povreg.{purpose}", text, algorithm="sha256").hexdigest()[:HASH_LENGTH]
