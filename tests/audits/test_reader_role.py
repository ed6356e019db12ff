"""An auditor's requests write nothing of the register, whatever a page does: the database refuses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import path
from django.utils import timezone

from audits.models import Finding
from povreg.kit import reach
from povreg.kit.app_role import app_role, owns_itself, owns_tables
from povreg.kit.reader_role import OPENED, REFUSED, reader_role
from povreg.kit.views import require
from tests import factories
from tests.audits import made
from villages.models import User
from villages.rights import CHANGING, GRANTS, READERS, Right, Role

pytestmark = pytest.mark.django_db
PASSWORD = "Kaizhou-2026-a"
TABLES = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
OPEN_FOR = {name: set(opened.rights.split()) for name, opened in OPENED.items()}


@pytest.fixture
def auditor() -> User:
    return factories.posted(Role.AUDITOR)


@pytest.fixture
def as_auditor(auditor: User) -> Iterator[User]:
    with reach.reaching(auditor.reach()):
        yield auditor


def test_who_is_a_reader(auditor: User) -> None:
    assert not any(GRANTS[role] & CHANGING for role in READERS)
    assert auditor.reach().role == reader_role()


def test_the_web_that_is_not_told_who_owns_takes_it_on_as_well(auditor: User, settings: Any) -> None:
    """As in docker-compose.yml: only whoever migrates knows the owner's name and password."""
    settings.DATABASE_OWNER = settings.DATABASE_APP
    assert owns_itself() and not owns_tables()
    assert auditor.reach().role == reader_role()
    assert factories.posted(Role.COUNTY_OFFICER).reach().role == ""
    assert factories.posted(Role.COUNTY_LEADER).reach().role == ""


def test_every_table_is_closed_but_those_of_the_audit(as_auditor: User) -> None:
    """Tried, not only asked: the database checks rights before it looks for rows."""
    done = []
    with connection.cursor() as cursor:
        for table in sorted(set(TABLES) & set(connection.introspection.table_names())):
            cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table])
            column = cursor.fetchone()[0]
            tries = {
                "INSERT": f'INSERT INTO "{table}" DEFAULT VALUES',
                "UPDATE": f'UPDATE "{table}" SET "{column}" = "{column}" WHERE false',
                "DELETE": f'DELETE FROM "{table}" WHERE false',
            }
            for right, statement in tries.items():
                if right not in OPEN_FOR.get(table, set()):
                    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                        cursor.execute(statement)
                    done.append((table, right))
    assert len(done) > 400


def test_what_is_open_is_of_the_audit_or_about_oneself() -> None:
    work = {name for name, opened in OPENED.items() if not opened.own}
    own = {name for name, opened in OPENED.items() if opened.own}
    assert {name.split("_")[0] for name in work} <= {"audits", "proof", "jobs", "django", "villages"}
    assert work & {name for name in TABLES if name.startswith("villages_")} == {"villages_signinattempt"}
    assert "villages_timedaccess" in own, "asked for oneself"
    assert {name for name in own if name.startswith("households_")} == {
        "households_savedfilter", "households_listcolumns", "households_unmasklog", "households_look",
    }  # fmt: skip
    assert not {"audits_doubt", "audits_comparisonhit"} & {n for n in work if "INSERT" in OPEN_FOR[n]}


def test_only_rows_about_oneself(as_auditor: User) -> None:
    with reach.reaching(reach.EVERYWHERE):
        other = factories.posted(Role.COUNTY_OFFICER)
    as_auditor.must_change_password = True
    as_auditor.save(update_fields=["must_change_password"])
    with pytest.raises(ProgrammingError, match="about somebody else"), transaction.atomic():
        User.objects.filter(pk=other.pk).update(must_change_password=True)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        User.objects.filter(pk=as_auditor.pk).update(is_active=False)


def test_an_auditor_signs_in_by_the_form(client: Client) -> None:
    factories.posting(factories.user("shenji", password=PASSWORD), Role.AUDITOR)
    page = client.get("/login/").content.decode()
    key = re.search(r'name="([a-z_]+)" value="([^"]+)"', page[page.index("csrfmiddlewaretoken") + 20 :])
    assert key
    sent = {"username": "shenji", "password": PASSWORD, key[1]: key[2]}
    assert client.post("/login/", sent).status_code == 302
    assert client.get("/").status_code == 200


def test_a_wider_question_is_no_way_around(as_auditor: User) -> None:
    with reach.wider("free_number"), pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute("UPDATE households_household SET group_name = '' WHERE false")


def test_whoever_comes_after_in_the_same_transaction_has_his_own_role(auditor: User) -> None:
    with reach.reaching(auditor.reach()):
        assert role_now() == reader_role()
    assert role_now() == app_role()
    with reach.reaching(auditor.reach()), transaction.atomic():
        assert role_now() == reader_role()


def role_now() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_user {reach.HINT}")
        return str(cursor.fetchone()[0])


def careless(request):  # type: ignore[no-untyped-def]
    """A page that asks for no right and writes."""
    with transaction.atomic():
        factories.household()
    raise AssertionError("written")


careless_view = require(Right.HOUSEHOLD_VIEW)(careless)


def test_a_refused_write_is_said_in_a_sentence(auditor: User, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ROOT_URLCONF = type("Urls", (), {"urlpatterns": [path("careless/", careless_view)]})
    client.force_login(auditor)
    answer = client.post("/careless/")
    assert answer.status_code == 403
    assert REFUSED in answer.content.decode()


def test_an_auditor_opens_and_closes_findings(auditor: User, client: Client) -> None:
    household = factories.household()
    finding = made.finding(household)
    client.force_login(auditor)
    answer = client.post(
        f"/findings/{finding.pk}/do/assign/",
        {"demand": "请入户核实，改正登记。", "deadline": timezone.localdate() + timedelta(days=20)},
    )
    assert answer.status_code == 302, answer.content.decode()[:500]
    assert Finding.objects.get(pk=finding.pk).state == Finding.State.ASSIGNED
