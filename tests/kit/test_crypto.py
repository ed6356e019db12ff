"""Sealed fields: there and back, equal for equal values, unreadable when altered, keys that rotate."""

import base64
import os

import pytest
from hypothesis import given, strategies as some

from povreg.kit.crypto import HASH_LENGTH, DecryptionError, KeyRing, decrypt, encrypt, lookup_hash

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
RING = KeyRing.from_keys([OLD])
texts = some.text(min_size=1, max_size=60)


@given(texts)
def test_there_and_back(text):
    assert RING.decrypt(RING.encrypt(text)) == text


@given(texts)
def test_an_unchanged_value_stays_equal(text):
    assert RING.encrypt(text) == RING.encrypt(text)


@given(texts, texts)
def test_hashes_find_equal_values_only(one, other):
    assert (RING.lookup(one) == RING.lookup(other)) == (one == other)
    assert len(RING.lookup(one)) == HASH_LENGTH


@given(some.text("0123456789X", min_size=15, max_size=20))
def test_the_value_is_not_in_what_is_stored(text):
    assert text not in RING.encrypt(text)
    assert text not in RING.lookup(text)


@given(texts, some.integers(0, 200))
def test_an_altered_value_is_noticed(text, position):
    key, _, body = RING.encrypt(text).partition(":")
    raw = bytearray(base64.b64decode(body))
    raw[position % len(raw)] ^= 1
    with pytest.raises(DecryptionError, match="altered"):
        RING.decrypt(f"{key}:{base64.b64encode(raw).decode()}")


@given(texts)
def test_a_new_key_in_front_reads_the_old_and_keeps_the_hashes(text):
    rotated = KeyRing.from_keys([NEW, OLD])
    assert rotated.decrypt(RING.encrypt(text)) == text
    assert rotated.encrypt(text) != RING.encrypt(text)
    assert rotated.lookup(text) == RING.lookup(text)


def test_a_key_that_is_gone_is_named():
    with pytest.raises(DecryptionError, match="no key"):
        KeyRing.from_keys([NEW]).decrypt(RING.encrypt("x"))


@pytest.mark.parametrize("keys", [[], ["c2hvcnQ="], [OLD, base64.b64encode(os.urandom(16)).decode()]])
def test_keys_must_be_32_bytes(keys):
    with pytest.raises(ValueError, match="FIELD_ENCRYPTION_KEYS"):
        KeyRing.from_keys(keys)


def test_nothing_stays_nothing():
    assert encrypt("") == decrypt("") == lookup_hash("") == ""
