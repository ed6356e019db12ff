"""The record of what leaves: opened before the first row, signed after the last one, kept before the file goes."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
import uuid
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from povreg.kit.history import act
from povreg.kit.scopes import COUNTY, county_of
from povreg.kit.sheets.digest import DIGEST_LABEL, KEY_LABEL, SIGNATURE_LABEL, BookDigest, SheetMarks, cells_of
from povreg.kit.sheets.leaving import Leaving, Opened
from povreg.proof import signing
from povreg.proof.models import ExportRecord, ExportSheet
from povreg.proof.seals.services import latest
from povreg.proof.signing import BOOK, FILE, Signature

NARROWED = "筛选"
SEAL_LABEL = "历史封印"
EXPORT = "export"
LEVELS = (15, 12, 9, 6, 4, 2)  # digits of the code of a place, the lowest first


class OpenRecord:
    """One book on its way out."""

    def __init__(self, leaving: Leaving, form: str = ExportRecord.Form.XLSX) -> None:
        self.leaving, self.form = leaving, form
        self.id = uuid.uuid4()
        self.key = secrets.token_bytes(32)
        self.digest = BookDigest(self.key)
        self.signature: Signature | None = None
        self.place = leaving.place_code or common_place(leaving.by)
        self.seal = latest(county_of(self.place) if len(self.place) >= COUNTY else "") or latest("")

    @property
    def number(self) -> str:
        return str(self.id)

    def lines(self) -> Iterable[tuple[str, str]]:
        """The newest seal of the county's history."""
        return [(SEAL_LABEL, str(self.seal))] if self.seal else []

    def proof(self) -> Iterator[tuple[str, str]]:
        """Digest, signature and the key that signed."""
        digest = self.digest.hexdigest()
        self.signature = signing.sign(BOOK, digest)
        yield DIGEST_LABEL, digest
        yield SIGNATURE_LABEL, self.signature.text
        yield KEY_LABEL, self.signature.key_id

    def close(self, path: Path) -> None:
        """Keep the record with the marks of its rows. Raises RuntimeError for a book that was not signed."""
        if self.signature is None:
            raise RuntimeError("a book leaves unsigned")
        values = {
            "form": self.form,
            "rows": self.digest.rows,
            "about": [line[:2] for line in self.digest.about],
            "sheets": [shape(sheet) for sheet in self.digest.sheets],
            "narrowed": dict(line[:2] for line in self.digest.about if len(line) > 1).get(NARROWED, ""),
            "row_key": self.key.hex(),
            "seal": self.seal.head if self.seal else "",
        }
        with transaction.atomic():
            record = keep(self.id, self.leaving, path, self.digest.hexdigest(), self.signature, **values)
            ExportSheet.objects.bulk_create(
                ExportSheet(record=record, position=at, marks=bytes(sheet.marks), names=packed(sheet.names))
                for at, sheet in enumerate(self.digest.sheets)
            )


def open_record(leaving: Leaving) -> Opened:
    return OpenRecord(leaving)


def record_file(leaving: Leaving, path: Path) -> ExportRecord:
    """Record a file that is no table of ours (a printed paper, the rejects of an upload): signed over its bytes."""
    digest = file_digest(path)
    return keep(uuid.uuid4(), leaving, path, digest, signing.sign(FILE, digest), form=ExportRecord.Form.FILE)


def record_content(leaving: Leaving, content: bytes) -> ExportRecord:
    """:func:`record_file` of what is still in memory."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return record_file(leaving, Path(file.name))


def keep(
    number: uuid.UUID, leaving: Leaving, path: Path, digest: str, signature: Signature, **values: object
) -> ExportRecord:
    """The record itself, an act of whoever takes the file: the trail says who it was."""
    reason = leaving.reason.strip()[:200]
    with act(by=leaving.by, verb="export_file", reason=reason):
        return ExportRecord.objects.create(
            id=number,
            kind=leaving.kind,
            title=leaving.marked[:160],
            by=leaving.by,
            place_code=leaving.place_code or common_place(leaving.by),
            unmasked=bool(leaving.unmasked),
            reason=reason,
            digest=digest,
            file_digest=file_digest(path),
            size=path.stat().st_size,
            key_id=signature.key_id,
            signature=signature.text,
            **values,
        )


def common_place(by: Any) -> str:
    """The lowest place that holds all where the person may export; nothing for a command."""
    codes = list(by.places_with(EXPORT)) if by is not None else []
    first, *others = codes or [""]
    above = (first[:length] for length in LEVELS if len(first) >= length)
    return next((code for code in above if all(other.startswith(code) for other in others)), "")


def shape(sheet: SheetMarks) -> dict[str, object]:
    """Name, rows above the data, and number of rows of a sheet."""
    return {"name": sheet.name, "heads": [cells_of(line) for line in sheet.heads], "rows": sheet.rows}


def packed(names: list[str]) -> bytes:
    return zlib.compress("\n".join(names).encode()) if names else b""


def unpacked(stored: bytes) -> list[str]:
    return zlib.decompress(stored).decode().split("\n") if stored else []


def file_digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
