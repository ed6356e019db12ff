"""Files of people we do not trust are opened in a child process of bounded memory and time.

The children are scripts of their own that know nothing of the product: no settings, no database, no keys, an empty
environment. A file that lies about its size, or that never ends, takes its child down and nothing else.
"""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).resolve().parent
PLAIN = frozenset({"datetime", "date", "time", "timedelta"})
END = None


class Died(Exception):  # noqa: N818 - what became of the child
    """The child ended before its answer did: out of memory, out of time, or the reader crashed."""


class Plain(pickle.Unpickler):
    """Reads numbers, texts, days and lists of them: a child that was taken over can hand nothing else to us."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in PLAIN:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def started(script: str) -> subprocess.Popen[bytes]:
    """A child that runs a script of this package."""
    return subprocess.Popen(
        [sys.executable, "-I", str(HERE / script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )


def streamed(script: str, **asked: Any) -> Iterator[Any]:
    """What the child answers, piece by piece, until it says that this was all. Raises Died.

    A reader that stops halfway closes the generator, which ends the child.
    """
    child = started(script)
    assert child.stdin and child.stdout
    try:
        child.stdin.write(json.dumps(asked).encode())
        child.stdin.close()
        yield from pieces(child.stdout)
    except OSError as fault:
        raise Died from fault
    finally:
        child.stdout.close()
        child.kill()
        child.wait()


def pieces(answers: IO[bytes]) -> Iterator[Any]:
    try:
        while (piece := Plain(answers).load()) is not END:
            yield piece
    except (EOFError, pickle.UnpicklingError) as fault:
        raise Died from fault


def turned(script: str, content: bytes, seconds: float) -> bytes:
    """What the child makes of the bytes; empty when it refuses them. Raises Died, also after ``seconds``."""
    child = started(script)
    try:
        out, _ = child.communicate(content, timeout=seconds)
    except subprocess.TimeoutExpired as fault:
        raise Died from fault
    finally:
        child.kill()
        child.wait()
    if child.returncode:
        raise Died
    return io.BytesIO(out).getvalue()
