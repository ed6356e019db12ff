"""Leaves, trees and heads.

A leaf is SHA-256(0x00, salt, what the version says); a node SHA-256(0x01, left, right), an odd last one goes up as it
is. What a version says are its plain values, so that encrypting them anew with another key changes nothing; the
salt keeps a leaf from telling a value that somebody guesses, once version and salt are erased.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

SALT, LEAF, ID = 16, 32, 8  # bytes
EMPTY = hashlib.sha256(b"").digest()


def leaf_of(salt: bytes, said: str) -> bytes:
    return hashlib.sha256(b"\x00" + salt + said.encode()).digest()


def root_of(nodes: Sequence[bytes]) -> bytes:
    """The root of the tree over these leaves (or roots of parts)."""
    level = list(nodes) or [EMPTY]
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


def cut(joined: bytes, length: int) -> list[bytes]:
    """Pieces of equal length."""
    return [joined[at : at + length] for at in range(0, len(joined), length)]


def numbers(ids: bytes) -> list[int]:
    return [int.from_bytes(each, "big") for each in cut(ids, ID)]


def head_of(chain: str, number: int, day: str, previous: str, events: int, tables: dict[str, Any]) -> str:
    """The hash of a link; it holds everything that the link says."""
    said = [chain, number, day, previous, events, tables]
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
