"""What stands in the books of a county's year, as the arithmetic takes it: rows of the database as arrays.

Statements read sets and give numbers only: no name, no number of a person leaves the database for this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection

from audits.detection.signs.chance import Floats, Sign
from audits.detection.signs.edits import Edits
from audits.detection.signs.visits import Due, Visits, marked_of
from audits.detection.signs.whole import Facts
from povreg.kit.scopes import end_of
from villages.models import Place

ITEMS = (
    "wage_income", "business_income", "property_income", "tr_family_planning", "tr_dibao", "tr_wubao", "tr_pension",
    "tr_eco", "tr_other", "business_expense",
)  # fmt: skip
NET = " + ".join(f"COALESCE(e.{name}, 0)" for name in ITEMS[:-1]) + " - COALESCE(e.business_expense, 0)"
IMPORTS = ("import_sheet", "load_demo")
"""Verbs by which a whole sheet is written: its rows are nobody's typing, though they change what a record says."""
RECORDS = """
SELECT r.id, r.household_id, r.counted_in, a.persons, a.per_head::float8, a.line_amount::float8,
    <r.items>, <p.items>, (pa.per_head / NULLIF(pa.line_amount, 0))::float8
FROM households_annualrecord AS r
JOIN households_assessment AS a ON a.household_id = r.household_id AND a.year = r.year
LEFT JOIN households_annualrecord AS p ON p.household_id = r.household_id AND p.year = r.year - 1
LEFT JOIN households_assessment AS pa ON pa.household_id = r.household_id AND pa.year = r.year - 1
WHERE r.year = %s AND r.counted_in >= %s AND r.counted_in < %s ORDER BY r.id
"""
CHANGED = """
WITH touched AS (
    SELECT DISTINCT pgh_obj_id FROM households_annualrecordevent
    WHERE pgh_label = 'update' AND year = %s AND counted_in >= %s AND counted_in < %s
), told AS (
    SELECT e.pgh_id, e.pgh_obj_id, e.household_id, e.counted_in, e.pgh_created_at, e.pgh_label, e.pgh_context_id,
        <said> AS said, lag(<said>) OVER version AS said_before,
        first_value((<net>)::float8) OVER version AS net_first
    FROM households_annualrecordevent AS e JOIN touched USING (pgh_obj_id)
    WINDOW version AS (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id)
)
SELECT told.pgh_obj_id, told.household_id, told.counted_in, told.net_first,
    COALESCE((c.metadata ->> 'user')::bigint, -1),
    EXTRACT(epoch FROM told.pgh_created_at AT TIME ZONE 'Asia/Shanghai')::float8 / 60,
    COALESCE(c.metadata ->> 'verb', '') <> ALL(%s)
FROM told LEFT JOIN pghistory_context AS c ON c.id = told.pgh_context_id
WHERE told.pgh_label = 'update' AND told.said_before IS NOT NULL AND told.said IS DISTINCT FROM told.said_before
ORDER BY told.pgh_id
"""
APPROVALS = """
SELECT b.place_id, EXTRACT(epoch FROM (s.on + 1)::timestamp)::float8 / 60
FROM households_steprecord AS s JOIN households_batch AS b ON b.id = s.batch_id
WHERE s.outcome = 'passed' AND s.level IN ('township', 'county') AND b.place_id >= %s AND b.place_id < %s
ORDER BY 1, 2
"""
VISITS = """
SELECT v.id, v.household_id, v.village_id, v.by_id, v.visited_on - DATE '2000-01-01',
    EXTRACT(epoch FROM v.created_at AT TIME ZONE 'Asia/Shanghai')::float8 / 60, a.sha256
FROM assistance_visit AS v
LEFT JOIN assistance_visitphoto AS p ON p.visit_id = v.id
LEFT JOIN households_attachment AS a ON a.id = p.attachment_id
WHERE v.withdrawn_on IS NULL AND EXTRACT(year FROM v.visited_on) = %s AND v.village_id >= %s AND v.village_id < %s
ORDER BY v.id
"""
DUE = """
SELECT h.id, h.village_id, quarter, EXISTS (
    SELECT FROM assistance_visit AS v WHERE v.household_id = h.id AND v.withdrawn_on IS NULL
    AND v.visited_on >= make_date(%s, quarter * 3 - 2, 1)
    AND v.visited_on < make_date(%s, quarter * 3 - 2, 1) + INTERVAL '3 months')
FROM households_household AS h CROSS JOIN generate_series(1, 4) AS quarter
WHERE h.in_register AND h.removed_on IS NULL AND h.village_id >= %s AND h.village_id < %s
    AND make_date(%s, quarter * 3 - 2, 1) + 60 <= CURRENT_DATE
"""
PHOTOS = """
WITH shown AS (
    SELECT village_id, household_id, sha256, created_at FROM households_attachment
    WHERE removed_at IS NULL AND content_type LIKE 'image/%%' AND village_id >= %s AND village_id < %s
)
SELECT village_id, household_id,
    (SELECT count(DISTINCT household_id) > 1 FROM shown AS same WHERE same.sha256 = shown.sha256)
FROM shown WHERE EXTRACT(year FROM created_at) = %s
"""
MEETINGS = """
SELECT b.place_id, m.id, m.minutes = '' OR NOT EXISTS (
    SELECT FROM households_paper AS p WHERE p.batch_id = m.batch_id AND p.step_id = m.step_id AND p.round = m.round
    AND p.removed_at IS NULL AND p.kind IN ('sign_in', 'meeting_photo'))
FROM households_meeting AS m JOIN households_batch AS b ON b.id = m.batch_id
WHERE EXTRACT(year FROM m.held_on) = %s AND b.place_id >= %s AND b.place_id < %s
"""
NO_VISITS, NO_MEETINGS, NO_PHOTOS = "今年全县没有走访记录", "今年全县没有评议会议", "今年全县没有照片"


