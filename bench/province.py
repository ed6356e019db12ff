"""A province out of one county: the demonstration copied in SQL into real villages of other counties.

The copies have keys, numbers, names and look-up hashes of their own, so that an index finds as few rows as in a real
province; facts and sealed texts are the source's. The database's triggers (history, foreign keys) are off while
the copies are written, and indexes are made afterwards. Same county, same copies.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper

from bench.measure import log
from povreg.demo.people import FEMALE, MALE, SURNAMES, YOUNG
from povreg.kit.pinyin import name_spelled

COUNTY, PROVINCE = "500154", "50"
YEARS = (2019, 2020)
FIRST_NUMBER = 900_001
GIVEN = "".join(dict.fromkeys(MALE + FEMALE + YOUNG))
TABLES = (
    "households_household", "households_member", "households_presence", "households_spell", "households_annualrecord",
    "households_memberyear",
)  # fmt: skip

VILLAGES = """
CREATE TEMP TABLE bench_village AS
WITH source AS (
    SELECT code, row_number() OVER (ORDER BY code) - 1 AS n
      FROM villages_place WHERE level = 5 AND code >= %(county)s AND code < %(county)s || ':'
), target AS (
    SELECT code, left(code, 6) AS county, row_number() OVER (PARTITION BY left(code, 6) ORDER BY code) - 1 AS n,
           count(*) OVER (PARTITION BY left(code, 6)) AS villages
      FROM villages_place WHERE level = 5 AND retired_on IS NULL AND left(code, 6) = ANY(%(targets)s)
)
SELECT target.county, source.code AS source, target.code AS target
  FROM source JOIN target ON target.n = source.n %% target.villages;
CREATE INDEX ON bench_village (county, source);
ANALYZE bench_village
"""

NUMBERS = """
CREATE TEMP TABLE bench_number AS
SELECT id, row_number() OVER (ORDER BY village_id, household_no) - 1 + %(first)s AS n
  FROM households_household WHERE village_id >= %(county)s AND village_id < %(county)s || ':' {only};
CREATE UNIQUE INDEX ON bench_number (id);
ANALYZE bench_number
"""

PROFILES = """
INSERT INTO villages_villageprofile ({columns})
SELECT {values} FROM (SELECT DISTINCT ON (target) source, target FROM bench_village WHERE county = ANY(%(targets)s)
                      ORDER BY target, source) v
  JOIN villages_villageprofile s ON s.village_id = v.source
"""

COPY = """
INSERT INTO {table} ({columns})
SELECT {values}
  FROM {table} s JOIN bench_village v ON v.county = %(target)s AND v.source = s.village_id
  JOIN bench_number b ON b.id = s.{household} {named}
 WHERE s.village_id >= %(county)s AND s.village_id < %(county)s || ':' {years}
 ORDER BY v.target, b.n, s.id
"""


NAMED = """
CROSS JOIN LATERAL (SELECT {name} AS name OFFSET 0) w
CROSS JOIN LATERAL (
    SELECT coalesce(%(families)s::jsonb ->> left(w.name, 1), '') AS a,
           coalesce(%(givens)s::jsonb ->> substr(w.name, 2, 1), '') AS b,
           coalesce(%(givens)s::jsonb ->> substr(w.name, 3, 1), '') AS c OFFSET 0) p
