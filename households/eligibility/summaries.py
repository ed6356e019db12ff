"""Keeps the counts that dashboards read (:class:`~households.models.Tally`) in step with the verdicts.

The counts of the villages concerned are taken afresh; what differs from the counts kept is added to the villages and
to every place above them. So a save costs one village, and a sum cannot drift from its parts.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from households.closed.sql import open_sql
from households.eligibility.measures import MEASURES, Measure
from households.eligibility.sql import chain
from povreg.kit import locks
from povreg.kit.prepared import planned
from povreg.kit.scopes import PARENT_LENGTH, VILLAGE, ancestors, end_of

FEW = 50  # villages that are counted by one plan always
LEVELS = f"ARRAY{[length for length in reversed(PARENT_LENGTH) if length <= VILLAGE]}"
"""Digits of village, township, county, prefecture, province."""
COUNTED = (  # what measures look at
    "a.persons, a.verdict, a.failed, a.missing, a.eligible, a.borderline, a.blockers, a.per_head, "
    "a.line_amount, a.national_amount, a.provincial_amount, a.net_income, a.gaps, a.filled, a.fields, "
    "a.main_cause, a.exit_status, a.household_attr, "
    "c.monitor_type AS watched_type, coalesce(c.eligible, false) AS clearable, c.failed || c.missing AS lacking"
)
KEYS = {"place_id": "text", "measure": "text", "bucket": "text", "poor": "bool"}
SUMS = {"households": "int", "people": "int", "amount": "numeric"}
KEY, SUM = ", ".join(KEYS), ", ".join(SUMS)


def refresh(year: int, *, low: str = "", high: str = "", villages: Sequence[str] = ()) -> None:
    """Count the villages of a range of codes, or those named, and bring every place above them up to date; those of a
    county that closed the year stay as they are.

    The caller holds the locks of their townships in a transaction, so nobody else counts the same villages.
    """
    codes = list(villages)
    params: dict[str, Any] = {"year": year, "now": timezone.now(), "villages": codes, "low": low, "high": high}
    with connection.cursor() as cursor:
        _run(cursor, _delta_statement(by_code=bool(codes), village="village_id"), params)
        changes = dict(zip((*KEYS, *SUMS), cursor.fetchone(), strict=True))
        above = {code for village in (codes or [low, high[:-1]]) for code in (*ancestors(village), village)}
        for province in sorted({code[:2] for code in above}):
            locks.hold("tally", province, year)
        if changes["place_id"]:
            _run(cursor, _apply_statement(), params | changes)
        _run(cursor, _seen_statement(by_code=bool(codes)), params | {"above": sorted(above)})


def recount_where_surveyed(county: str, year: int) -> None:
    """Count a year of a county once more, each household in the village where it was surveyed: so it is closed. The
    caller sees to it that nobody else counts."""
    params: dict[str, Any] = {"year": int(year), "now": timezone.now(), "low": county, "high": end_of(county)}
    with connection.cursor() as cursor:
        cursor.execute(_delta_statement(by_code=False, village="counted_in"), params)
        changes = dict(zip((*KEYS, *SUMS), cursor.fetchone(), strict=True))
        if changes["place_id"]:
            cursor.execute(_apply_statement(), params | changes)


def _run(cursor: Any, statement: str, params: dict[str, Any]) -> None:
    """A save counts a village or two by one plan; for a range of thousands the values decide on the plan."""
    if 0 < len(params["villages"]) <= FEW:
        planned(statement).execute(cursor, params)
    else:
        cursor.execute(statement, params)


def _scope(column: str, *, by_code: bool) -> str:
    return f"{column} = ANY(%(villages)s)" if by_code else f"{column} >= %(low)s AND {column} < %(high)s"


def _summed(measure: Measure) -> str:
    """Households, people and the sum of a measure that keeps one."""
    among = "" if measure.of == "true" else f" FILTER (WHERE {measure.of})"
    counts = f"count(*){among} AS {measure.code}_households, sum(b.persons){among} AS {measure.code}_people"
    return f"{counts}, {measure.amount}{among if measure.amount != '0' else ''} AS {measure.code}_sum"


@lru_cache(maxsize=3)
def _delta_statement(*, by_code: bool, village: str) -> str:
    """How the counts of now, each household in its ``village`` (a column of verdicts), differ from those kept, for the
    villages of the scope and every place above: one row, an
    array (as text, it goes back as it came) for each column.

    Every household gives one text of its labels (``verdict/fail,failed/income,...``), and all labels are counted in one
    pass; sums are taken beside it.
    """
    labels = ", ".join(measure.label for measure in MEASURES if not measure.amount)
    whole = [measure for measure in MEASURES if measure.amount]
    sums = ", ".join(f"('{each.code}', {each.code}_households, {each.code}_people, {each.code}_sum)" for each in whole)
    steps = {
        "b": f"""SELECT a.{village} AS village_id, {COUNTED}, coalesce(f.is_poor, false) AS poor
            FROM households_assessment a
            LEFT JOIN villages_villageprofile f ON f.village_id = a.{village}
            LEFT JOIN households_clearance c ON c.household_id = a.household_id AND c.year = a.year
            WHERE a.year = %(year)s AND a.counted
            AND {_scope("a.village_id", by_code=by_code)} AND {open_sql("a.village_id")}""",
        "labelled": f"""SELECT b.village_id, b.poor, label, count(*) AS households, sum(b.persons) AS people
            FROM b CROSS JOIN LATERAL unnest(string_to_array(concat_ws(',', {labels}), ',')) AS label
            GROUP BY b.village_id, b.poor, label""",
        "summed": f"""SELECT b.village_id, b.poor, {", ".join(map(_summed, whole))}
            FROM b GROUP BY b.village_id, b.poor""",
        "counted": f"""SELECT village_id AS place_id, split_part(label, '/', 1) AS measure,
            split_part(label, '/', 2) AS bucket, poor, households, people, 0 AS amount FROM labelled
            UNION ALL SELECT village_id, s.measure, 'all', poor, s.households, s.people, s.amount
            FROM summed CROSS JOIN LATERAL (VALUES {sums}) AS s (measure, households, people, amount)
            WHERE s.households > 0""",
        "kept": f"""SELECT {KEY}, households, people, amount FROM households_tally
            WHERE year = %(year)s AND length(place_id) = {VILLAGE} AND {_scope("place_id", by_code=by_code)}
            AND {open_sql("place_id")}""",
    }
    both = [", ".join(f"{alias}.{name}" for name in SUMS) for alias in ("c", "k")]
    changes = ", ".join(f"coalesce(c.{name}, 0) - coalesce(k.{name}, 0) AS {name}" for name in SUMS)
    sums = ", ".join(f"sum({name})::{kind} AS {name}" for name, kind in SUMS.items())
    steps["delta"] = f"""SELECT {KEY}, {changes} FROM counted c FULL JOIN kept k USING ({KEY})
        WHERE ROW({both[0]}) IS DISTINCT FROM ROW({both[1]})"""
    steps["u"] = f"""SELECT left(place_id, digits) AS place_id, measure, bucket, poor, {sums}
        FROM delta CROSS JOIN unnest({LEVELS}) AS digits GROUP BY 1, 2, 3, 4"""
    return chain(steps, f"SELECT {', '.join(f'array_agg({name})::text' for name in (*KEYS, *SUMS))} FROM u")


@lru_cache(maxsize=1)
def _apply_statement() -> str:
    """Add changes to the counts kept, which the lock of the province protects; places unknown are left out.

    Everything is looked up (``(SELECT count(*) FROM u)``) before the first row is added: a look-up in the table that is
    being filled would take longer with every row.
    """
    same = " AND ".join(["t.year = %(year)s", *(f"t.{name} = u.{name}" for name in KEYS)])
    arrays = ", ".join(f"%({name})s::{kind}[]" for name, kind in (KEYS | SUMS).items())
    steps = {
        "u": f"""SELECT u.*, t.id, coalesce(t.households, 0) + u.households AS there
            FROM unnest({arrays}) AS u ({KEY}, {SUM})
            JOIN villages_place p ON p.code = u.place_id LEFT JOIN households_tally t ON {same}""",
        "gone": "DELETE FROM households_tally t USING u WHERE t.id = u.id AND u.there = 0",
        "moved": """UPDATE households_tally t SET as_of = %(now)s, households = u.there,
            people = t.people + u.people, amount = coalesce(t.amount, 0) + u.amount
            FROM u WHERE t.id = u.id AND u.there > 0""",
    }
    return chain(
        steps,
        f"""INSERT INTO households_tally (year, {KEY}, {SUM}, as_of) SELECT %(year)s, {KEY}, {SUM}, %(now)s FROM u
        WHERE u.id IS NULL AND u.there > 0 AND (SELECT count(*) FROM u) > 0""",
    )


@lru_cache(maxsize=2)
def _seen_statement(*, by_code: bool) -> str:
    """The totals carry the time of the last count, also when it changed nothing."""
    return f"""UPDATE households_tally SET as_of = %(now)s WHERE year = %(year)s AND measure = 'total'
        AND (place_id = ANY(%(above)s) OR {_scope("place_id", by_code=by_code)}) AND {open_sql("place_id")}"""