@dataclass
class Books:
    """The facts of a county's year, with what the numbers in them stand for."""

    facts: Facts
    villages: list[str]
    households: Floats
    line: float | None = None
    missing: dict[str, str] = field(default_factory=dict)


def rows_of(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement; ``<r.items>`` in it stands for the ten amounts of a row."""
    for alias in ("r", "p"):
        listed = ", ".join(f"{alias}.{name}::float8" for name in ITEMS)
        statement = statement.replace(f"<{alias}.items>", listed)
    said = ", ".join(f"e.{name}" for name in ITEMS)
    statement = statement.replace("<said>", f"ROW({said})::text").replace("<net>", NET)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def books_of(county: str, year: int) -> Books:
    """Read everything that the signs look at."""
    inside = (county, end_of(county))
    records = rows_of(RECORDS, year, *inside)
    places = Place.objects.under(county).filter(level=Place.Level.VILLAGE)
    villages = sorted({*places.values_list("pk", flat=True), *(row[2] for row in records)})
    number = {code: position for position, code in enumerate(villages)}
    table = np.array([row[3:] for row in records], dtype=float).reshape(len(records), 24)
    persons, line = np.maximum(table[:, 0], 1), table[:, 2]
    changes = rows_of(CHANGED, year, *inside, list(IMPORTS))
    missing: dict[str, str] = {}
    facts = Facts(
        villages=len(villages),
        village=np.array([number[row[2]] for row in records], dtype=int),
        persons=persons,
        items=table[:, 3:13],
        items_before=table[:, 13:23],
        ratio=table[:, 1] / line,
        before=table[:, 23],
        first=first_ratio([row[0] for row in records], persons * line, changes),
        edits=edits_of(changes, number, inside),
        more=more_of(number, year, inside, missing),
        **visits_of(number, year, inside, missing),
    )
    households = np.array([row[1] for row in records], dtype=np.int64)
    known = line[~np.isnan(line)]
    return Books(facts, villages, households, float(np.median(known)) if len(known) else None, missing)


def first_ratio(records: list[int], whole_line: Floats, changes: list[tuple[Any, ...]]) -> Floats:
    """Net income a head by the line as each record said first; nan where neither hand nor sheet changed it."""
    first = {row[0]: row[3] for row in changes}
    return np.array([first.get(pk, np.nan) for pk in records], dtype=float) / whole_line


def edits_of(changes: list[tuple[Any, ...]], number: dict[str, int], inside: tuple[str, str]) -> Edits:
    """Changes of incomes that somebody typed, with the days until the village's next approval."""
    approvals: dict[int, list[float]] = {}
    for place, minute in rows_of(APPROVALS, *inside):
        if place in number:
            approvals.setdefault(number[place], []).append(minute)
    known = [row for row in changes if row[2] in number and row[6]]
    minute = np.array([row[5] for row in known], dtype=float)
    village = np.array([number[row[2]] for row in known], dtype=int)
    return Edits(
        group=village,
        account=np.array([row[4] if row[4] >= 0 else -1 - number[row[2]] for row in known], dtype=np.int64),
        hour=(minute // 60 % 24).astype(int),
        minute=minute,
        days_before=np.array([until(approvals.get(at, []), when) for at, when in zip(village, minute, strict=True)]),
        household=np.array([row[1] for row in known], dtype=np.int64),
    )


def until(approvals: list[float], minute: float) -> float:
    """Days from a minute to the end of the day of the next approval; nan where none followed."""
    later = [each for each in approvals if each >= minute]
    return (later[0] - minute) / 1440 if later else float("nan")


def visits_of(number: dict[str, int], year: int, inside: tuple[str, str], missing: dict[str, str]) -> dict[str, Any]:
    """Visits and what was due, quarter by quarter."""
    rows = [row for row in rows_of(VISITS, year, *inside) if row[2] in number]
    if not rows:
        missing["visits"] = NO_VISITS
        return {}
    due = [row for row in rows_of(DUE, year, year, *inside, year) if row[1] in number]
    seen = one_a_visit(rows)
    return {
        "visits": Visits(
            group=np.array([number[row[2]] for row in seen], dtype=int),
            account=np.array([row[3] for row in seen], dtype=np.int64),
            household=np.array([row[1] for row in seen], dtype=np.int64),
            day=np.array([row[4] for row in seen], dtype=int),
            minute=np.array([row[5] for row in seen], dtype=float),
            photo=np.array([row[6] for row in seen], dtype=int),
        ),
        "due": Due(
            np.array([number[row[1]] for row in due], dtype=int),
            np.array([row[0] for row in due], dtype=np.int64),
            np.array([row[3] for row in due], dtype=bool),
        ),
    }


def one_a_visit(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """A row a visit, with the number of the one photo of it that stands with most visits (-1: none)."""
    with_it: dict[str, set[int]] = {}
    for row in rows:
        if row[6]:
            with_it.setdefault(row[6], set()).add(row[0])
    named = {digest: position for position, digest in enumerate(with_it)}
    kept: dict[int, tuple[Any, ...]] = {}
    for row in sorted(rows, key=lambda each: len(with_it.get(each[6], ()))):
        kept[row[0]] = (*row[:6], named.get(row[6], -1))
    return list(kept.values())


def more_of(number: dict[str, int], year: int, inside: tuple[str, str], missing: dict[str, str]) -> dict[str, Sign]:
    """Photos that stand with two households, meetings without a list or picture of who came."""
    photos = [
        (number[place], pk, bool(again)) for place, pk, again in rows_of(PHOTOS, *inside, year) if place in number
    ]
    meetings = [(number[place], -1, bare) for place, _, bare in rows_of(MEETINGS, year, *inside) if place in number]
    found = {}
    for code, rows, least, why in (("photos", photos, 4, NO_PHOTOS), ("meetings", meetings, 1, NO_MEETINGS)):
        if not rows:
            missing[code] = why
            continue
        group, household, marked = (np.array(column) for column in zip(*rows, strict=True))
        found[code] = marked_of(group, household, marked, len(number), least)
    return found
