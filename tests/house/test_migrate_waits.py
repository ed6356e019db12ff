"""Migrating waits for a table a short time only, so that nobody waits long behind it, and tries again."""

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings as configured
from django.core.management import CommandError
from django.db import DatabaseError, OperationalError, connection, models, transaction
from django.db.migrations.state import ProjectState

from povreg.kit.app_role import as_owner
from povreg.kit.online import AddIndexOnline
from povreg.shell.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)
LOCK = "LOCK TABLE shell_keymark IN ACCESS EXCLUSIVE MODE"


@pytest.fixture(autouse=True)
def quick(monkeypatch, settings):
    monkeypatch.setattr(migrate, "PAUSE", 0.01)
    monkeypatch.setattr(migrate, "TRIES", 3)
    settings.MIGRATE_LOCK_TIMEOUT = "0.05"


@pytest.fixture
def reader():
    """Somebody in the middle of reading the table."""
    where = connection.settings_dict["NAME"]
    owner = configured.DATABASE_OWNER
    link = psycopg2.connect(
        host=owner.get("HOST"), port=owner.get("PORT") or None, user=owner["USER"], password=owner.get("PASSWORD"),
        dbname=where,
    )  # fmt: skip
    link.cursor().execute("SELECT FROM shell_keymark")
    yield link
    link.close()


def lock(between=lambda: None):
    """What a migration does to a table; returns how often it was tried."""
    tries = []

    def work():
        tries.append(1)
        if len(tries) == 2:
            between()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK)

    return work, tries


def test_it_lets_go_and_comes_in_when_the_others_are_through(reader):
    work, tries = lock(between=reader.rollback)
    told = []
    with as_owner():
        migrate.in_short_waits(work, told.append)
    assert len(tries) == 2
    assert "还可以试 2 次" in told[0]


def test_it_gives_up_with_a_sentence(reader):
    work, tries = lock()
    with as_owner(), pytest.raises(CommandError, match=r"没有等到锁.*MIGRATE_LOCK_TIMEOUT"):
        migrate.in_short_waits(work, lambda _: None)
    assert len(tries) == 3


@pytest.mark.parametrize("fault", [OperationalError("disk full"), DatabaseError("wrong")])
def test_other_faults_are_not_repeated(fault):
    def work():
        raise fault

    with pytest.raises(type(fault)):
        migrate.in_short_waits(work, lambda _: None)


def test_an_index_is_made_while_people_work_and_after_an_interrupted_try():
    """Without a transaction around it, whatever its reach; a left-over of the same name is replaced."""
    made = AddIndexOnline("household", models.Index(fields=["group_name"], name="household_group_try_idx"))
    state = ProjectState.from_apps(apps)
    after = state.clone()
    made.state_forwards("households", after)
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'household_group_try_idx'::regclass"
    with as_owner():
        for _ in range(2):
            with connection.schema_editor(atomic=False) as editor:
                made.database_forwards("households", editor, state, after)
        with connection.cursor() as cursor:
            cursor.execute(valid)
            assert cursor.fetchone() == (True,)
            cursor.execute("DROP INDEX CONCURRENTLY household_group_try_idx")
