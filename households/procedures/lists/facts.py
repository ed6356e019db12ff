"""What an appraisal stood on: the facts of every household of a list, frozen with a digest, and compared later.

Facts and digest are made by PostgreSQL (jsonb text is canonical: sorted keys, no blanks), for a whole list at once.
"""

# ruff: noqa: S608 - the text is put together from declarations in this module only

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils import timezone

from households.models import AnnualRecord, Batch, BatchEntry, EntryResult, Household, Member, MemberYear
from households.models.annual import WATER_ITEMS, WORKSHEET_FIELDS
from households.models.template import StepKind
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.stage import enter
from povreg.kit.fields import CodeField
from povreg.kit.history import act
from povreg.kit.values import BIRTH
from villages.codes.selectors import label
from villages.models import User

HOUSEHOLD = (
    "village_id", "household_type", "household_attr", "main_cause", "exit_status", "identified_on", "exit_year",
    "return_year", "monitor_type", "risk_identified_on", "risk_cleared", "no_labour_backstop", "removed_on",
)  # fmt: skip
RECORD = (
    *WORKSHEET_FIELDS, "food", "clothing", "house_grade", "house_security", "water_safe", *WATER_ITEMS,
    "power_living", "broadcast",
)  # fmt: skip
MEMBER = ("name", "id_hash", "relation", "sex", "birth_date", "health", "labour")
YEARLY = (
    "school_status",
    "dropout_reason",
    "ins_resident",
    "ins_employee",
    "ins_major",
    "dibao",
    "tekun",
    "work_months",
)


CANDIDATE = "candidate"
"""Whether the household was in no class: asked of its spells, no column of its own."""


def _object(alias: str, fields: Collection[str]) -> str:
    return "jsonb_build_object(" + ", ".join(f"'{name}', {alias}.{name}" for name in fields) + ")"


SAME_NUMBER = """CASE WHEN e.facts->'members'->m.person_no->>'id_hash' <> m.id_hash AND m.id_hash = (
    SELECT v.id_hash FROM households_memberevent v WHERE v.pgh_obj_id = m.id AND v.pgh_created_at <= e.facts_at
    ORDER BY v.pgh_id DESC LIMIT 1) THEN e.facts->'members'->m.person_no->>'id_hash' ELSE m.id_hash END"""
"""A number's hash as the facts of the entry name it: after ``rotate_keys`` the same number has another hash, in the
history of then, too."""


def _facts_sql(where: str, *, number: str = SAME_NUMBER) -> str:
    """Rows (entry id, facts, digest) of the entries that ``where`` names, for the year of their batch."""
    member = _object("m", MEMBER).replace("m.id_hash", number)
    return f"""
        SELECT f.id, f.facts, encode(sha256(convert_to(f.facts::text, 'UTF8')), 'hex') AS digest FROM (
            SELECT e.id, jsonb_build_object(
                'household', {_object("h", HOUSEHOLD)} || jsonb_build_object('{CANDIDATE}', NOT h.in_register),
                'record', CASE WHEN r.id IS NULL THEN NULL ELSE {_object("r", RECORD)} END,
                'members', coalesce((
                    SELECT jsonb_object_agg(m.person_no, {member} || {_object("y", YEARLY)})
                    FROM households_member m
                    LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = b.year
                    WHERE m.household_id = h.id AND m.left_on IS NULL), '{{}}'::jsonb)) AS facts
            FROM households_batchentry e
            JOIN households_batch b ON b.id = e.batch_id
            JOIN households_household h ON h.id = e.household_id
            LEFT JOIN households_annualrecord r ON r.household_id = h.id AND r.year = b.year
            WHERE {where}) f"""


REVIEWING = (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW, StepKind.ANNOUNCEMENT, StepKind.FILING)
LISTED = "e.batch_id = %(batch)s AND e.state = 'listed'"


def freeze(batch: Batch, entry_ids: Collection[int] | None = None) -> int:
    """Keep the present facts of the listed entries (those named, if any); returns how many."""
    which = LISTED if entry_ids is None else f"{LISTED} AND e.id = ANY(%(ids)s)"
    text = f"""UPDATE households_batchentry t SET facts = f.facts, digest = f.digest, facts_at = %(now)s
        FROM ({_facts_sql(which, number="m.id_hash")}) f WHERE t.id = f.id"""
    with connection.cursor() as cursor:
        cursor.execute(text, {"batch": batch.pk, "now": timezone.now(), "ids": list(entry_ids or [])})
        return int(cursor.rowcount)


