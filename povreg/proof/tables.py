"""Tables that leave as csv or Parquet, recorded and signed as workbooks are.

A csv file ends with a blank line, a line 说明 and the lines that the sheet 说明 of a workbook has. A Parquet file
carries them in its metadata and is proven by its bytes: no office program saves one again.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from povreg.kit.sheets.digest import ABOUT_HEADER, ABOUT_SHEET, NUMBER_LABEL, ROWS_LABEL, canonical
from povreg.kit.sheets.kinds import Day, Moment
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.writer import SheetOut
from povreg.proof.models import ExportRecord
from povreg.proof.recording import OpenRecord

DATA = "数据"
ENCODING = "utf-8-sig"  # Excel takes a file without the mark for one of the local code page
ACTIVE = ("=", "+", "-", "@", "\t", "\r")
AT_ONCE = 20_000  # rows of a group
CSV, PARQUET = ExportRecord.Form.CSV, ExportRecord.Form.PARQUET


def write_csv(path: Path, sheet: SheetOut, about: Iterable[tuple[str, Any]], leaving: Leaving) -> int:
    """Returns how many rows. Raises OSError. A text that a spreadsheet program would take for a formula gets an
    apostrophe in front."""
    record = OpenRecord(leaving, CSV)
    with path.open("w", encoding=ENCODING, newline="") as file:
        out = csv.writer(file)
        record.digest.sheet(DATA)
        headers = [column.header for column in sheet.columns]
        record.digest.head(headers)
        out.writerow(headers)
        for row in sheet.rows:
            cells = [still(cell) for cell in row]
            record.digest.add(cells)
            out.writerow([canonical(cell) for cell in cells])
        out.writerows([[], [ABOUT_SHEET]])
        out.writerows(provenance(record, about, leaving))
    record.close(path)
    return record.digest.rows


def provenance(record: OpenRecord, about: Iterable[tuple[str, Any]], leaving: Leaving) -> Iterator[list[str]]:
    """The lines of 说明, digest and signature last."""
    digest = record.digest
    digest.sheet(ABOUT_SHEET)
    digest.tell(ABOUT_HEADER)
    rows = digest.rows
    lines = [("标题", leaving.marked), *about, *record.lines(), (NUMBER_LABEL, record.number), (ROWS_LABEL, rows)]
    for label, value in lines:
        digest.tell([label, str(value)])
        yield [label, str(value)]
    yield from ([label, value] for label, value in record.proof())


def still(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(ACTIVE) else cell


def read_csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows that are not blank. Raises UnicodeDecodeError for what is no text, csv.Error for what is no csv."""
    csv.field_size_limit(2**20)
    with path.open(encoding=ENCODING, newline="") as file:
        for number, cells in enumerate(csv.reader(file), 1):
            if any(cell.strip() for cell in cells):
                yield number, cells


def write_parquet(path: Path, sheet: SheetOut, about: Iterable[tuple[str, Any]], leaving: Leaving) -> int:
    """Returns how many rows. Raises OSError."""
    import pyarrow as pa  # noqa: PLC0415 - half a second to load, for this one form
    import pyarrow.parquet as pq  # noqa: PLC0415

    record = OpenRecord(leaving, PARQUET)
    headers = [column.header for column in sheet.columns]
    types = {Day: pa.date32(), Moment: pa.timestamp("ms")}
    kinds = [
        types.get(type(column.kind), pa.float64() if column.kind.numeric else pa.string()) for column in sheet.columns
    ]
    schema = pa.schema(list(zip(headers, kinds, strict=True)))
    record.digest.sheet(DATA)
    record.digest.head(headers)
    with pq.ParquetWriter(path, schema) as out:
        for rows in pieces(sheet.rows):
            for row in rows:
                record.digest.add(row)
            columns = zip(*rows, strict=True)
            arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
            out.write_batch(pa.record_batch(arrays, schema=schema))
        lines = list(provenance(record, about, leaving))
        out.add_key_value_metadata({ABOUT_SHEET: json.dumps(lines, ensure_ascii=False)})
    record.close(path)
    return record.digest.rows


def pieces(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    piece: list[Sequence[Any]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece
