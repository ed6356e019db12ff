"""Child of povreg.kit.sheets.reader: reads one workbook and writes its rows, pickled, to standard output.

Asked on standard input, as JSON: ``path``, ``top`` (how many first rows of every sheet), or ``sheet`` and ``after``.
"""

import json
import pickle
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 768 * 2**20  # bytes of address space; shared strings are the one part held in memory
SECONDS = 300  # of processor: a million rows take about 40
LOOKING = 30  # seconds by the clock, for the first rows
BATCH = 200  # rows handed over at once
BROKEN = "broken"


def limit() -> None:
    """Before the reader is even loaded."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def tell(piece: Any) -> None:
    pickle.dump(piece, sys.stdout.buffer, protocol=5)


def rows(book: Any, sheet: str, after: int) -> Iterator[tuple[int, list[Any]]]:
    for number, cells in enumerate(book.stream_sheet_by_name(sheet), 1):
        if number > after and any(cell != "" for cell in cells):
            yield number, cells


def first_rows(book: Any, sheet: str, most: int, fault: type[Exception]) -> Any:
    found = []
    try:
        for number, cells in rows(book, sheet, 0):
            if number > most:
                break
            found.append((number, cells))
    except fault:
        return BROKEN
    return found


def tell_rows(book: Any, sheet: str, after: int, fault: type[Exception]) -> None:
    batch = []
    try:
        for row in rows(book, sheet, after):
            batch.append(row)
            if len(batch) == BATCH:
                tell(batch)
                batch = []
    except fault:
        tell(batch)
        tell(BROKEN)
    else:
        tell(batch)


def main() -> None:
    limit()
    asked = json.load(sys.stdin)
    from python_calamine_plus import CalamineError, CalamineWorkbook  # noqa: PLC0415 - under the limits

    try:
        book = CalamineWorkbook.from_path(asked["path"])
    except (CalamineError, OSError):
        tell(BROKEN)
        return
    if "sheet" in asked:
        tell_rows(book, asked["sheet"], asked["after"], CalamineError)
    else:
        signal.alarm(LOOKING)
        tell({name: first_rows(book, name, asked["top"], CalamineError) for name in book.sheet_names})
    tell(None)


if __name__ == "__main__":
    main()
