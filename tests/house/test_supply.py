"""What is installed is what was checked, and migrations hold nobody up."""

import json
import re
import zipfile

import pytest
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from povreg.shell import migration_locks, supply
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


def test_every_licence_was_thought_of():
    assert list(supply.licence_faults(bill()["components"])) == []
    strange = {"name": "x", "version": "1", "licenses": [{"license": {"name": "MIT AND AGPL-3.0-only"}}]}
    assert list(supply.licence_faults([strange])) == ["x 1: AGPL-3.0-only"]


PARTS = [
    {"name": "Django", "version": "5.2.9", "purl": "pkg:pypi/django@5.2.9"},
    {"name": "@tabler/core", "version": "1.4.0", "purl": "pkg:npm/@tabler/core@1.4.0"},
]


def advisory(name: str, ecosystem: str, *events: dict[str, str], **more: object) -> dict[str, object]:
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, *events]}]
    package = {"name": name, "ecosystem": ecosystem}
    return {"id": "X-1", "summary": "bad", "affected": [{"package": package, "ranges": ranges}], **more}


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (advisory("django", "PyPI", {"fixed": "5.2.10"}), "5.2.10"),
        (advisory("django", "PyPI", {"fixed": "5.2.9"}), None),
        (advisory("django", "PyPI", {"last_affected": "5.2.9"}), ""),
        (advisory("django", "PyPI", {"last_affected": "5.2.8"}), None),
        (advisory("django", "PyPI", {"fixed": "4.2.1"}, {"introduced": "5.0"}, {"fixed": "5.3"}), "5.3"),
        (advisory("django", "npm", {"fixed": "9"}), None),
        (advisory("django", "PyPI", {"fixed": "9"}, withdrawn="2026-01-01"), None),
        (advisory("@tabler/core", "npm", {"fixed": "1.4.1"}), "1.4.1"),
        (advisory("another", "PyPI", {"fixed": "9"}), None),
    ],
)
def test_a_weakness_is_found_by_its_versions(known, found):
    assert [each.fixed for each in supply.weaknesses(PARTS, [known])] == ([] if found is None else [found])


def test_advisories_come_as_export_folder_or_file(tmp_path):
    one = json.dumps(advisory("django", "PyPI", {"fixed": "9"}))
    (tmp_path / "one.json").write_text(one)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("X-1.json", one)
    assert [each["id"] for each in supply.advisories(tmp_path)] == ["X-1", "X-1"]
    (tmp_path / "other.json").write_text("[1]")
    with pytest.raises(ValueError, match="OSV"):
        list(supply.advisories(tmp_path / "other.json"))


def test_without_advisories_it_says_that_nothing_was_looked_up(capsys, monkeypatch):
    monkeypatch.delenv("ADVISORIES", raising=False)
    with pytest.raises(SystemExit) as end:
        supply.main()
    assert end.value.code == 0 and "NOT looked up" in capsys.readouterr().out
