"""Loading the national place files in one pass: COPY into a temporary table, then one INSERT over what differs."""

import csv
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.db import connection, transaction

from povreg.kit.history import act
from povreg.kit.pinyin import initials
from villages.places.files import PlaceLine, read_places
from villages.places.names import township_short_name, village_short_name

TOWNSHIP_LEVEL, VILLAGE_LEVEL = 4, 5
NAMED_ABSENT = 20  # codes that a report names; the rest is counted

CREATE = """
DROP TABLE IF EXISTS pg_temp.incoming;
CREATE TEMPORARY TABLE incoming (
    code varchar(15) COLLATE "C", name varchar(80), short_name varchar(80), initials varchar(80),
    level smallint, parent varchar(15) COLLATE "C"
) ON COMMIT DROP
"""
COPY = "COPY incoming FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (short_name, initials))"
# Two villages of one township that share a short name keep their full names.
KEEP_APART = """
UPDATE incoming SET short_name = name
WHERE level >= 4 AND (parent, short_name) IN (
    SELECT parent, short_name FROM incoming WHERE level >= 4 GROUP BY 1, 2 HAVING count(*) > 1)
"""
# Places renamed here by a decision keep that name until the national file follows.
RENAMED = "EXISTS (SELECT 1 FROM villages_placechange c WHERE c.target_id = i.code AND c.kind = 'rename')"
DIFFERS = (
    "(p.name, p.short_name, p.initials, p.level, p.parent_id)"
    " IS DISTINCT FROM (i.name, i.short_name, i.initials, i.level, i.parent)"
)
MERGE = f"""
WITH done AS (
    INSERT INTO villages_place AS old (code, name, short_name, initials, level, parent_id)
    SELECT i.code, i.name, i.short_name, i.initials, i.level, i.parent
    FROM incoming i LEFT JOIN villages_place p ON p.code = i.code
    WHERE p.code IS NULL OR ({DIFFERS} AND NOT {RENAMED})
    ORDER BY i.code
    ON CONFLICT (code) DO UPDATE SET
        name = excluded.name, short_name = excluded.short_name, initials = excluded.initials,
        level = excluded.level, parent_id = excluded.parent_id
    WHERE (old.name, old.short_name, old.initials, old.level, old.parent_id) IS DISTINCT FROM
        (excluded.name, excluded.short_name, excluded.initials, excluded.level, excluded.parent_id)
    RETURNING (xmax = 0) AS created)
SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created) FROM done
"""  # noqa: S608 - constants only
KEPT_NAMES = f"SELECT count(*) FROM incoming i JOIN villages_place p USING (code) WHERE {DIFFERS} AND {RENAMED}"  # noqa: S608
ABSENT = """
SELECT p.code FROM villages_place p
WHERE p.level <= 5 AND p.retired_on IS NULL AND p.code >= %s AND p.code < %s
  AND NOT EXISTS (SELECT 1 FROM incoming i WHERE i.code = p.code)
ORDER BY p.code
"""


@dataclass(frozen=True)
class LoadReport:
    """What a load did: ``read = created + updated + unchanged``.

    ``kept_names`` of the unchanged bear a name given here; ``absent`` places are here but not in the files (kept).
    """

    read: int
    created: int
    updated: int
    unchanged: int
    kept_names: int
    absent: int
    absent_codes: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@transaction.atomic
def load_places(directory: Path, under: str = "") -> LoadReport:
    """Bring the five files of ``directory`` into the place table; a second run changes nothing.

    Places that the files lack are reported, never deleted. Raises PlaceFileError, and then nothing is changed.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as rows:
        read = write_rows(read_places(directory, under), rows)
        rows.seek(0)
        with act(by=None, verb="load_places", under=under):
            return _store(rows, read, under)


def write_rows(lines: Iterable[PlaceLine], rows: IO[str]) -> int:
    """Write the table's columns for every line as CSV; returns their number."""
    writer = csv.writer(rows)
    count = 0
    for line in lines:
        short = short_name(line)
        writer.writerow((line.code, line.name, short, initials(short), line.level, line.parent))
        count += 1
    return count


def short_name(line: PlaceLine) -> str:
    """The name of the level's kind without its suffix."""
    if line.level == VILLAGE_LEVEL:
        return village_short_name(line.name)
    return township_short_name(line.name) if line.level == TOWNSHIP_LEVEL else line.name


def _store(rows: IO[str], read: int, under: str) -> LoadReport:
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
        cursor.copy_expert(COPY, rows)
        cursor.execute("CREATE INDEX ON incoming (code)")
        cursor.execute("ANALYZE incoming")
        cursor.execute(KEEP_APART)
        cursor.execute(KEPT_NAMES)
        (kept,) = cursor.fetchone()
        cursor.execute(MERGE)
        created, updated = cursor.fetchone()
        cursor.execute(ABSENT, [under, f"{under}:"])
        absent = [code for (code,) in cursor.fetchall()]
        if created or updated:
            cursor.execute("ANALYZE villages_place")
    return LoadReport(read, created, updated, read - created - updated, kept, len(absent), tuple(absent[:NAMED_ABSENT]))