def changed(batch: Batch) -> list[int]:
    """Ids of the listed entries whose facts are not what the appraisal stood on."""
    return changed_in([batch]).get(batch.pk, [])


def changed_in(batches: Collection[Batch]) -> dict[int, list[int]]:
    """:func:`changed` of many batches in one statement; those without a change are left out."""
    which = "e.batch_id = ANY(%(batches)s) AND e.state = 'listed' AND e.digest <> ''"
    text = f"""SELECT e.batch_id, e.id FROM households_batchentry e JOIN ({_facts_sql(which)}) f ON f.id = e.id
        WHERE e.digest <> f.digest ORDER BY e.id"""
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(text, {"batches": [batch.pk for batch in batches]})
        for batch_id, entry_id in cursor.fetchall():
            found.setdefault(batch_id, []).append(entry_id)
    return found


def present(entry: BatchEntry) -> tuple[dict[str, Any], str]:
    """The facts as they are now, and their digest."""
    with connection.cursor() as cursor:
        cursor.execute(_facts_sql("e.id = %(entry)s"), {"entry": entry.pk})
        _, found, digest = cursor.fetchone()
    return json.loads(found), digest


@dataclass(frozen=True)
class Difference:
    """One fact that changed since the appraisal, in words."""

    who: str
    label: str
    before: str
    now: str


def differences(entry: BatchEntry) -> list[Difference]:
    """What changed since the appraisal, ready to show; empty when nothing did."""
    if not entry.facts:
        return []
    now, digest = present(entry)
    if digest == entry.digest:
        return []
    before = entry.facts
    found = list(_compare("本户", Household, before["household"], now["household"]))
    found += _compare("年度记录", AnnualRecord, before["record"] or {}, now["record"] or {})
    for number in sorted({*before["members"], *now["members"]}):
        found += _member(before["members"].get(number), now["members"].get(number))
    return found


def _member(before: dict[str, Any] | None, now: dict[str, Any] | None) -> Iterator[Difference]:
    if before is None or now is None:
        there = now or before or {}
        yield Difference(
            there["name"], "家庭成员", "不在户" if before is None else "在户", "不在户" if now is None else "在户"
        )
        return
    for model, fields in ((Member, MEMBER), (MemberYear, YEARLY)):
        yield from _compare(now["name"], model, *({name: row.get(name) for name in fields} for row in (before, now)))


def _compare(who: str, model: type[models.Model], before: dict[str, Any], now: dict[str, Any]) -> Iterator[Difference]:
    for name in sorted({*before, *now}):
        old, new = before.get(name), now.get(name)
        if old == new:
            continue
        if name == "id_hash":
            yield Difference(who, "证件号码", "原号码", "已更换")
        elif name == CANDIDATE:
            yield Difference(who, "建档立卡", *("未建档" if each else "已建档" for each in (old, new)))
        else:
            field: Any = model._meta.get_field(name.removesuffix("_id"))
            say = _year if name == BIRTH else _words
            yield Difference(who, str(field.verbose_name), say(field, old), say(field, new))


def _year(_field: Any, value: str | None) -> str:
    """No finer than the year (povreg.kit.masking)."""
    return f"{value[:4]}年" if value else "未登记"


def _words(field: Any, value: Any) -> str:
    if value is None or value == "":
        return "未登记"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(field, models.DecimalField):
        return f"{value:,.{field.decimal_places}f}"
    return label(field.code_table, value) or str(value) if isinstance(field, CodeField) else str(value)


def accept_changes(*, by: User | None, batch: Batch, entry_ids: Collection[int], reason: str) -> int:
    """A reviewer looked at what changed since the appraisal and lets the entries stand on the present facts.

    Raises ProcedureError outside a review or without a reason, PermissionDenied.
    """
    with act(by=by, verb="confirm_changes", reason=reason):
        stage = enter(
            by, batch, StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW, StepKind.FILING, StepKind.ANNOUNCEMENT
        )
        if not reason.strip():
            raise ProcedureError("请写明确认的理由（例如：已入户核实，不影响退出）。")
        chosen = sorted(set(changed(stage.batch)) & set(entry_ids))
        EntryResult.objects.bulk_create(
            EntryResult(
                entry_id=pk, step=stage.step, round=stage.batch.round, by=by, note=reason[:300],
                outcome=EntryResult.Outcome.ACCEPTED,
            )
            for pk in chosen
        )  # fmt: skip
        freeze(stage.batch, chosen)
    return len(chosen)
