"""Files encrypted at rest: read and written in chunks, so that a file of any size needs the memory of one.

A file has a key of its own, kept in its head under the field key (povreg.kit.crypto): a new field key rewrites heads,
not bodies. The body is a row of chunks of :data:`CHUNK` bytes, each sealed by AES-256-GCM under its number and whether
it is the last: an altered, moved, missing or appended chunk does not open.

Head: ``POVREG1\\0``, six characters that name the field key, the file's key sealed by it.
"""

import io
import os
import secrets
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from povreg.kit.crypto import DecryptionError, KeyRing, keyring

MAGIC = b"POVREG1\0"
KEY_ID, FILE_KEY, TAG = 6, 32, 16  # bytes
HEAD = len(MAGIC) + KEY_ID + FILE_KEY + TAG
CHUNK = 64 * 1024  # bytes of plain content
SEALED_CHUNK = CHUNK + TAG


def is_sealed(head: bytes) -> bool:
    """Whether a file that begins so was written by :func:`seal`."""
    return head.startswith(MAGIC)


def rewrap(stored: BinaryIO) -> bool:
    """Seal a stored file's own key by the current field key, in place: its head is written anew, never its body. False
    where it already is so, or is no sealed file. Raises DecryptionError."""
    stored.seek(0)
    head = stored.read(HEAD)
    if len(head) < HEAD or not is_sealed(head):
        return False
    key_id, wrapped = head[len(MAGIC) : len(MAGIC) + KEY_ID].decode("ascii", "replace"), head[len(MAGIC) + KEY_ID :]
    ring = keyring()
    if key_id == ring.current:
        return False
    fresh_id, fresh = ring.wrap(ring.unwrap(key_id, wrapped))
    stored.seek(0)
    stored.write(MAGIC + fresh_id.encode() + fresh)  # 62 bytes at once: no reader finds half a head
    stored.flush()
    os.fsync(stored.fileno())
    return True


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _blocks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of exactly one chunk, the last one of one chunk or less (empty for an empty file)."""
    kept = bytearray()
    for part in parts:
        kept += part
        while len(kept) > CHUNK:
            yield bytes(kept[:CHUNK])
            del kept[:CHUNK]
    yield bytes(kept)


def seal(parts: Iterable[bytes], ring: KeyRing | None = None) -> Iterator[bytes]:
    """The bytes to store for content that comes in pieces; ``ring``: under other keys than the fields'."""
    own = secrets.token_bytes(FILE_KEY)
    key_id, wrapped = (ring or keyring()).wrap(own)
    yield MAGIC + key_id.encode() + wrapped
    cipher, number, before = AESGCM(own), 0, None
    for block in _blocks(parts):
        if before is not None:
            yield cipher.encrypt(_nonce(number, False), before, None)
            number += 1
        before = block
    yield cipher.encrypt(_nonce(number, True), before or b"", None)


class Opened(io.RawIOBase):
    """A sealed file as its plain content, readable from anywhere in it. Raises DecryptionError for an altered file, one
    that was cut short, or one whose key is gone. Wrap it in :class:`io.BufferedReader`."""

    def __init__(self, stored: BinaryIO, ring: KeyRing | None = None) -> None:
        self._stored, self._at, self._held = stored, 0, (-1, b"")
        head = stored.read(HEAD)
        if len(head) < HEAD or not is_sealed(head):
            raise DecryptionError("stored file has no head")
        key_id, wrapped = head[len(MAGIC) : len(MAGIC) + KEY_ID], head[len(MAGIC) + KEY_ID :]
        self._cipher = AESGCM((ring or keyring()).unwrap(key_id.decode("ascii", "replace"), wrapped))
        body = stored.seek(0, io.SEEK_END) - HEAD
        self._chunks = max(-(-body // SEALED_CHUNK), 1)
        self.length = body - self._chunks * TAG
        """Bytes of plain content."""
        if self.length < 0:
            raise DecryptionError("stored file was cut short")
        self._chunk(self._chunks - 1)  # the last one tells that nothing is missing

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.length}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        if self._at >= self.length:
            return 0
        number, skipped = divmod(self._at, CHUNK)
        piece = self._chunk(number)[skipped : skipped + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._stored.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._stored.seek(HEAD + number * SEALED_CHUNK)
            sealed = self._stored.read(SEALED_CHUNK)
            try:
                plain = self._cipher.decrypt(_nonce(number, number == self._chunks - 1), sealed, None)
            except (InvalidTag, ValueError) as error:
                raise DecryptionError("stored file was altered or cut short") from error
            self._held = number, plain
        return self._held[1]
