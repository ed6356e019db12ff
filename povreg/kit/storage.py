"""Where uploads, results and evidence lie: on the disk, sealed (povreg.kit.sealed_files), whole or not at all."""

import contextlib
import io
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.http import Http404

from povreg.kit.sealed_files import MAGIC, Opened, is_sealed, seal

log = logging.getLogger(__name__)
PART = ".part"
"""End of the name of a file that is being written; one that stayed was torn and is nobody's."""


class StoredFileMissing(Http404, FileNotFoundError):  # noqa: N818  an answer, not an accident
    """A row names a file that the disk has not: somebody removed it, or a restored backup lacks it. Whoever asked reads
    a sentence about it (404.html, povreg.kit.api.errors); the log names the file for who can bring it back."""


class SealedFile(File):
    """A stored file as its plain content."""

    def __init__(self, stored: BinaryIO, name: str) -> None:
        head = stored.read(len(MAGIC))
        stored.seek(0)
        plain: Any = io.BufferedReader(Opened(stored)) if is_sealed(head) else stored  # else: of an older installation
        super().__init__(plain, name)

    @property
    def size(self) -> int:
        """Bytes of plain content."""
        content: Any = self.file
        at = content.tell()
        length = content.seek(0, io.SEEK_END)
        content.seek(at)
        return int(length)


class SealedStorage(FileSystemStorage):
    """Files are sealed as they are written, aside and then renamed; files that lie there in the clear are still read
    (``manage.py seal_files`` seals them). Only reading is offered: what is stored is never changed in place."""

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("stored files are opened with mode rb")
        try:
            stored = Path(self.path(name)).open("rb")  # noqa: SIM115  closed by the File
        except FileNotFoundError as fault:
            log.error("stored file missing: %s", name)
            raise StoredFileMissing(name) from fault
        return SealedFile(stored, name)

    def _save(self, name: str, content: Any) -> str:
        make_folder(Path(self.path(name)).parent)
        while True:
            try:
                write_sealed(Path(self.path(name)), content.chunks(), replace=False)
            except FileExistsError:  # somebody took the name meanwhile
                name = self.get_available_name(name)
            else:
                return name.replace("\\", "/")

    def size(self, name: str) -> int:
        with self._open(name) as stored:
            return stored.size


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each closed to others."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)


def write_sealed(path: Path, parts: Any, *, replace: bool = True) -> None:
    """Put a sealed file in its place in one step, readable by its owner only. What was there is replaced, or raises
    FileExistsError."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            for each in seal(part.encode() if isinstance(part, str) else part for part in parts):
                out.write(each)
            out.flush()
            os.fsync(out.fileno())
        if replace:
            aside.rename(path)
        else:
            path.hardlink_to(aside)
    finally:
        aside.unlink(missing_ok=True)


def seal_in_place(path: Path) -> bool:
    """Seal a file that lies there in the clear, keeping its times; False when it is sealed already."""
    facts = path.stat()
    with path.open("rb") as plain:
        if is_sealed(plain.read(len(MAGIC))):
            return False
        plain.seek(0)
        write_sealed(path, iter(lambda: plain.read(1 << 20), b""))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    return True


@contextlib.contextmanager
def plain_copy(stored: Any) -> Iterator[Path]:
    """A path under which what only opens paths can read a stored file (a FieldFile), while the block runs.

    It lies in memory where the system offers that, so no kill leaves a roster in the clear; else in a temporary file.
    """
    with _anonymous() as out, stored.storage.open(stored.name) as content:
        shutil.copyfileobj(content, out, 1 << 20)
        out.flush()
        yield Path(f"/proc/{os.getpid()}/fd/{out.fileno()}" if not isinstance(out.name, str) else out.name)


def _anonymous() -> Any:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("povreg"), "w+b")
    return tempfile.NamedTemporaryFile(prefix="povreg-")
