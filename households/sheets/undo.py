"""Taking an import back as a whole (design.md 10): every row that it wrote is again what it was before, read from the
history that the import left, and what it had entered goes. A household that something followed (a person's later act, a
closed year) stays as it is, and is named with the reason; what followed by itself (verdicts, proposals) is withdrawn.
"""

# ruff: noqa: S608 - table and column names come from the models

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from households.models import (
    AnnualRecord,
    Assessment,
    Clearance,
    Episode,
    Flip,
    Household,
    Lead,
    Member,
    MemberYear,
    Presence,
    Review,
    SheetImport,
    Spell,
    StandingProposal,
)
from households.register import after
from households.register.people import spelling
from households.register.village_rows import carriers
from households.sheets.staging import rows_of, run
from households.sheets.verbs import UNDO
from households.standing.opening import is_opening
from povreg.kit.history import act
from povreg.kit.values import plain
from villages.models import User

ROWS: tuple[type[models.Model], ...] = (Household, Member, AnnualRecord, MemberYear, Review)
"""What an import writes, in the order in which it is put back."""
TOUCHED: tuple[type[models.Model], ...] = (*ROWS, Spell)
BY_ITSELF: tuple[type[models.Model], ...] = (Assessment, Clearance, Flip, Presence, StandingProposal)
"""What follows a change without anybody's doing."""
STEADY = {"id", "version", "updated_at", "counted_in", "name_pinyin"}
"""Columns that are not put back from the history: the database keeps them, or they are made anew."""
NO_BEFORE = "没有导入前的记录"
STANDING_FIXED = "建库期已结束，名册写入的身份只能经更正程序改变"


@dataclass(frozen=True)
class Kept:
    """A household that cannot be put back, and why."""

    household_no: str
    village: str
    reason: str


@dataclass
class Plan:
    """What an undo would do: households put back, and those that stay as they are."""

    households: list[int]
    created: int
    kept: list[Kept]


def _events(model: type[models.Model]) -> str:
    return str(model.history.rel.related_model._meta.db_table)  # type: ignore[attr-defined]


def _owner(model: type[models.Model]) -> str:
    return "id" if model is Household else "household_id"


def _columns(model: type[models.Model]) -> list[str]:
    known = {field.column for field in model.history.rel.related_model._meta.concrete_fields}  # type: ignore[attr-defined]
    fields: list[Any] = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    return [field.column for field in fields if field.name not in STEADY and field.column in known]


def touched_by(sheet: SheetImport) -> dict[int, bool]:
    """The households that an import changed, and whether it entered them."""
    parts = [
        f"SELECT {'pgh_obj_id' if model is Household else 'household_id'} AS id,"
        f" {'pgh_label = ' + repr('insert') if model is Household else 'FALSE'} AS created"
        f" FROM {_events(model)} WHERE pgh_context_id = %(context)s"
        for model in TOUCHED
    ]
    sql = f"SELECT id, bool_or(created) FROM ({' UNION ALL '.join(parts)}) t GROUP BY 1"
    return dict(rows_of(sql, {"context": sheet.context})) if sheet.context else {}


def plan_of(sheet: SheetImport) -> Plan:
    """What can be taken back today, and what cannot."""
    touched = touched_by(sheet)
    reasons: dict[int, str] = {}
    for pk, reason in _obstacles(sheet, touched):
        reasons.setdefault(pk, reason)
    free = sorted(set(touched) - set(reasons))
    known = Household.objects.filter(pk__in=reasons).select_related("village").order_by("village_id", "household_no")
    kept = [Kept(row.household_no, row.village.name, reasons[row.pk]) for row in known]
    return Plan(free, sum(touched[pk] for pk in free), kept)


def undo(*, by: User | None, sheet: SheetImport, reason: str, job_id: str = "") -> Plan:
    """Put back what an import wrote, as far as nothing followed; what stays is in the plan that is returned."""
    with act(by=by, verb=UNDO, reason=reason, job=job_id, layout=sheet.layout), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        plan = plan_of(sheet)
        params = {"context": sheet.context, "ids": plan.households}
        StandingProposal.objects.filter(source=sheet, state="open", household_id__in=plan.households).delete()
        _put_standing_back(params)
        gone = _take_new_rows(params)
        for model in ROWS:
            _put_back(model, params)
        _put_presence_back(params)
        _spell_names(params)
        created = _take_new_households(params)
        after.changed(sorted(set(plan.households) - created), left=gone)
    return plan


# -- what stands in the way --------------------------------------------------------------------------------------------


