"""Whatever the tool, what a household is follows from a list, a department's list or an order, and from nothing else.

Each way writes what it can to a poor household of a county that is no longer open for rosters; none changes anything.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from households.models import Household, Spell, StandingProposal
from households.models.household import STANDING
from tests import factories, standings
from tests.households.sheets import sheetbooks as books
from villages.rights import Role

pytestmark = pytest.mark.django_db
WRITTEN = {"exit_status": "1", "exit_year": "2020", "household_type": "01", "monitor_type": "1", "in_register": ""}


@pytest.fixture
def poor():
    row = factories.household(members=1, identified_on=date(2014, 5, 1), exit_status="0", household_type="03")
    standings.close()
    return row


def what_is(row: Household) -> tuple[dict, list]:
    """Its columns of standing, and its spells as they are stored."""
    columns = Household.objects.filter(pk=row.pk).values(*STANDING).get()
    return columns, list(Spell.objects.filter(household=row).order_by("pk").values())


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(factories.posted(role))
    return client


def by_section(row: Household, tmp_path: Path) -> None:
    """The form of the household's page, with more fields than it has."""
    client = signed_in(Role.VILLAGE_CADRE)
    answer = client.post(f"/households/{row.pk}/basic/?year=2026", {"version": row.version, **WRITTEN})
    assert answer.status_code in (302, 422)


def by_new_household(row: Household, tmp_path: Path) -> None:
    """登记新户 with standing: whoever is new is an ordinary household."""
    client = signed_in(Role.VILLAGE_CADRE)
    client.post(reverse("household-new"), {"village": row.village_id, "name": "王新", "relation": "01", **WRITTEN})
    assert not Household.objects.exclude(pk=row.pk).filter(in_register=True).exists()


def by_api(row: Household, tmp_path: Path) -> None:
    client = APIClient()
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    answer = client.patch(f"/api/v1/households/{row.pk}/", {"version": row.version, **WRITTEN}, format="json")
    assert answer.status_code in (403, 422)


def roster(row: Household, tmp_path: Path) -> Path:
    """A roster of the province that says: 脱贫户."""
    head = row.members.get()
    cells = {"姓名": head.name, "证件号码": head.id_no, "人编号": head.person_no, "户类型": "脱贫户"}
    return books.save(tmp_path / "名册.xlsx", {"名单": [books.person(row.household_no, **cells)]})


def by_import(row: Household, tmp_path: Path) -> None:
    books.import_file(roster(row, tmp_path))
    assert StandingProposal.objects.get().household == row


def by_command(row: Household, tmp_path: Path) -> None:
    call_command("import_sheet", str(roster(row, tmp_path)), layout="roster-2022", county="500154", year=2020)
    assert StandingProposal.objects.get().household == row


WAYS: list[Callable[[Household, Path], None]] = [by_section, by_new_household, by_api, by_import, by_command]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_tool_writes_standing(way, poor, tmp_path):
    before = what_is(poor)
    way(poor, tmp_path)
    assert what_is(poor) == before


STATEMENTS = {
    "a column": "UPDATE households_household SET exit_status = '1' WHERE id = {id}",
    "the register": "UPDATE households_household SET in_register = false WHERE id = {id}",
    "a new household": "INSERT INTO households_household SELECT (jsonb_populate_record(h, jsonb_build_object('id', 0,"
    " 'household_no', 'X1'))).* FROM households_household h WHERE id = {id}",
    "a spell": "INSERT INTO households_spell SELECT (jsonb_populate_record(s, jsonb_build_object('id', 0, 'klass_id',"
    " 'unstable', 'axis', 'monitoring', 'code', '1', 'since', '2026-01-01'))).* FROM households_spell s"
    " WHERE household_id = {id}",
    "another class": "UPDATE households_spell SET klass_id = 'out', code = '1' WHERE household_id = {id}",
    "an end": "UPDATE households_spell SET until = '2020-12-31', until_known = 'day', end_origin = 'list'"
    " WHERE household_id = {id}",
    "no spell": "DELETE FROM households_spell WHERE household_id = {id}",
    "another household": "UPDATE households_spell SET household_id = household_id + 1 WHERE household_id = {id}",
    "open again": "UPDATE households_openingstock SET closed_on = NULL",
    "never closed": "DELETE FROM households_openingstock",
    "another rule": "UPDATE households_standingclass SET by_department = true, opened_by = '{{exit}}'",
    "no trigger": "ALTER TABLE households_spell DISABLE TRIGGER ALL",
    "a replica": "SET session_replication_role = replica",
    "all gone": "TRUNCATE households_spell CASCADE",
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_no_statement_of_the_web_writes_standing(statement, poor):
    before = what_is(poor)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(id=poor.pk))
        standings.settle()
    assert what_is(poor) == before
