"""The templates and indicator sets that come with the product (households/data), brought into the database.

What was shipped once stays as it is: a correction is a new version in the data, a county's own version is the county's.
"""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "data"


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return rows


def ship(template_model: Any, step_model: Any, set_model: Any, indicator_model: Any) -> int:
    """Add the templates and sets that were never here; returns how many. Takes the models, so that a migration may
    call it with their historical state."""
    templates = _ship(template_model, step_model, "template", "steps", "procedure_templates.json")
    return templates + _ship(set_model, indicator_model, "set", "indicators", "village_indicators.json")


def _ship(parent_model: Any, child_model: Any, link: str, part: str, file: str) -> int:
    there = set(parent_model.objects.filter(place=None).values_list("code", "version"))
    fresh = [row for row in _read(file) if (row["code"], row.get("version", 1)) not in there]
    for row in fresh:
        children = row.pop(part)
        parent = parent_model.objects.create(**row)
        child_model.objects.bulk_create(
            child_model(**{link: parent}, position=position, **child) for position, child in enumerate(children, 1)
        )
    return len(fresh)
