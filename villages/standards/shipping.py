"""The lines and criteria sets that come with the product (policy.md 3.17 and section 4), as data.

Whatever the county has since withdrawn, corrected or published stays as it is: a line is shipped once for its kind,
year and place, a set once for its name and version.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from povreg.kit.history import act
from villages.models import Place, PovertyLine

DATA = Path(__file__).resolve().parent.parent / "data"
CORRECTED = "随附标准更正：2016—2020年脱贫标准按每年递增6%核定，地方数值改为说明"


def shipped_lines() -> Iterator[dict[str, Any]]:
    """Field values of every shipped line; ``place_id`` None is the whole country."""
    with (DATA / "lines.csv").open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            yield {
                "kind": row["kind"],
                "year": int(row["year"]),
                "place_id": row["place"] or None,
                "amount": Decimal(row["amount"]),
                "source": row["source"],
                "note": row["note"],
            }


def shipped_sets() -> list[dict[str, Any]]:
    """Field values of every shipped criteria set, all of them for the whole country."""
    sets: list[dict[str, Any]] = json.loads((DATA / "criteria_sets.json").read_text(encoding="utf-8"))
    return sets


def ship_national(line_model: Any, set_model: Any) -> int:
    """Add the national lines and sets that were never here. Takes the models, so that a migration may call it."""
    lines = _ship_lines(line_model, (line for line in shipped_lines() if line["place_id"] is None))
    there = set(set_model.objects.filter(place=None).values_list("name", "version"))
    sets = [set_model(**values) for values in shipped_sets() if (values["name"], values["version"]) not in there]
    return lines + len(set_model.objects.bulk_create(sets))


def correct_national(line_model: Any, set_model: Any) -> int:
    """Bring national lines and sets that an earlier version shipped in step with those shipped now: a line that was
    wrong is withdrawn and the right one added, a set ends where the shipped one ends. What the county or the operator
    has changed since stays. Takes the models, for a migration. Returns how many lines were added."""
    with act(by=None, verb="correct_line", reason=CORRECTED):
        right = {(line["kind"], line["year"]): line for line in shipped_lines() if line["place_id"] is None}
        held = line_model.objects.filter(place=None, created_by=None, withdrawn_at=None)
        wrong = [row for row in held if (line := right.get((row.kind, row.year))) and line["amount"] != row.amount]
        line_model.objects.filter(pk__in=[row.pk for row in wrong]).update(
            withdrawn_at=timezone.now(), withdrawn_reason=CORRECTED
        )
        line_model.objects.bulk_create([line_model(**right[row.kind, row.year]) for row in wrong])
        for row in shipped_sets():
            same = set_model.objects.filter(name=row["name"], version=row["version"], place=None, created_by=None)
            same.filter(year_to=None).update(year_to=row.get("year_to"))
        return len(wrong) + ship_national(line_model, set_model)


def ship_local_lines() -> int:
    """Add the shipped lines of provinces and counties whose place has been loaded. Returns how many were added."""
    local = [line for line in shipped_lines() if line["place_id"]]
    known = set(Place.objects.filter(pk__in={line["place_id"] for line in local}).values_list("pk", flat=True))
    with act(by=None, verb="ship_local_lines"):
        return _ship_lines(PovertyLine, (line for line in local if line["place_id"] in known))


def _ship_lines(model: Any, lines: Iterable[dict[str, Any]]) -> int:
    there = set(model.objects.values_list("kind", "year", "place_id"))
    fresh = [model(**line) for line in lines if (line["kind"], line["year"], line["place_id"]) not in there]
    return len(model.objects.bulk_create(fresh))
