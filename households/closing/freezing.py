"""What is closed with a year, and its digests: SQL over a county's rows, the same for closing and for verifying.

A household's digest is the SHA-256 of the JSON text (keys in PostgreSQL's order for jsonb) of its verdict, its record
and its people of the year; a place's that of its figures; the year's that of all of them in order.
"""

# ruff: noqa: S608 - the text is put together from models and constants of this package only

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from households.models import AnnualRecord, Assessment, CountedPerson, MemberYear, Tally
from households.models.codes import HEAD
from households.register.years import counted_sql
from povreg.kit.bulk import refresh_statistics
from povreg.kit.scopes import end_of

BOOKKEEPING = {"id", "village_id", "version", "updated_at", "assessed_at", "as_of"}
"""Columns that say nothing of the year."""
SOURCES: dict[str, tuple[type[models.Model], set[str]]] = {
    "assessment": (Assessment, set()),
    "record": (AnnualRecord, {"household_id", "year"}),
    "person": (CountedPerson, {"household_id", "year"}),
    "member": (MemberYear, {"household_id", "year"}),
    "figure": (Tally, {"year"}),
}
Columns = Mapping[str, list[str]]
PERSON_FACTS = ("sex", "birth_date", "ethnicity", "political", "education")
YEAR_FACTS = ("school_status", "health", "labour", "work_place", "work_months", "ins_major")
"""Facts of a person that are those of the year where he has a row of it, else the current ones."""
HERE = "a.year = %(year)s AND a.village_id >= %(low)s AND a.village_id < %(high)s"


def columns_now() -> dict[str, list[str]]:
    """The columns that a digest is made of today, by source."""
    return {
        name: sorted(
            str(field.column) for field in model._meta.concrete_fields if field.column not in BOOKKEEPING | without
        )
        for name, (model, without) in SOURCES.items()
    }


def _json(alias: str, names: list[str]) -> str:
    """A row as JSON of the columns named; jsonb_build_object takes fifty pairs at most."""
    parts = [names[start : start + 45] for start in range(0, len(names), 45)]
    made = (", ".join(f"'{name}', {alias}.{name}" for name in part) for part in parts)
    return " || ".join(f"jsonb_build_object({pairs})" for pairs in made)


def _digest(text: str) -> str:
    return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


def household_digests(columns: Columns) -> str:
    """SQL for (household_id, digest) of every household that has a row of the year in the range of villages."""
    person, year_row = _json("q", columns["person"]), _json("y", columns["member"])
    verdict, record = _json("a", columns["assessment"]), _json("r", columns["record"])
    said = f"""(jsonb_build_object('verdict', {verdict}, 'record', CASE WHEN r.id IS NOT NULL THEN {record} END,
        'people', coalesce(p.rows, '[]')))::text"""
    return f"""
        WITH people AS (
            SELECT q.household_id, jsonb_agg({person} || jsonb_build_object('its',
                CASE WHEN y.id IS NOT NULL THEN {year_row} END) ORDER BY q.member_id) AS rows
            FROM households_countedperson q
            LEFT JOIN households_memberyear y ON y.member_id = q.member_id AND y.year = q.year
            WHERE {HERE.replace("a.", "q.")} GROUP BY q.household_id)
        SELECT a.household_id, {_digest(said)} AS digest
        FROM households_assessment a
        LEFT JOIN households_annualrecord r ON r.household_id = a.household_id AND r.year = a.year
        LEFT JOIN people p ON p.household_id = a.household_id
        WHERE {HERE}"""


def place_digests(columns: Columns) -> str:
    """SQL for (place_id, digest) of the figures of the county and every place below it."""
    row = _json("a", columns["figure"])
    rows = f"string_agg(({row})::text, chr(10) ORDER BY a.measure, a.bucket, a.poor)"
    return f"""
        SELECT a.place_id, {_digest(rows)}
        FROM households_tally a WHERE {HERE.replace("village_id", "place_id")} GROUP BY a.place_id"""


COUNT_PEOPLE = f"""
    INSERT INTO households_countedperson (member_id, household_id, village_id, year, counted_in, counted, relation,
        {", ".join((*PERSON_FACTS, *YEAR_FACTS))})
    SELECT m.id, a.household_id, a.village_id, a.year, a.counted_in, a.counted, z.relation,
        {", ".join(f"m.{name}" for name in PERSON_FACTS)},
        {", ".join(f"CASE WHEN y.id IS NULL THEN m.{name} ELSE y.{name} END" for name in YEAR_FACTS)}
    FROM households_assessment a JOIN households_presence z ON z.household_id = a.household_id
    JOIN households_member m ON m.id = z.member_id AND {counted_sql("z", "m")}
    LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = a.year
    WHERE {HERE}"""


def _list_households(columns: Columns) -> str:
    return f"""
    INSERT INTO households_closedhousehold (household_id, village_id, year, counted_in, household_no, head_name, poor,
        other_causes, digest)
    SELECT a.household_id, a.village_id, a.year, a.counted_in, h.household_no, coalesce(m.name, ''),
        coalesce(f.is_poor, false), h.other_causes, d.digest
    FROM ({household_digests(columns)}) d
    JOIN households_assessment a ON a.household_id = d.household_id AND a.year = %(year)s
    JOIN households_household h ON h.id = a.household_id
    LEFT JOIN villages_villageprofile f ON f.village_id = a.counted_in
    LEFT JOIN LATERAL (SELECT m.name FROM households_countedperson q JOIN households_member m ON m.id = q.member_id
        WHERE q.household_id = a.household_id AND q.year = a.year AND q.relation = '{HEAD}' LIMIT 1) m ON true"""


def params_of(county: str, year: int) -> dict[str, Any]:
    return {"year": int(year), "low": county, "high": end_of(county)}


def run(statement: str, params: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def rows_of(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def hold_still() -> None:
    """Let whoever writes rows of years finish, and nobody begin, until the transaction ends."""
    names = ", ".join(model._meta.db_table for model, _ in SOURCES.values())
    run(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE", {})


def freeze(county: str, year: int) -> dict[str, Any]:
    """Copy who was counted where, and take the digests: the facts of a closing."""
    params, columns = params_of(county, year), columns_now()
    people = run(COUNT_PEOPLE, params)
    refresh_statistics(CountedPerson)  # the planner has not seen this year's rows: it would look them up one by one
    households = run(_list_households(columns), params)
    figures = dict(rows_of(place_digests(columns), params))
    return {
        "households": households,
        "people": people,
        "figures": figures,
        "columns": columns,
        "digest": whole_digest(listed_digests(county, year), figures),
    }


def listed_digests(county: str, year: int) -> dict[int, str]:
    """Household id to the digest it was closed with."""
    query = "SELECT a.household_id, a.digest FROM households_closedhousehold a WHERE " + HERE
    return dict(rows_of(query, params_of(county, year)))


def whole_digest(households: Mapping[int, str], figures: Mapping[str, str]) -> str:
    """The digest of a year out of those of its households and places."""
    lines = [f"{key} {value}" for part in (households, figures) for key, value in sorted(part.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
