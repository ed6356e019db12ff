"""Who entered the records of a year, and how many checks of them are not solved: cadres ranked by the quality of what
they enter.

A record is a household's record of a year. Answerable for it is who last entered or changed it, by hand or by a sheet;
what the system did to it (moves, recomputes, the stock a county began with) is nobody's entry.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from audits.checks.check import ERROR, GAP, WARNING
from audits.models import Doubt
from audits.models.check import DoubtQuerySet
from households.models import AnnualRecord
from povreg.kit.scopes import within
from povreg.kit.values import names_of
from villages.models import User

BY_SHEET = "import_sheet"
ENTERED = ("save_annual_record", "carry_over_record", "add_household", BY_SHEET)
"""Verbs by which somebody enters a household's record of a year."""
LEAST = 5
"""Records under which a cadre stands in no rank: one record with one doubt says nothing of who entered it."""
RANKED = """
WITH entered AS ({records}), found AS (
    SELECT d.household_id, count(*) FILTER (WHERE d.severity = %s) AS errors,
        count(*) FILTER (WHERE d.severity = %s) AS warnings, count(*) FILTER (WHERE d.severity = %s) AS gaps
    FROM ({doubts}) d GROUP BY d.household_id)
SELECT (e.entry ->> 'user')::bigint AS account, count(*), count(*) FILTER (WHERE e.entry ->> 'verb' = %s),
    coalesce(sum(f.errors), 0)::int, coalesce(sum(f.warnings), 0)::int, coalesce(sum(f.gaps), 0)::int
FROM entered e LEFT JOIN found f USING (household_id) GROUP BY 1
"""


def records_with_entries(rows: QuerySet[AnnualRecord]) -> QuerySet[Any]:
    """The records with ``entry``: who (user) last entered them by which verb; nothing where nobody did."""
    versions: Any = AnnualRecord.history.rel.related_model  # type: ignore[attr-defined]
    entries = versions.objects.filter(pgh_obj_id=OuterRef("pk"), pgh_context__metadata__verb__in=ENTERED)
    by_somebody = entries.alias(who=KeyTextTransform("user", "pgh_context__metadata")).filter(who__isnull=False)
    return rows.annotate(entry=Subquery(by_somebody.order_by("-pgh_id").values("pgh_context__metadata")[:1]))


def entered_by(rows: DoubtQuerySet, account: int) -> QuerySet[Doubt]:
    """The doubts about households whose record of the year an account entered."""
    records = AnnualRecord.objects.filter(household=OuterRef("household"), year=OuterRef("year"))
    return rows.filter(Exists(records_with_entries(records).filter(entry__user=account)))


def cadres(user: User, place: str, year: int) -> tuple[list[dict[str, Any]], int]:
    """Who entered records of a year below a place, by what is open for 100 of them, the worst first and who entered too
    few last; and how many records nobody entered."""
    inside = within("village_id", place)
    records = records_with_entries(AnnualRecord.objects.visible_to(user).filter(inside, year=year).order_by())
    doubts = Doubt.objects.visible_to(user).filter(inside, year=year).open().order_by()
    try:
        query, values = records.values("household_id", "entry").query.sql_with_params()
        about, given = doubts.values("household_id", "severity").query.sql_with_params()
    except EmptyResultSet:
        return [], 0
    with connection.cursor() as cursor:
        statement = RANKED.format(records=query, doubts=about)
        cursor.execute(statement, [*values, ERROR, WARNING, GAP, *given, BY_SHEET])
        found = cursor.fetchall()
    names = names_of(row[0] for row in found)
    rows = [_ranked(row, names) for row in found if row[0] in names]
    rows.sort(key=lambda row: (row["few"], -row["rate"], -row["records"], row["who"]))
    return rows, sum(row[1] for row in found if row[0] not in names)


def _ranked(row: tuple[Any, ...], names: dict[int, str]) -> dict[str, Any]:
    """What must be corrected counts three times, as in the rank of places."""
    account, records, by_sheet, errors, warnings, gaps = row
    return {
        "account": account, "who": names[account], "records": records, "by_sheet": by_sheet, "errors": errors,
        "warnings": warnings, "gaps": gaps, "rate": round(100 * (3 * errors + warnings) / records, 1),
        "few": records < LEAST,
    }  # fmt: skip