def _obstacles(sheet: SheetImport, touched: dict[int, bool]) -> Iterable[tuple[int, str]]:
    """(household, reason), the weightiest first."""
    params = {"context": sheet.context, "ids": list(touched), "new": [pk for pk, new in touched.items() if new]}
    rows = rows_of(f"SELECT min(pgh_created_at) FROM ({_moments()}) t", params)
    params["at"] = rows[0][0]
    for model in _followers():
        name = str(model._meta.verbose_name)
        for pk, day in rows_of(_FOLLOWED.format(events=_events(model), owner=_event_owner(model)), params):
            yield pk, f"此后又有改动：{name}，{plain(day)}"
    for model in ROWS:
        found = rows_of(_NO_BEFORE.format(events=_events(model), owner=_event_owner(model)), params)
        yield from ((pk, NO_BEFORE) for (pk,) in found)
    if not is_opening(sheet.county_id):
        found = rows_of(
            f"SELECT DISTINCT household_id FROM {_events(Spell)} WHERE pgh_context_id = %(context)s", params
        )
        yield from ((pk, STANDING_FIXED) for (pk,) in found)
    for model in (AnnualRecord, MemberYear):
        found = rows_of(_CLOSED.format(events=_events(model)), params | {"county": sheet.county_id})
        yield from ((pk, f"{year}年已封存") for pk, year in found)
    yield from _pointed_to(params)


def _followers() -> list[type[models.Model]]:
    tracked = [model for model in carriers() if hasattr(model, "history") and model not in BY_ITSELF]
    return list(dict.fromkeys([*ROWS, *tracked]))


def _event_owner(model: type[models.Model]) -> str:
    return "pgh_obj_id" if model is Household else "household_id"


def _moments() -> str:
    return " UNION ALL ".join(
        f"SELECT min(pgh_created_at) AS pgh_created_at FROM {_events(model)} WHERE pgh_context_id = %(context)s"
        for model in TOUCHED
    )


# A later version by a person's hand, or past the product; what the system does by itself names nobody.
_FOLLOWED = """
SELECT e.{owner}, max(e.pgh_created_at)::date FROM {events} e
LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id
WHERE e.{owner} = ANY(%(ids)s) AND e.pgh_context_id IS DISTINCT FROM %(context)s
  AND (e.pgh_created_at > %(at)s
       OR e.pgh_id > (SELECT max(m.pgh_id) FROM {events} m WHERE m.pgh_context_id = %(context)s))
  AND (c.id IS NULL OR c.metadata ->> 'user' IS NOT NULL)
GROUP BY 1
"""
_NO_BEFORE = """
SELECT DISTINCT m.owner FROM (
    SELECT pgh_obj_id, min({owner}) AS owner, min(pgh_id) AS first FROM {events}
    WHERE pgh_context_id = %(context)s GROUP BY 1 HAVING bool_and(pgh_label = 'update')) m
WHERE NOT EXISTS (SELECT 1 FROM {events} e WHERE e.pgh_obj_id = m.pgh_obj_id AND e.pgh_id < m.first)
"""
_CLOSED = """
SELECT DISTINCT e.household_id, e.year FROM {events} e
JOIN households_yearclosing z ON z.county_id = %(county)s AND z.year = e.year
WHERE e.pgh_context_id = %(context)s
"""


def _pointed_to(params: dict[str, Any]) -> Iterable[tuple[int, str]]:
    """Households and people that the import entered, and to which something else points by now."""
    own = {*ROWS, *BY_ITSELF, Spell} - {Flip}
    for target, sql in ((Household, _POINTED_HOUSEHOLD), (Member, _POINTED_MEMBER)):
        for relation in _relations(target):
            model: Any = relation.related_model
            if model in own or hasattr(model, "pgh_tracked_model") or relation.on_delete is models.CASCADE:
                continue
            query = sql.format(table=model._meta.db_table, column=relation.field.column, events=_events(Member))
            query += BY_PERSON if model is Lead else ""
            yield from ((pk, f"已有{model._meta.verbose_name}") for (pk,) in rows_of(query, params))


def _relations(target: type[models.Model]) -> list[Any]:
    fields: list[Any] = list(target._meta.get_fields(include_hidden=True))
    return [field for field in fields if field.one_to_many or (field.one_to_one and not field.concrete)]


BY_PERSON = " AND NOT (r.state = 'new' AND r.raised_by_id IS NULL)"
"""A lead that nobody raised or looked at is withdrawn with what it is about."""
_POINTED_HOUSEHOLD = "SELECT DISTINCT r.{column} FROM {table} r WHERE r.{column} = ANY(%(new)s)"
_POINTED_MEMBER = """
SELECT DISTINCT e.household_id FROM {events} e JOIN {table} r ON r.{column} = e.pgh_obj_id
WHERE e.pgh_context_id = %(context)s AND e.pgh_label = 'insert'
"""


