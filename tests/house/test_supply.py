"""What is installed is what was checked, and migrations hold nobody up."""

import re

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from povreg.shell import migration_locks
from povreg.shell.lock import pinned
from povreg.shell.sbom import UNKNOWN, bill


def test_every_pinned_package_has_its_digests():
    lock = (settings.BASE_DIR / "requirements.lock").read_text()
    named = dict(re.findall(r"(?m)^([\w.-]+)==([\w.]+)", lock))
    assert named == {name: version for name, version, _ in pinned()}, "run `make lock`"
    assert len(re.findall(r"(?m)^[\w.-]+==.*\\$", lock)) == len(named)


def test_the_bill_names_every_package_with_its_licence():
    parts = {part["name"]: part["licenses"][0]["license"]["name"] for part in bill()["components"]}
    assert {"Django", "echarts", "htmx.org"} <= set(parts)
    assert [name for name, licence in parts.items() if licence == UNKNOWN] == []


def test_no_migration_holds_up_a_large_table():
    assert list(migration_locks.faults()) == []


def test_what_locks_for_long_is_seen():
    index = models.Index(fields=["name"], name="x")
    assert migration_locks.locks(migrations.AddIndex("member", index))
    assert not migration_locks.locks(AddIndexConcurrently("member", index))
    assert migration_locks.locks(migrations.RunSQL("CREATE UNIQUE INDEX x ON households_member (name)"))
    assert not migration_locks.locks(migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON households_member (name)"))
    assert migration_locks.locks(migrations.AddField("member", "x", models.IntegerField()))
    assert not migration_locks.locks(migrations.AddField("member", "x", models.IntegerField(db_default=0)))
