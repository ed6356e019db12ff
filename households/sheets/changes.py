"""What an import changes, column by column, read from the history that it writes: the preview shows it before anything
stays, the outcome afterwards."""

import json
from typing import Any

import pghistory.runtime
from django.db import models

from households.models import AnnualRecord, Household, Member, MemberYear, Review
from households.sheets.staging import rows_of
from povreg.kit.fields import SealedTextField
from povreg.kit.values import BLANK, shown

MODELS: tuple[type[models.Model], ...] = (Household, Member, AnnualRecord, MemberYear, Review)
UNTOLD = {
    "id", "version", "updated_at", "household", "member", "village", "name_initials", "name_pinyin", "health", "sex",
    "birth_date", "id_area", "id_valid", "id_type", "in_register", "counted_in",
}  # fmt: skip
"""Columns that follow from others, or say nothing to a reader."""
HASHES = {"phone": "phone_hash", "bank_account": "bank_hash", "id_no": "id_hash"}
SAMPLES = 5
FEW = 30  # rows changed that nobody is asked about twice
LARGE = 0.5  # share of the rows read, from which on changes are asked about again


def context_id() -> Any:
    """The context of the history under which this transaction writes; None outside a verb."""
    return getattr(getattr(pghistory.runtime._tracker, "value", None), "id", None)


def told_columns(model: type[models.Model]) -> dict[str, Any]:
    """The fields told of a model, by the column whose change says that they changed: of a sealed number its hash."""
    silent = {*UNTOLD, *HASHES.values()}
    fields: list[Any] = [field for field in model._meta.concrete_fields if field.name not in silent]
    return {HASHES.get(field.name, field.attname): field for field in fields}


def changes_of(context: Any) -> list[dict[str, Any]]:
    """Per column how many rows were filled, changed and emptied under a context, with examples; most changed first."""
    found = [each for model in MODELS for each in _of_model(model, context)]
    return sorted(found, key=lambda each: -each["changed"])


def _of_model(model: type[models.Model], context: Any) -> list[dict[str, Any]]:
    events = model.history.rel.related_model._meta.db_table  # type: ignore[attr-defined]
    columns = told_columns(model)
    owner = "id" if model is Household else "household_id"
    rows = rows_of(
        _CHANGES.format(events="{events}", owner=f"'{owner}'"),
        {"context": context, "names": list(columns), "most": SAMPLES},
        events=events,
    )
    return [
        {
            "table": model._meta.model_name, "field": columns[key].name, "label": str(columns[key].verbose_name),
            "changed": changed, "filled": filled, "emptied": emptied,
            "examples": [_example(columns[key], *pair) for pair in json.loads(pairs)],
        }
        for key, changed, filled, emptied, pairs in rows
    ]  # fmt: skip


def _example(field: Any, household: int, old: Any, new: Any, times: int) -> dict[str, Any]:
    return {
        "household": household,
        "old": _said(field, old, "登记的号码"),
        "new": _said(field, new, "表里的号码"),
        "times": times,
    }


def _said(field: Any, value: Any, number: str) -> str:
    """A value in words; a sealed ``number`` is not opened."""
    if isinstance(field, SealedTextField):
        return number if value else BLANK
    return shown(field, None if value is None else field.to_python(value))


# Rows that were there before; of several versions under the context the last counts.
_CHANGES = """
WITH mine AS (
    SELECT pgh_obj_id, min(pgh_id) AS first, max(pgh_id) AS last FROM {events}
    WHERE pgh_context_id = %(context)s GROUP BY 1 HAVING bool_and(pgh_label = 'update')),
differing AS (
    SELECT k.key, o.old -> k.key AS old, k.value AS new, (n.new ->> {owner})::bigint AS household
    FROM mine m
    CROSS JOIN LATERAL (SELECT to_jsonb(e) AS new FROM {events} e WHERE e.pgh_id = m.last) n
    CROSS JOIN LATERAL (SELECT to_jsonb(e) AS old FROM {events} e
                        WHERE e.pgh_obj_id = m.pgh_obj_id AND e.pgh_id < m.first ORDER BY e.pgh_id DESC LIMIT 1) o
    CROSS JOIN LATERAL jsonb_each(n.new) k
    WHERE k.key = ANY(%(names)s) AND k.value IS DISTINCT FROM o.old -> k.key),
pairs AS (
    SELECT key, old, new, count(*) AS times, min(household) AS household FROM differing GROUP BY 1, 2, 3),
ranked AS (SELECT *, row_number() OVER (PARTITION BY key ORDER BY times DESC, household) AS place FROM pairs)
SELECT key, sum(times)::int,
       coalesce(sum(times) FILTER (WHERE old IN ('null', '""', '[]')), 0)::int,
       coalesce(sum(times) FILTER (WHERE new IN ('null', '""', '[]')), 0)::int,
       jsonb_agg(jsonb_build_array(household, old, new, times) ORDER BY place) FILTER (WHERE place <= %(most)s)
FROM ranked GROUP BY key
"""


def is_large(counts: Any) -> bool:
    """Whether so many rows change that it may be the wrong file."""
    return bool(counts.updated > FEW and counts.updated > LARGE * (counts.rows_read - counts.created))
