"""Keeps the counts that dashboards read (:class:`~households.models.Tally`) in step with the verdicts.

The counts of the villages concerned are taken afresh; what differs from the counts kept is added to the villages and
to every place above them. So a save costs one village, and a sum cannot drift from its parts.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from households.eligibility.measures import MEASURES
from households.eligibility.sql import chain
from povreg.kit import locks
from povreg.kit.scopes import ancestors

VILLAGE = 12  # digits
COLUMNS = ("place_id", "measure", "bucket", "poor")
SUMS = ("households", "people", "amount")
KEY = ", ".join(COLUMNS)

Key = tuple[str, str, str, bool]
Change = tuple[int, int, Decimal]  # households, people, amount


def refresh(year: int, *, low: str = "", high: str = "", villages: Sequence[str] = ()) -> None:
    """Count the villages of a range of codes, or those named, and bring every place above them up to date.

    The caller holds the locks of their townships in a transaction, so nobody else counts the same villages.
    """
    codes = list(villages)
    params: dict[str, Any] = {"year": year, "now": timezone.now(), "villages": codes, "low": low, "high": high}
    with connection.cursor() as cursor:
        cursor.execute(_delta_statement(by_code=bool(codes)), params)
        delta = cursor.fetchall()
        above = {code for village in (codes or [low, high[:-1]]) for code in (*ancestors(village), village)}
        for province in sorted({code[:2] for code in above}):
            locks.hold("tally", province, year)
        if delta:
            cursor.execute(_apply_statement(), params | _rolled_up(delta))
        cursor.execute(_seen_statement(by_code=bool(codes)), params | {"above": sorted(above)})


def _rolled_up(delta: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """The changes of villages, and their sums for every place above, as one array per column."""
    sums: dict[Key, Change] = defaultdict(lambda: (0, 0, Decimal(0)))
    for village, measure, bucket, poor, households, people, amount in delta:
        for place in (*ancestors(village), village):
            was = sums[place, measure, bucket, poor]
            sums[place, measure, bucket, poor] = (was[0] + households, was[1] + people, was[2] + amount)
    rows = [(*key, *change) for key, change in sorted(sums.items()) if any(change)]
    return {name: [row[position] for row in rows] for position, name in enumerate((*COLUMNS, *SUMS))}


def _scope(column: str, *, by_code: bool) -> str:
    return f"{column} = ANY(%(villages)s)" if by_code else f"{column} >= %(low)s AND {column} < %(high)s"


@lru_cache(maxsize=2)
def _delta_statement(*, by_code: bool) -> str:
    """How the counts of now differ from those kept, for the villages of the scope.

    Every household gives one text of its labels (``verdict/fail,failed/income,...``), and all labels are counted in one
    pass; sums are taken beside it.
    """
    labels = ", ".join(measure.label for measure in MEASURES if not measure.amount)
    sums = ", ".join(f"('{measure.code}', b.{measure.amount})" for measure in MEASURES if measure.amount)
    steps = {
        "b": f"""SELECT a.*, h.main_cause, h.exit_status, h.household_attr, coalesce(f.is_poor, false) AS poor
            FROM households_assessment a
            JOIN households_household h ON h.id = a.household_id
            LEFT JOIN villages_villageprofile f ON f.village_id = a.village_id
            WHERE a.year = %(year)s AND h.removed_on IS NULL AND NOT h.candidate
            AND {_scope("a.village_id", by_code=by_code)}""",
        "labelled": f"""SELECT b.village_id, b.poor, label, count(*) AS households, sum(b.persons) AS people
            FROM b CROSS JOIN LATERAL unnest(string_to_array(concat_ws(',', {labels}), ',')) AS label
            GROUP BY b.village_id, b.poor, label""",
        "counted": f"""SELECT village_id AS place_id, split_part(label, '/', 1) AS measure,
            split_part(label, '/', 2) AS bucket, poor, households, people, 0 AS amount FROM labelled
            UNION ALL SELECT b.village_id, s.measure, 'all', b.poor, count(*), sum(b.persons), sum(s.amount)
            FROM b CROSS JOIN LATERAL (VALUES {sums}) AS s (measure, amount)
            GROUP BY b.village_id, s.measure, b.poor""",
        "kept": f"""SELECT {KEY}, households, people, amount FROM households_tally
            WHERE year = %(year)s AND length(place_id) = {VILLAGE} AND {_scope("place_id", by_code=by_code)}""",
    }
    changes = ", ".join(f"coalesce(c.{name}, 0) - coalesce(k.{name}, 0)" for name in SUMS)
    both = [", ".join(f"{alias}.{name}" for name in SUMS) for alias in ("c", "k")]
    return chain(
        steps,
        f"""SELECT {KEY}, {changes} FROM counted c FULL JOIN kept k USING ({KEY})
        WHERE ROW({both[0]}) IS DISTINCT FROM ROW({both[1]})""",
    )


@lru_cache(maxsize=1)
def _apply_statement() -> str:
    """Add changes to the counts kept, which the lock of the province protects; places unknown are left out."""
    same = " AND ".join(["t.year = %(year)s", *(f"t.{name} = u.{name}" for name in COLUMNS)])
    arrays = "%(place_id)s::text[], %(measure)s::text[], %(bucket)s::text[], %(poor)s::bool[]"
    steps = {
        "u": f"""SELECT u.* FROM unnest({arrays}, %(households)s::int[], %(people)s::int[], %(amount)s::numeric[])
            AS u ({KEY}, {", ".join(SUMS)}) JOIN villages_place p ON p.code = u.place_id""",
        "gone": f"DELETE FROM households_tally t USING u WHERE {same} AND t.households + u.households = 0",
        "moved": f"""UPDATE households_tally t SET as_of = %(now)s, households = t.households + u.households,
            people = t.people + u.people, amount = coalesce(t.amount, 0) + u.amount
            FROM u WHERE {same} AND t.households + u.households > 0""",
    }
    return chain(
        steps,
        f"""INSERT INTO households_tally (year, {KEY}, {", ".join(SUMS)}, as_of)
        SELECT %(year)s, {KEY}, {", ".join(SUMS)}, %(now)s FROM u
        WHERE u.households > 0 AND NOT EXISTS (SELECT FROM households_tally t WHERE {same})""",
    )


@lru_cache(maxsize=2)
def _seen_statement(*, by_code: bool) -> str:
    """The totals carry the time of the last count, also when it changed nothing."""
    return f"""UPDATE households_tally SET as_of = %(now)s WHERE year = %(year)s AND measure = 'total'
        AND (place_id = ANY(%(above)s) OR {_scope("place_id", by_code=by_code)})"""
