"""The shipped catalogue (assistance/data/catalogue.csv): four ways, five plans, 21 projects, 72 measures, as document
001 counts them. Amounts are those of the sources named in the file; a county sets its own."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"
CATALOGUE_CSV = DATA / "catalogue.csv"


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The lines of a data file, by heading."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def shipped_items() -> Iterator[dict[str, Any]]:
    """Field values of each entry, in the order of the file."""
    for row in rows_of(CATALOGUE_CSV):
        yield {
            **row,
            "level": int(row["level"]),
            "causes": row["causes"].split("|") if row["causes"] else [],
            "risks": row["risks"].split("|") if row["risks"] else [],
            "low": Decimal(row["low"]) if row["low"] else None,
            "high": Decimal(row["high"]) if row["high"] else None,
            "starts_on": date.fromisoformat(row["starts_on"]),
            "ends_on": date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        }


def load_catalogue(model: Any) -> None:
    """Add the shipped entries that are not there yet; ``model`` is CatalogueItem or its historical state, which may
    not have every column of the file yet."""
    names = {field.name for field in model._meta.get_fields()}
    rows = ({name: value for name, value in values.items() if name in names} for values in shipped_items())
    model.objects.bulk_create([model(**values) for values in rows], ignore_conflicts=True)


def ship_tiers(model: Any) -> None:
    """Give the shipped entries whose amount goes by class their classes, in place of the range they were shipped
    with."""
    for values in shipped_items():
        if values["tiers"]:
            facts = {name: values[name] for name in ("tiers", "low", "high")}
            model.objects.filter(code=values["code"], place=None, starts_on=values["starts_on"]).update(**facts)
