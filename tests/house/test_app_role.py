"""The role of web and worker: reads and writes rows, owns nothing, and cannot rewrite what happened.

These tests sign in as that role; all other tests work with its rights (tests.schema.work_as_app)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError
from psycopg2.errors import InsufficientPrivilege, RaiseException

from povreg.kit import app_role
from povreg.kit.reader_role import CHOOSES_SINCE
from povreg.shell import deploy_checks
from povreg.shell.deploy_checks import two_database_roles
from tests.owner import owner
from tests.servers import SERVERS

DDL = [
    "CREATE TABLE mine ()",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE households_household ADD COLUMN mine text",
    "CREATE INDEX ON households_household (village_id)",
    "DROP TABLE households_household",
    "TRUNCATE households_household CASCADE",
    "CREATE TRIGGER mine BEFORE INSERT ON households_household FOR EACH ROW EXECUTE FUNCTION povreg_context_stays()",
    "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql"
    " AS 'SELECT true'",
    "ALTER FUNCTION _pgh_attach_context() RENAME TO mine",
    "CREATE EXTENSION hstore",
]
LOCKS = [
    "ALTER TABLE households_household DISABLE TRIGGER ALL",
    "ALTER TABLE households_steprecord DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "SET ROLE povreg",
    "SET SESSION AUTHORIZATION povreg",
    "ALTER ROLE povreg_app SUPERUSER",
    "COPY households_household TO PROGRAM 'cat'",
    "COPY households_household TO '/tmp/out'",
]


@pytest.fixture
def cursor(django_db_setup: None) -> Iterator[Any]:
    """Of a session that signed in as the application role; what it did is rolled back."""
    where = SERVERS.layout.database
    name = settings.DATABASES["default"]["NAME"]
    link = psycopg2.connect(host=where["HOST"], port=where["PORT"], user=where["USER"], dbname=name)
    with link.cursor() as opened:
        yield opened
    link.rollback()
    link.close()


@pytest.mark.parametrize("statement", [*DDL, *LOCKS])
def test_what_would_open_the_lock_is_refused(cursor: Any, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        cursor.execute(statement)


def test_it_owns_nothing_and_is_member_of_the_readers_only(cursor: Any) -> None:
    cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
    assert cursor.fetchone() == (0,)
    newer = cursor.connection.server_version >= CHOOSES_SINCE
    inherits = "inherit_option" if newer else "rolinherit"  # of each membership, or of the member
    cursor.execute(
        f"SELECT m.roleid::regrole::text, {inherits}, m.admin_option FROM pg_auth_members m"
        " JOIN pg_roles r ON r.oid = m.member WHERE m.member = current_user::regrole"
    )
    assert cursor.fetchall() == [("povreg_app_reader", False, False)]
    cursor.execute(
        "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert cursor.fetchone() == (False,)


def rights(cursor: Any, table: str) -> set[str]:
    """Those of SELECT, INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER and REFERENCES that the role has."""
    asked = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")
    cursor.connection.rollback()  # what others were granted meanwhile is seen by the next transaction
    cursor.execute("SELECT word FROM unnest(%s) AS word WHERE has_table_privilege(%s, word)", [list(asked), table])
    return {word for (word,) in cursor.fetchall()}


def test_every_table_is_open_only_as_far_as_it_should_be(cursor: Any) -> None:
    withheld = app_role.withheld()
    assert {"households_householdevent", "villages_postingevent", "pghistory_context"} <= {*withheld["INSERT"]}
    added_to = {*withheld["UPDATE"]} & {*withheld["DELETE"]} - {*withheld["INSERT"]}
    assert {"households_flip", "households_unmasklog", "households_steprecord", "households_vote"} <= added_to
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    present = {name for (name,) in cursor.fetchall()}
    for table in sorted(present & {model._meta.db_table for model in apps.get_models(include_auto_created=True)}):
        expected = {right for right in ("INSERT", "UPDATE", "DELETE") if table not in withheld[right]}
        assert rights(cursor, table) == {"SELECT"} | expected, table


def test_it_cannot_grant_itself_more(cursor: Any) -> None:
    cursor.execute("GRANT UPDATE ON households_flip TO povreg_app")  # only a warning: it may grant nothing
    assert "no privileges were granted" in cursor.connection.notices[0]
    assert rights(cursor, "households_flip") == {"SELECT", "INSERT"}


def test_a_verdict_that_turned_may_move_to_another_village_and_nothing_else(cursor: Any) -> None:
    cursor.execute("UPDATE households_flip SET village_id = village_id")
    with pytest.raises(InsufficientPrivilege):
        cursor.execute("UPDATE households_flip SET before = 'pass'")


CHANGE = "UPDATE villages_criteriaset SET name = name || '改' WHERE id = (SELECT min(id) FROM villages_criteriaset)"
AS_ZHANG = "SET LOCAL pghistory.context_id = '00000000-0000-0000-0000-000000000001';"
AS_ZHANG += """SET LOCAL pghistory.context_metadata = '{"user": 1, "verb": "publish"}'"""


def versions(cursor: Any) -> int:
    cursor.execute("SELECT count(*) FROM public.villages_criteriasetevent")
    return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    "trick",
    [
        "SET pgtrigger.ignore = '{pgtrigger_update_update_e22d4, append_only}'",
        "CREATE TEMP TABLE villages_criteriasetevent (LIKE villages_criteriasetevent)",
        "CREATE TEMP TABLE pghistory_context (LIKE pghistory_context)",
        "SET search_path = pg_temp, public",
    ],
)
def test_history_is_written_whatever_the_session_sets_up(cursor: Any, trick: str) -> None:
    before = versions(cursor)
    cursor.execute(trick)
    cursor.execute(AS_ZHANG)
    cursor.execute(CHANGE)
    assert versions(cursor) == before + 1
    cursor.execute("SELECT metadata->>'verb' FROM public.pghistory_context WHERE metadata->>'user' = '1'")
    assert cursor.fetchall() == [("publish",)]


def test_no_trigger_can_be_told_to_stand_aside(cursor: Any) -> None:
    cursor.execute("SELECT tgname::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
    names = [name for (name,) in cursor.fetchall()]
    cursor.execute("SELECT set_config('pgtrigger.ignore', %s::text[]::text, true)", [names])
    before = versions(cursor)
    cursor.execute(CHANGE)
    assert versions(cursor) == before + 1


def test_history_is_not_forged_through_a_trigger_on_ones_own_table(cursor: Any) -> None:
    cursor.execute(
        "SELECT fn.proname FROM pg_trigger AS of_table JOIN pg_proc AS fn ON fn.oid = of_table.tgfoid"
        " WHERE tgrelid = 'villages_criteriaset'::regclass AND tgname LIKE 'pgtrigger_insert%'"
    )
    (name,) = cursor.fetchone()
    cursor.execute("CREATE TEMP TABLE forged (LIKE villages_criteriaset)")
    with pytest.raises(InsufficientPrivilege, match=name):
        cursor.execute(
            f"CREATE TRIGGER forge AFTER INSERT ON forged REFERENCING NEW TABLE AS new_values"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def test_who_acted_is_never_overwritten(cursor: Any) -> None:
    cursor.execute(AS_ZHANG)
    cursor.execute(CHANGE)
    cursor.execute("""SET LOCAL pghistory.context_metadata = '{"user": 2, "verb": "publish"}'""")
    with pytest.raises(RaiseException, match="never changed"):
        cursor.execute(CHANGE)


def test_bulk_loads_may_refresh_statistics(cursor: Any) -> None:
    """Before PostgreSQL 17 nobody but the owner may; autovacuum does it there."""
    cursor.execute("ANALYZE households_householdevent")
    assert bool(cursor.connection.notices) == (cursor.connection.server_version < app_role.MAINTAIN_SINCE)


def test_triggers_and_later_tables_are_looked_after(cursor: Any) -> None:
    """A trigger function that runs with the caller's rights, or one that finds the caller's tables, is a hole."""
    cursor.execute(
        "SELECT DISTINCT fn.proname FROM pg_trigger AS of_table JOIN pg_proc AS fn ON fn.oid = of_table.tgfoid"
        " WHERE NOT of_table.tgisinternal"
        " AND NOT (fn.prosecdef AND 'search_path=public, pg_temp' = ANY(coalesce(fn.proconfig, '{}')))"
    )
    assert cursor.fetchall() == []
    cursor.execute("SELECT defaclobjtype::text, defaclacl::text FROM pg_default_acl ORDER BY 1")
    assert [(kind, "povreg_app=" in granted) for kind, granted in cursor.fetchall()] == [("S", True), ("r", True)]


@pytest.mark.django_db(transaction=True)
def test_rights_lost_come_back_with_the_command(cursor: Any) -> None:
    with app_role.as_owner(), app_role.connection.cursor() as owner:
        owner.execute("REVOKE ALL ON households_household FROM povreg_app; CREATE TABLE later (id integer)")
    assert rights(cursor, "later") == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert rights(cursor, "households_household") == set()
    call_command("grant_app", verbosity=0)
    assert rights(cursor, "households_household") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


@pytest.mark.django_db
@pytest.mark.parametrize("grant", ["SUPERUSER", "CREATEROLE", "BYPASSRLS"])
def test_a_role_that_may_do_too_much_is_refused(grant: str, settings: Any) -> None:
    settings.DATABASE_APP = {"USER": f"too_strong_{grant.lower()}", "PASSWORD": ""}
    with app_role.connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"CREATE ROLE {settings.DATABASE_APP['USER']} {grant}")
        with pytest.raises(app_role.RoleError, match=f"权限过大（{grant}"):
            app_role.ensure_role(cursor)


@pytest.mark.django_db
def test_a_missing_role_is_made_or_asked_for(settings: Any) -> None:
    settings.DATABASE_APP = {"USER": "new_app", "PASSWORD": "secret"}
    with app_role.connection.cursor() as cursor:
        with pytest.raises(app_role.RoleError, match="CREATE ROLE new_app LOGIN"):
            app_role.ensure_role(cursor)
        cursor.execute("RESET ROLE")
        app_role.ensure_role(cursor)
        cursor.execute("SELECT rolcanlogin, rolsuper, rolinherit FROM pg_roles WHERE rolname = 'new_app'")
        assert cursor.fetchone() == (True, False, False)


@pytest.fixture
def told_of_no_owner(db: None, settings: Any) -> Iterator[None]:
    settings.DATABASE_OWNER = settings.DATABASE_APP
    app_role._owns.cache_clear()
    yield
    app_role._owns.cache_clear()


def test_one_role_for_both_is_a_warning_of_the_deploy_check(told_of_no_owner: None) -> None:
    with owner():
        assert [found.id for found in two_database_roles()] == ["povreg.W001"]


def test_the_web_that_is_not_told_who_owns_is_not_warned(told_of_no_owner: None) -> None:
    assert two_database_roles() == []


def test_without_a_database_to_ask_it_says_that_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent() -> bool:
        raise OperationalError

    monkeypatch.setattr(deploy_checks, "owns_tables", silent)
    assert ["is not known" in found.msg for found in two_database_roles()] == [True]