# -- putting back ------------------------------------------------------------------------------------------------------


def _written(model: type[models.Model], params: dict[str, Any], label: str) -> list[int]:
    """Rows of the plan's households that the import entered, or took away."""
    sql = (
        f"SELECT pgh_obj_id FROM {_events(model)} WHERE pgh_context_id = %(context)s"
        f" GROUP BY 1 HAVING bool_or(pgh_label = '{label}') AND min({_event_owner(model)}) = ANY(%(ids)s)"
    )
    return [pk for (pk,) in rows_of(sql, params)]


def _put_standing_back(params: dict[str, Any]) -> None:
    """Spells that the roster wrote go, those that it replaced come again with what belonged to their episodes."""
    Spell.objects.filter(pk__in=_written(Spell, params, "insert")).delete()
    back = _written(Spell, params, "delete")
    for model, key in ((Spell, "id"), (Episode, "spell_id")):
        names = ", ".join(f'"{column}"' for column in dict.fromkeys([key, *_columns(model)]))
        run(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {names} FROM (SELECT DISTINCT ON (pgh_obj_id) *"
            f" FROM {_events(model)} WHERE pgh_context_id = %(context)s AND pgh_label = 'delete'"
            f" AND {key} = ANY(%(back)s) ORDER BY pgh_obj_id, pgh_id) e",
            params | {"back": back},
        )


def _take_new_rows(params: dict[str, Any]) -> list[str]:
    """Yearly rows and people that the import entered; returns the villages of households that go."""
    people = _written(Member, params, "insert")
    created = Household.objects.filter(pk__in=_written(Household, params, "insert"))
    Lead.objects.filter(models.Q(member__in=people) | models.Q(household__in=created)).delete()
    for model in (Review, MemberYear, AnnualRecord, Member):
        model._default_manager.filter(pk__in=_written(model, params, "insert")).delete()
    return sorted(set(created.values_list("village_id", flat=True)))


def _put_back(model: type[models.Model], params: dict[str, Any]) -> None:
    """Every row that the import changed, as it was before the import's first change."""
    columns = _columns(model)
    given = ", ".join(f'"{column}" = b."{column}"' for column in columns)
    run(
        f"UPDATE {model._meta.db_table} t SET {given}, version = t.version + 1, updated_at = now()"
        f" FROM ({_FIRST.format(events=_events(model))}) m"
        f" CROSS JOIN LATERAL (SELECT * FROM {_events(model)} e WHERE e.pgh_obj_id = m.pgh_obj_id"
        f" AND e.pgh_id < m.first ORDER BY e.pgh_id DESC LIMIT 1) b"
        f" WHERE t.id = m.pgh_obj_id AND t.{_owner(model)} = ANY(%(ids)s)",
        params,
    )


_FIRST = """
SELECT pgh_obj_id, min(pgh_id) AS first FROM {events}
WHERE pgh_context_id = %(context)s GROUP BY 1 HAVING bool_and(pgh_label = 'update')
"""


def _put_presence_back(params: dict[str, Any]) -> None:
    """Stays as they were: the history of presence holds the versions that were replaced, and a line that the import
    opened came after them."""
    sql = f"""
    WITH old AS (SELECT DISTINCT ON (pgh_obj_id) * FROM {_events(Presence)}
                 WHERE pgh_context_id = %(context)s AND household_id = ANY(%(ids)s) ORDER BY pgh_obj_id, pgh_id),
    opened AS (DELETE FROM households_presence p
               USING (SELECT member_id, max(pgh_obj_id) AS last FROM old GROUP BY 1) k
               WHERE p.member_id = k.member_id AND p.continued AND p.id > k.last)
    UPDATE households_presence p SET since = old.since, until = old.until, relation = old.relation,
        continued = old.continued, came = old.came, went = old.went
    FROM old WHERE p.id = old.pgh_obj_id
    """
    run(sql, params)


def _spell_names(params: dict[str, Any]) -> None:
    """Names that were put back are found by their own pinyin again."""
    pks = _written(Member, params, "update")
    rows = list(Member.objects.filter(pk__in=pks).only("pk", "name", "name_initials", "name_pinyin"))
    for row in rows:
        for column, value in spelling(row.name).items():
            setattr(row, column, value)
    Member.objects.bulk_update(rows, ["name_initials", "name_pinyin"], batch_size=1000)


def _take_new_households(params: dict[str, Any]) -> set[int]:
    """Households that the import entered, with the verdicts about them."""
    created = _written(Household, params, "insert")
    for model in (Clearance, Assessment, StandingProposal):
        model._default_manager.filter(household_id__in=created).delete()
    Household.objects.filter(pk__in=created).delete()
    return set(created)
