"""Stored files: sealed on the disk, the same again when read, altered or cut ones refused, in bounded memory."""

import io
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from hypothesis import example, given, settings as speed, strategies as some

from povreg.kit import storage
from povreg.kit.crypto import DecryptionError
from povreg.kit.sealed_files import CHUNK, HEAD, SEALED_CHUNK, Opened, seal
from povreg.kit.storage import SealedStorage, plain_copy

SECRET = b"500198198001021234"


def sealed(content: bytes) -> bytes:
    return b"".join(seal([content]))


def opened(stored: bytes) -> bytes:
    return io.BufferedReader(Opened(io.BytesIO(stored))).read()


@given(some.integers(0, 3 * CHUNK + 5), some.integers(1, CHUNK))
@example(0, 1)
@example(CHUNK, CHUNK)
@example(2 * CHUNK, 7)
@speed(max_examples=30, deadline=None)
def test_there_and_back_in_whatever_pieces(length, piece):
    content = os.urandom(length)
    parts = [content[at : at + piece] for at in range(0, length, piece)] if length / piece < 5000 else [content]
    stored = b"".join(seal(parts))
    assert opened(stored) == content
    assert Opened(io.BytesIO(stored)).length == length


@given(some.integers(0, 2 * CHUNK + 100), some.integers(0, 2 * CHUNK + 200), some.integers(0, CHUNK + 9))
@speed(max_examples=30, deadline=None)
def test_any_part_can_be_read_alone(length, at, count):
    content = bytes(length)[:-4] + b"last" if length > 4 else bytes(length)
    reader = io.BufferedReader(Opened(io.BytesIO(sealed(content))))
    reader.seek(at)
    assert reader.read(count) == content[at : at + count]


def test_nothing_of_the_content_is_stored_and_equal_content_looks_different():
    one, other = sealed(SECRET * 9000), sealed(SECRET * 9000)
    assert SECRET not in one
    assert one[HEAD:] != other[HEAD:]


@pytest.mark.parametrize("at", [0, 9, 20, HEAD + 3, HEAD + SEALED_CHUNK + 3, -1])
def test_an_altered_file_is_refused(at):
    stored = bytearray(sealed(SECRET * 9000))
    stored[at] ^= 1
    with pytest.raises(DecryptionError):
        opened(bytes(stored))


@pytest.mark.parametrize("change", [
    lambda stored: stored[: HEAD + SEALED_CHUNK],
    lambda stored: stored[:-1],
    lambda stored: stored[:HEAD],
    lambda stored: stored[: HEAD - 1],
    lambda stored: stored + b"x",
    lambda stored: stored[:HEAD] + stored[HEAD + SEALED_CHUNK : HEAD + 2 * SEALED_CHUNK] + stored[HEAD:][:SEALED_CHUNK],
])  # fmt: skip
def test_a_file_cut_short_or_put_together_otherwise_is_refused(change):
    with pytest.raises(DecryptionError):
        opened(change(sealed(SECRET * 9000)))


def test_a_long_file_needs_the_memory_of_a_chunk(tmp_path):
    tracemalloc.start()
    storage.write_sealed(tmp_path / "long", (bytes(1 << 20) for _ in range(24)))
    reader = io.BufferedReader(Opened((tmp_path / "long").open("rb")))
    assert sum(len(piece) for piece in iter(lambda: reader.read(1 << 20), b"")) == 24 << 20
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


# The storage.


@pytest.fixture
def store(tmp_path):
    return SealedStorage(location=tmp_path / "media")


def test_what_is_saved_is_sealed_closed_to_others_and_read_back(store):
    name = store.save("a/b/roster.xlsx", ContentFile(SECRET * 3))
    path = Path(store.path(name))
    assert SECRET not in path.read_bytes()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with store.open(name) as kept:
        assert (kept.size, kept.read(), store.size(name)) == (54, SECRET * 3, 54)


def test_a_taken_name_gets_another_and_nothing_is_replaced(store):
    one, other = (store.save("x.bin", ContentFile(text)) for text in (b"one", b"other"))
    assert one != other
    assert (store.open(one).read(), store.open(other).read()) == (b"one", b"other")


def test_a_write_that_fails_leaves_nothing(store, tmp_path):
    def broken():
        yield SECRET
        raise OSError(28, "No space left on device")

    content: Any = ContentFile(b"")
    content.chunks = broken
    with pytest.raises(OSError, match="No space"):
        store.save("x.bin", content)
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_old_plain_files_are_read_and_the_command_seals_them(db, store, settings, tmp_path, capsys):
    settings.MEDIA_ROOT = tmp_path / "media"
    old = tmp_path / "media" / "old.xlsx"
    old.parent.mkdir()
    old.write_bytes(SECRET * 2)
    os.utime(old, (1_500_000_000, 1_500_000_000))
    assert store.open("old.xlsx").read() == SECRET * 2
    call_command("seal_files")
    assert "本次加密 1 个" in capsys.readouterr().out
    assert SECRET not in old.read_bytes()
    assert old.stat().st_mtime == 1_500_000_000
    assert store.open("old.xlsx").read() == SECRET * 2
    call_command("seal_files")
    assert "本次加密 0 个" in capsys.readouterr().out


def test_what_only_opens_paths_gets_one_while_it_is_needed(store):
    class Stored:
        storage, name = store, store.save("x.bin", ContentFile(SECRET))

    with plain_copy(Stored) as path:
        assert path.read_bytes() == path.read_bytes() == SECRET
    assert not path.exists()
