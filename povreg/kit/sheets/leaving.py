"""What is recorded of a file before it leaves the house. Who records is declared from above (povreg.proof)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from povreg.kit.sheets.digest import BookDigest

UNMASKED, MASKED = "完整号码", "已遮盖"


@dataclass(frozen=True)
class Leaving:
    """A file on its way out: ``kind`` says which export it is (``list:leads``), ``title`` what it is called, ``by`` who
    takes it (None: the operator's command), ``place_code`` the place it is about (empty: all of the person's places),
    ``unmasked`` whether it holds full numbers (None: it holds none at all)."""

    kind: str
    title: str
    by: Any = None
    place_code: str = ""
    unmasked: bool | None = None
    reason: str = ""

    @property
    def marked(self) -> str:
        """The title; of a file with numbers it says whether they are whole."""
        return self.title if self.unmasked is None else f"{self.title}（{self.mark}）"

    @property
    def mark(self) -> str:
        return UNMASKED if self.unmasked else MASKED

    def file_name(self, *parts: object, suffix: str = "xlsx") -> str:
        """What the download is called: a whole number is never in a file whose name does not say so."""
        marks = () if self.unmasked is None else (self.mark,)
        return f"{'-'.join(str(part) for part in (*parts, *marks))}.{suffix}"


class Opened(Protocol):
    """A record while its file is written."""

    digest: BookDigest

    @property
    def number(self) -> str:
        """The number of the export."""

    def lines(self) -> Iterable[tuple[str, str]]:
        """What the sheet 说明 says besides, before the digest is taken."""

    def proof(self) -> Iterable[tuple[str, str]]:
        """Digest, signature and key, once everything else was written."""

    def close(self, path: Path) -> None:
        """The file is whole: keep the record. Raises what the database raises; then the file does not leave."""


Recorder = Callable[[Leaving], Opened]
_recorders: list[Recorder] = []


def record_by(recorder: Recorder) -> None:
    """Declare who records what leaves; the last one declared does."""
    _recorders.append(recorder)


def open_record(leaving: Leaving) -> Opened:
    """Raises LookupError where nobody records: then nothing may leave."""
    if not _recorders:
        raise LookupError("nobody records what leaves the house")
    return _recorders[-1](leaving)
