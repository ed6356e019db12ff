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


def ship_kinds(kind_model: Any, class_model: Any, template_model: Any, step_model: Any) -> int:
    """Add the kinds that are rows and were never here, each with its class and the steps of another template to begin
    with; returns how many."""
    there = set(kind_model.objects.values_list("code", flat=True))
    known = {field.attname for field in kind_model._meta.fields}
    fresh = [row for row in _read("procedure_kinds.json") if row["code"] not in there]
    for row in fresh:
        klass, like, name = row.pop("class", None), row.pop("steps_of"), row.pop("template")
        if klass:
            position = class_model.objects.count() + 1
            row["gives_id"] = klass.pop("key")
            class_model.objects.get_or_create(
                key=row["gives_id"],
                defaults={**klass, "position": position, "opened_by": [row["code"]], "closed_by": [row["code"]]},
            )
        kind_model.objects.create(**{name: value for name, value in row.items() if name in known})
        _ship_steps(template_model, step_model, row, like, name)
    return len(fresh)


def ship_runs(kind_model: Any) -> int:
    """Give the shipped kinds the policies that run on under their decisions, where they have none; returns how many."""
    said = {row["code"]: row["runs"] for row in _read("procedure_kinds.json") if row.get("runs")}
    rows = [each for each in kind_model.objects.filter(code__in=said, place=None) if not each.runs]
    for each in rows:
        each.runs = said[each.code]
        each.save(update_fields=["runs"])
    return len(rows)


def _ship_steps(template_model: Any, step_model: Any, row: dict[str, Any], like: str, name: str) -> None:
    model = template_model.objects.filter(code=like, place=None).order_by("version").last()
    template = template_model.objects.create(
        code=f"{row['code']}-default", kind=row["code"], name=name, is_default=True, source=row["source"]
    )
    for step in step_model.objects.filter(template=model).order_by("position"):
        step.pk, step.template = None, template
        step.save(force_insert=True)
