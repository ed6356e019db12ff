"""The shipped code tables (villages/data/codes.csv), as rows."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

CODES_CSV = Path(__file__).resolve().parent.parent / "data" / "codes.csv"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def shipped_codes() -> Iterator[dict[str, Any]]:
    """One dict of field values per code, in the order of the file."""
    with CODES_CSV.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {
                "table": row["table"],
                "code": row["code"],
                "label": row["label"],
                "position": int(row["position"]),
                "valid_from": _day(row["valid_from"]),
                "valid_to": _day(row["valid_to"]),
                "spellings": row["spellings"].split("|") if row["spellings"] else [],
            }
