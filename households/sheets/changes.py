"""What an import changes, column by column, read from the history that it writes: the preview shows it before anything
stays, the outcome afterwards."""

# ruff: noqa: S608 - the text is put together from what stands here

import json
from typing import Any

import pghistory.runtime
from django.db import models

from households.models import AnnualRecord, Household, Member, MemberYear, Review
from households.sheets.named import HOME, MOST
from households.sheets.outcome import Named
from households.sheets.staging import rows_of, run
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


def changes_of(context: Any) -> tuple[list[dict[str, Any]], Named]:
    """Per column how many rows were filled, changed and emptied under a context, with examples, most changed first; and
    the changed cells one by one (household's number, village, person, column, old, new)."""
    columns: list[dict[str, Any]] = []
    cells = Named()
    for model in MODELS:
        columns += _of_model(model, context)
        cells.add(_cells_of(model), MOST)
    run("DROP TABLE IF EXISTS sheet_differing")
    return sorted(columns, key=lambda each: -each["changed"]), cells


def _of_model(model: type[models.Model], context: Any) -> list[dict[str, Any]]:
    """Leaves what differs in ``sheet_differing``."""
    events = model.history.rel.related_model._meta.db_table  # type: ignore[attr-defined]
    columns = told_columns(model)
    run("DROP TABLE IF EXISTS sheet_differing")
    run(
        _DIFFERING.format(events="{events}", owner=_quoted(OWNER.get(model, "household_id")), who=_quoted(WHO[model])),
        {"context": context, "names": list(columns)},
        events=events,
    )
    rows = rows_of(_PAIRS, {"most": SAMPLES})
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


def _cells_of(model: type[models.Model]) -> list[tuple[Any, ...]]:
    """The changed cells of a model, in words, with their number in front."""
    columns = told_columns(model)
    return [
        (count, number, village, who or "（户）", str(columns[key].verbose_name),
         _said(columns[key], _read(old), "登记的号码"), _said(columns[key], _read(new), "表里的号码"))
        for count, number, village, who, key, old, new in rows_of(_CELLS, {"most": MOST})
    ]  # fmt: skip


def _read(value: str | None) -> Any:
    return None if value is None else json.loads(value)


def _quoted(name: str) -> str:
    return f"'{name}'"


OWNER: dict[type[models.Model], str] = {Household: "id"}
WHO: dict[type[models.Model], str] = {
    Household: "", Member: "id", AnnualRecord: "", MemberYear: "member_id", Review: "",
}  # fmt: skip
"""The column of a row that names its person; of a household's none."""
# Rows that were there before; of several versions under the context the last counts.
_DIFFERING = """
CREATE TEMP TABLE sheet_differing AS
WITH mine AS (
    SELECT pgh_obj_id, min(pgh_id) AS first, max(pgh_id) AS last FROM {events}
    WHERE pgh_context_id = %(context)s GROUP BY 1 HAVING bool_and(pgh_label = 'update'))
SELECT k.key, o.old -> k.key AS old, k.value AS new, (n.new ->> {owner})::bigint AS household,
       (n.new ->> {who})::bigint AS person
FROM mine m
CROSS JOIN LATERAL (SELECT to_jsonb(e) AS new FROM {events} e WHERE e.pgh_id = m.last) n
CROSS JOIN LATERAL (SELECT to_jsonb(e) AS old FROM {events} e
                    WHERE e.pgh_obj_id = m.pgh_obj_id AND e.pgh_id < m.first ORDER BY e.pgh_id DESC LIMIT 1) o
CROSS JOIN LATERAL jsonb_each(n.new) k
WHERE k.key = ANY(%(names)s) AND k.value IS DISTINCT FROM o.old -> k.key
"""
_PAIRS = """
WITH pairs AS (
    SELECT key, old, new, count(*) AS times, min(household) AS household FROM sheet_differing GROUP BY 1, 2, 3),
ranked AS (SELECT *, row_number() OVER (PARTITION BY key ORDER BY times DESC, household) AS place FROM pairs)
SELECT key, sum(times)::int,
       coalesce(sum(times) FILTER (WHERE old IN ('null', '""', '[]')), 0)::int,
       coalesce(sum(times) FILTER (WHERE new IN ('null', '""', '[]')), 0)::int,
       jsonb_agg(jsonb_build_array(household, old, new, times) ORDER BY place) FILTER (WHERE place <= %(most)s)
FROM ranked GROUP BY key
"""
_CELLS = f"""
WITH first AS (SELECT * FROM sheet_differing ORDER BY household, person NULLS FIRST, key LIMIT %(most)s)
SELECT (SELECT count(*) FROM sheet_differing)::int, {HOME}, m.name, first.key, first.old, first.new
FROM first JOIN households_household h ON h.id = first.household JOIN villages_place p ON p.code = h.village_id
LEFT JOIN households_member m ON m.id = first.person
ORDER BY h.village_id, h.household_no, first.person NULLS FIRST, first.key
"""


def is_large(counts: Any) -> bool:
    """Whether so many rows change that it may be the wrong file."""
    return bool(counts.updated > FEW and counts.updated > LARGE * (counts.rows_read - counts.created))
