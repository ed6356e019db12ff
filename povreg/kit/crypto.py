"""Field encryption and keyed look-up hashes for identity numbers, phones and bank accounts.

Why deterministic (AES-SIV): an unchanged value must compare equal, so that bulk imports can tell "unchanged" in SQL
and the change history records no phantom edits. Equality is visible in the look-up hash anyway.

Keys come from ``settings.FIELD_ENCRYPTION_KEYS`` (base64, 32 bytes each). The first one encrypts, all of them decrypt,
and the last one anchors the look-up hash, so a new key is put in front and hashes stay valid until it is retired.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

HASH_LENGTH = 32


class DecryptionError(Exception):
    """A stored value was altered, or its key is no longer configured."""


def _derive(master: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=b"povreg/" + purpose).derive(master)


@dataclass(frozen=True)
class KeyRing:
    """The configured keys, ready to use. Build one with :func:`keyring`."""

    ciphers: dict[str, AESSIV]
    wrappers: dict[str, AESSIV]
    stashes: dict[str, AESGCM]
    current: str
    anchor: str
    hash_key: bytes

    @classmethod
    def from_keys(cls, keys: Sequence[str]) -> "KeyRing":
        """Derive ciphers from base64 master keys. Raises ValueError when there is none or one is not 32 bytes."""
        masters = [base64.b64decode(key) for key in keys]
        if not masters or any(len(master) != 32 for master in masters):
            raise ValueError("FIELD_ENCRYPTION_KEYS: give base64 keys of 32 bytes each, separated by commas")
        ids = [hashlib.sha256(master).hexdigest()[:6] for master in masters]
        named = dict(zip(ids, masters, strict=True))
        ciphers = {key_id: AESSIV(_derive(master, b"field", 64)) for key_id, master in named.items()}
        wrappers = {key_id: AESSIV(_derive(master, b"file", 64)) for key_id, master in named.items()}
        stashes = {key_id: AESGCM(_derive(master, b"stash", 32)) for key_id, master in named.items()}
        return cls(ciphers, wrappers, stashes, ids[0], ids[-1], _derive(masters[-1], b"hash", 32))

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

    def lookup(self, text: str) -> str:
        return hmac.new(self.hash_key, text.encode(), hashlib.sha256).hexdigest()[:HASH_LENGTH]


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> KeyRing:
    return KeyRing.from_keys(keys)


def keyring() -> KeyRing:
    """The key ring of the running configuration."""
    return _ring(tuple(settings.FIELD_ENCRYPTION_KEYS))


def encrypt(text: str) -> str:
    """Seal ``text``; the empty string stays empty, so "not recorded" needs no key."""
    return keyring().encrypt(text) if text else ""


def decrypt(stored: str) -> str:
    """Open a sealed value. Raises :class:`DecryptionError` when it was altered or its key is gone."""
    return keyring().decrypt(stored) if stored else ""


def lookup_hash(text: str) -> str:
    """Keyed hash under which an exact value can be found again; empty for an empty value."""
    return keyring().lookup(text) if text else ""
