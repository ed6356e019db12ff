"""Who of the register stands on a list: by the keyed hash of the number; by name and birth date where the list has no
good number, and only where that is one person of the county. One statement each, whatever the size."""

from __future__ import annotations

from typing import Any

from django.db import connection

from audits.comparisons.sources import Source
from audits.models import ComparisonHit, ComparisonList
from households.models import Member
from povreg.kit.bulk import copy_into
from povreg.kit.scopes import end_of, within

REGISTERED = "h.in_register AND h.removed_on IS NULL AND m.left_on IS NULL"
PLACE = "m.village_id >= %(low)s AND m.village_id < %(high)s"
FIND = """
    INSERT INTO audits_comparisonhit (list_id, source, severity, weak, household_id, member_id, village_id, detail,
        "on", found_on, answer, answer_reason)
    SELECT %(list)s, %(source)s, %(severity)s, {weak}, m.household_id, m.id, m.village_id, r.detail, r."on",
        register_today(), '', ''
    FROM (SELECT DISTINCT ON (c.{key}{more}) c.* FROM audits_comparisonrow c
        WHERE c.list_id = %(list)s AND {has} ORDER BY c.{key}{more}, c.line) r
    {join}
    JOIN households_household h ON h.id = m.household_id
    LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = %(year)s
    WHERE {registered} AND {place} AND {where}
    ON CONFLICT (list_id, member_id) DO NOTHING"""
NAMED = """
    JOIN (SELECT n.name_hash, m.birth_date, min(m.id) AS member_id
        FROM comparison_name n JOIN households_member m ON m.id = n.member_id
        GROUP BY 1, 2 HAVING count(*) = 1) k ON k.name_hash = r.name_hash AND k.birth_date = r.birth_date
    JOIN households_member m ON m.id = k.member_id"""


def compare(row: ComparisonList, source: Source, year: int, name_key: Any) -> tuple[int, int]:
    """Note the hits of a list; returns how many were found by number and how many by name and birth date."""
    county = row.county_id
    params: dict[str, Any] = {
        "list": row.pk, "source": source.code, "severity": source.severity, "year": year, "low": county,
        "high": end_of(county),
    }  # fmt: skip
    where = source.where or "true"
    same = {"registered": REGISTERED, "place": PLACE, "where": where}
    with connection.cursor() as cursor:
        cursor.execute(
            FIND.format(weak="false", key="id_hash", more="", has="c.id_hash <> ''",
                        join="JOIN households_member m ON m.id_hash = r.id_hash", **same),
            params,
        )  # fmt: skip
        strong = cursor.rowcount
        if not row.rows.filter(id_hash="").exists():  # type: ignore[attr-defined]
            return strong, 0
        _hash_names(cursor, county, row, name_key)
        cursor.execute(
            FIND.format(weak="true", key="name_hash", more=", c.birth_date", has="c.id_hash = ''", join=NAMED, **same),
            params,
        )
        return strong, cursor.rowcount


def _hash_names(cursor: Any, county: str, row: ComparisonList, name_key: Any) -> None:
    """The names of those of the county who were born on a day that the list names, as they are compared."""
    cursor.execute("DROP TABLE IF EXISTS comparison_name")
    cursor.execute("CREATE TEMP TABLE comparison_name (member_id bigint, name_hash text) ON COMMIT DROP")
    born = row.rows.filter(id_hash="", birth_date__isnull=False).values("birth_date")  # type: ignore[attr-defined]
    people = Member.objects.present().filter(within("village_id", county), birth_date__in=born)
    found = [(pk, name_key(name)) for pk, name in people.order_by().values_list("pk", "name")]
    copy_into("comparison_name", ("member_id", "name_hash"), found)


def hits_of(row: ComparisonList) -> int:
    return ComparisonHit.objects.filter(list=row).count()