"""
PINYIN = {
    "families": json.dumps({each: name_spelled(each)[1] for each in SURNAMES}),
    "givens": json.dumps({each: name_spelled(f"王{each}")[1].removeprefix("wang") for each in GIVEN}),
}


@dataclass(frozen=True)
class Copy:
    """The ``number``-th copy of the county, and how far its keys (and numbers of households) lie from the source's."""

    number: int
    target: str
    steps: dict[str, int]
    apart: int = 0

    def values(self, table: str) -> dict[str, str]:
        """SQL of the columns that differ from the source's (alias ``s``)."""
        household, member = (self.steps[f"households_{each}"] * self.number for each in ("household", "member"))
        own = {
            "id": f"s.id + {self.steps[table] * self.number}", "village_id": "v.target", "counted_in": "v.target",
            "household_id": f"s.household_id + {household}", "member_id": f"s.member_id + {member}",
        }  # fmt: skip
        number = f"v.target || (b.n + {self.apart})"
        if table == "households_household":
            own |= {"household_no": number, **self.hashes("phone_hash", "bank_hash")}
        if table == "households_member":
            own |= {
                "person_no": f"v.target || lpad((s.id + {self.steps[table] * self.number})::text, 9, '0')",
                "name": "w.name",
                "name_initials": "left(p.a, 1) || left(p.b, 1) || left(p.c, 1)",
                "name_pinyin": "p.a || p.b || p.c",
                **self.hashes("id_hash", "phone_hash"),
            }
        return own

    def hashes(self, *columns: str) -> dict[str, str]:
        return {name: f"CASE WHEN s.{name} <> '' THEN md5(s.{name} || '{self.number}') ELSE '' END" for name in columns}

    def name(self) -> str:
        """The source's name with every character replaced by another one of its kind."""
        family, given = (f"'{text}', '{turned(text, self.number)}'" for text in (SURNAMES, GIVEN))
        return f"translate(left(s.name, 1), {family}) || translate(substr(s.name, 2), {given})"


def turned(text: str, by: int) -> str:
    """The characters of ``text``, each replaced by the one ``by`` places on."""
    by %= len(text)
    return text[by:] + text[:by]


def make(counties: int) -> list[str]:
    """Copy the county until there are ``counties`` of them; returns their codes. Raises ValueError for too many."""
    targets = other_counties(counties - 1)
    with filling() as cursor:
        cursor.execute(VILLAGES, {"county": COUNTY, "targets": targets})
        cursor.execute(NUMBERS.format(only=""), {"county": COUNTY, "first": FIRST_NUMBER})
        profiles(cursor, targets)
        steps = highest_keys()
        with without_indexes(cursor):
            for number, target in enumerate(targets, 1):
                copy_county(cursor, Copy(number, target, steps))
                log(f"  county {number + 1}: {target}")
    return [COUNTY, *targets]


@contextmanager
def filling() -> Iterator[CursorWrapper]:
    """A cursor that writes without triggers; afterwards keys go on behind those it gave, and the planner knows."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        yield cursor
        for table in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        cursor.execute("RESET session_replication_role; RESET maintenance_work_mem; RESET synchronous_commit")
        cursor.execute("VACUUM ANALYZE")


def other_counties(count: int) -> list[str]:
    """Counties of the province with the most villages, without the source."""
    statement = """
        SELECT left(code, 6) FROM villages_place
        WHERE level = 5 AND retired_on IS NULL AND code >= %s AND code < %s || ':' AND left(code, 6) <> %s
        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [PROVINCE, PROVINCE, COUNTY, count])
        found = [row[0] for row in cursor.fetchall()]
    if len(found) < count:
        raise ValueError(f"province {PROVINCE} has {len(found) + 1} counties in the table of places, not {count + 1}")
    return found


def highest_keys() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT max(id) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def copy_county(cursor: CursorWrapper, copy: Copy) -> None:
    for table in TABLES:
        columns, values = column_lists(cursor, table, copy.values(table))
        household = "id" if table == "households_household" else "household_id"
        years = f"AND s.year IN {YEARS}" if "year" in columns.split(", ") else ""
        named = NAMED.format(name=copy.name()) if table == "households_member" else ""
        statement = COPY.format(
            table=table, columns=columns, values=values, household=household, years=years, named=named
        )
        cursor.execute(statement, {"county": COUNTY, "target": copy.target, **PINYIN})


def profiles(cursor: CursorWrapper, targets: list[str]) -> None:
    columns, values = column_lists(cursor, "villages_villageprofile", {"village_id": "v.target"})
    cursor.execute(PROFILES.format(columns=columns, values=values), {"targets": targets})


def column_lists(cursor: CursorWrapper, table: str, own: dict[str, str]) -> tuple[str, str]:
    """Columns of a table that can be written, and their values: the source's where ``own`` has none."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    names = [row[0] for row in cursor.fetchall()]
    return ", ".join(names), ", ".join(own.get(name, f"s.{name}") for name in names)


@contextmanager
def without_indexes(cursor: CursorWrapper) -> Iterator[None]:
    """Drop the indexes of the tables that are filled, but primary keys, and make them again at the end."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary "
        "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [list(TABLES)],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for name, definition in indexes:
        cursor.execute(definition)
        log(f"  index {name}")
