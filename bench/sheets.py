"""Workbooks: the whole county out, and the same workbook into an empty county."""

import shutil
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from bench.measure import Figure, Run, manage, process
from households.models import Household, Member
from povreg.shell import embedded

COUNTY = "500154"
COLUMNS = 32


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "roster.xlsx"
        rows = Member.objects.filter(household__in=Household.objects.registered(), left_on=None).count()
        out = manage("export_sheet", "--layout", "roster-2022", "--place", COUNTY, "--unmasked", "--reason",
                     "性能测量", "--out", str(book))  # fmt: skip
        cells = process([sys.executable, "-m", "bench.openpyxl_cells", str(book), str(Path(folder) / "cells.xlsx")])
        taken = import_into_empty(book)
    return [
        Figure(f"export {rows:,} rows x {COLUMNS} columns", out.seconds, "s", 120),
        Figure("openpyxl cell by cell / export", cells.seconds / out.seconds, "x", 4, "above"),
        Figure("export, peak memory", out.megabytes, "MB", 500),
        Figure(f"import {rows:,} rows", rows / taken.seconds, "rows/s", 3000, "above"),
        Figure("import, peak memory", taken.megabytes, "MB", 500),
    ]


def import_into_empty(book: Path) -> Run:
    """Import the workbook on servers of its own that hold the county's places and nothing else."""
    home = Path(tempfile.mkdtemp(prefix="povreg-bench-"))
    home.chmod(0o711)
    keys = {"POVREG_HOME": str(home), "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS)}
    servers = embedded.ensure(home)
    try:
        manage("migrate", "--verbosity", "0", **keys)
        manage("load_places", "--under", COUNTY, **keys)
        return manage("import_sheet", str(book), "--layout", "roster-2022", "--county", COUNTY, **keys)
    finally:
        servers.release()
        shutil.rmtree(home, ignore_errors=True)
