"""An installation from before standing was dated is brought up to date: a copy of its demonstration, row by row.

The copy (tests/data) holds 60 invented households with three years; some were changed so that every kind of standing
is among them."""

import lzma
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import psycopg2.extras
import pytest
from django.conf import settings

from tests import schema
from tests.servers import SERVERS

COPY = Path(__file__).parents[2] / "data" / "register-of-before.sql.xz"
KEY = "9TpkbAOcxTP1O5zhiIywjXJ+bSBC5gMitko72VYAh/A="  # that of the copy; it seals invented numbers only
TABLES = {
    "households_household": "household_no",
    "households_member": "id",
    "households_annualrecord": "household_id, year",
    "households_memberyear": "member_id, year",
    "households_assessment": "household_id, year",
    "households_tally": "place_id, year, measure, bucket, poor",
    "households_householdevent": "pgh_id",
    "villages_cadre": "id",
}
NUMBERS = ["edge_open", "cleared", "edge", "returned", "candidate", "no_date", "removed", "poor", "lost_a_member"]
GROWING = {"households_householdevent"}  # being brought up to date is history, too
CLEARER = {
    3: {"household_type": ("02", "04")},
    5: {"household_type": ("01", "02"), "exit_status": ("0", ""), "identified_on": (date(2014, 4, 1), None)},
    7: {"household_type": ("01", "02"), "exit_status": ("1", "")},
    8: {"household_type": ("01", "03")},
}
"""What households (by id) are now where columns contradicted each other, or where nobody is anything any more: an edge
household, a candidate, one taken off the register, a poor one."""
NEWER = {"version", "updated_at", "as_of", "pgh_context_id"}
Rows = list[dict[str, Any]]


def link(name: str) -> Any:
    owner = SERVERS.layout.owner
    return psycopg2.connect(host=owner["HOST"], port=owner["PORT"], user=owner["USER"], dbname=name)


def rows(name: str, table: str, order: str) -> Rows:
    with link(name) as opened, opened.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY {order}")
        return [dict(row) for row in cursor.fetchall()]


def migrate(name: str) -> None:
    """As an administrator does it: the command, signed in as the owner."""
    owner = SERVERS.layout.owner
    url = f"postgres://{owner['USER']}@/{name}?host={quote(owner['HOST'])}&port={owner['PORT']}"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0"], check=True, cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "FIELD_ENCRYPTION_KEYS": KEY, "DEMO": "0"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def moved(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Rows], dict[str, Rows]]:
    """Every table before and after, and the names of the households that were changed."""
    name = f"moved_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    dump = tmp_path_factory.mktemp("copy") / "copy.sql"
    text = lzma.decompress(COPY.read_bytes())
    dump.write_bytes(text.replace(b"SET transaction_timeout = 0;\n", b""))  # unknown before PostgreSQL 17
    schema.create(name, "template1")
    schema.client("psql", name, "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", str(dump))
    before = {table: rows(name, table, order) for table, order in TABLES.items()}
    migrate(name)
    more = {"households_spell": "household_id, id", "households_presence": "member_id, id",
            "households_openingstock": "county_id", "households_episode": "spell_id"}  # fmt: skip
    after = {table: rows(name, table, order) for table, order in (TABLES | more).items()}
    return before, after


@pytest.fixture(scope="module")
def changed(moved: Any) -> dict[str, dict[str, Any]]:
    """The households of the copy that stand for one kind each, as they are afterwards."""
    return dict(zip(NUMBERS, moved[1]["households_household"], strict=False))


def spells(moved: Any, household: dict[str, Any], axis: str = "poverty") -> list[tuple[Any, ...]]:
    found = [each for each in moved[1]["households_spell"] if each["household_id"] == household["id"]]
    return [(each["klass_id"], each["since"], each["until"]) for each in found if each["axis"] == axis]


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_dropped_and_nothing_says_otherwise(table: str, moved: Any) -> None:
    before, after = moved[0][table], moved[1][table]
    assert before
    said = {
        (old["id"], key, old[key], new[key])
        for old, new in zip(before, after, strict=table not in GROWING)
        for key in old.keys() & new.keys() - NEWER
        if old[key] != new[key]
    }
    expected = CLEARER if table == "households_household" else {}
    assert said == {(pk, key, *change) for pk, changes in expected.items() for key, change in changes.items()}


def test_all_standing_is_carried_over(moved: Any) -> None:
    found = moved[1]["households_spell"]
    assert {each["origin"] for each in found} == {"carried"}
    homes = moved[1]["households_household"]
    registered = {each["id"] for each in homes if each["in_register"] or each["removed_on"]}
    assert {each["household_id"] for each in found} == registered


def test_it_comes_out_closed(moved: Any) -> None:
    assert [(each["county_id"], each["closed_on"] is not None) for each in moved[1]["households_openingstock"]] == [
        ("500154", True)
    ]


def test_a_candidate_is_an_ordinary_household(moved: Any, changed: Any) -> None:
    assert (changed["candidate"]["in_register"], spells(moved, changed["candidate"])) == (False, [])


def test_what_was_monitored_is_an_episode(moved: Any, changed: Any) -> None:
    assert spells(moved, changed["edge_open"], "monitoring") == [("unstable", date(2020, 3, 5), None)]
    assert spells(moved, changed["cleared"], "monitoring") == [("unstable", date(2020, 3, 5), date(2020, 11, 2))]
    assert spells(moved, changed["edge"], "monitoring") == [("edge", date(2020, 6, 1), None)]
    assert len(moved[1]["households_episode"]) == 3


def test_years_without_a_day_stand_at_their_end(moved: Any, changed: Any) -> None:
    assert ("out", date(2018, 12, 31), None) in spells(moved, changed["no_date"])
    assert [klass for klass, _since, _until in spells(moved, changed["poor"])] == ["poor"]


def test_everybody_lives_where_he_lived(moved: Any) -> None:
    homes = {each["member_id"]: each for each in moved[1]["households_presence"] if each["until"] is None}
    living = [each for each in moved[1]["households_member"] if each["left_on"] is None]
    assert all(homes[each["id"]]["household_id"] == each["household_id"] for each in living)
    gone = [each for each in moved[1]["households_member"] if each["left_on"] is not None]
    assert gone
    assert not homes.keys() & {each["id"] for each in gone}


def test_rows_of_a_year_stay_where_they_were_surveyed(moved: Any) -> None:
    for table in ("households_annualrecord", "households_memberyear", "households_assessment"):
        assert all(each["counted_in"] == each["village_id"] for each in moved[1][table])
