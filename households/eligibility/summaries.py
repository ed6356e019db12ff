"""Keeps the counts that dashboards read (:class:`~households.models.Tally`) in step with the verdicts.

The counts of the villages concerned are taken afresh; what differs from the counts kept is added to the villages and
to every place above them in one statement. So a save costs one village, and a sum can never drift from its parts.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from households.eligibility.measures import MEASURES
from households.eligibility.sql import chain
from povreg.kit import locks
from povreg.kit.scopes import ancestors

VILLAGE = 12  # digits
LEVELS = "ARRAY[12, 9, 6, 4, 2]"  # digits of village, township, county, prefecture, province
BUCKET = "measure, bucket, poor"


def refresh(year: int, *, under: str = "", villages: Sequence[str] = ()) -> None:
    """Count the villages under a place, or the villages named, and everything above them.

    The caller holds the lock of the township(s) in a transaction, so nobody else counts the same villages.
    """
    codes = list(villages)
    params: dict[str, Any] = {"year": year, "now": timezone.now(), "villages": codes, "low": under, "high": f"{under}:"}
    above = {code for village in (codes or [under]) for code in (*ancestors(village), village)}
    with connection.cursor() as cursor:
        for province in sorted({code[:2] for code in above}):
            locks.hold("tally", province, year)
        cursor.execute(_refresh_statement(by_code=bool(codes)), params)
        cursor.execute(_seen_statement(by_code=bool(codes)), params | {"above": sorted(above)})


def _scope(column: str, *, by_code: bool) -> str:
    return f"{column} = ANY(%(villages)s)" if by_code else f"{column} >= %(low)s AND {column} < %(high)s"


@lru_cache(maxsize=2)
def _refresh_statement(*, by_code: bool) -> str:
    values = ", ".join(f"('{m.code}', ({m.buckets})::text[], ({m.amount})::numeric)" for m in MEASURES)
    columns = ("place_id", "measure", "bucket", "poor")
    same = " AND ".join(["t.year = %(year)s", *(f"t.{name} = u.{name}" for name in columns)])
    steps = {
        "b": f"""SELECT a.*, h.main_cause, h.exit_status, h.household_attr, coalesce(f.is_poor, false) AS poor
            FROM households_assessment a
            JOIN households_household h ON h.id = a.household_id
            LEFT JOIN villages_villageprofile f ON f.village_id = a.village_id
            WHERE a.year = %(year)s AND h.removed_on IS NULL AND {_scope("a.village_id", by_code=by_code)}""",
        "counted": f"""SELECT b.village_id AS place_id, {BUCKET}, count(*) AS households, sum(b.persons) AS people,
            coalesce(sum(v.amount), 0) AS amount
            FROM b CROSS JOIN LATERAL (VALUES {values}) v (measure, buckets, amount)
            CROSS JOIN LATERAL unnest(v.buckets) AS bucket
            GROUP BY b.village_id, {BUCKET}""",
        "kept": f"""SELECT place_id, {BUCKET}, households, people, amount FROM households_tally
            WHERE year = %(year)s AND length(place_id) = {VILLAGE} AND {_scope("place_id", by_code=by_code)}""",
        "delta": f"""SELECT place_id, {BUCKET}, coalesce(c.households, 0) - coalesce(k.households, 0) AS households,
            coalesce(c.people, 0) - coalesce(k.people, 0) AS people,
            coalesce(c.amount, 0) - coalesce(k.amount, 0) AS amount
            FROM counted c FULL JOIN kept k USING (place_id, {BUCKET})
            WHERE ROW(c.households, c.people, c.amount) IS DISTINCT FROM ROW(k.households, k.people, k.amount)""",
        "u": f"""SELECT p.code AS place_id, {BUCKET}, sum(households)::int AS households, sum(people)::int AS people,
            sum(amount) AS amount
            FROM delta CROSS JOIN unnest({LEVELS}) AS digits JOIN villages_place p ON p.code = left(place_id, digits)
            GROUP BY p.code, {BUCKET}""",
        "gone": f"DELETE FROM households_tally t USING u WHERE {same} AND t.households + u.households = 0",
        "moved": f"""UPDATE households_tally t SET households = t.households + u.households,
            people = t.people + u.people, amount = t.amount + u.amount, as_of = %(now)s
            FROM u WHERE {same} AND t.households + u.households > 0""",
        "added": f"""INSERT INTO households_tally (place_id, year, {BUCKET}, households, people, amount, as_of)
            SELECT place_id, %(year)s, {BUCKET}, households, people, amount, %(now)s FROM u
            WHERE households > 0 AND NOT EXISTS (SELECT FROM households_tally t WHERE {same})""",
    }
    return chain(steps, "SELECT 1")


@lru_cache(maxsize=2)
def _seen_statement(*, by_code: bool) -> str:
    """The totals carry the time of the last count, also when it changed nothing."""
    return f"""UPDATE households_tally SET as_of = %(now)s WHERE year = %(year)s AND measure = 'total'
        AND (place_id = ANY(%(above)s) OR {_scope("place_id", by_code=by_code)})"""
