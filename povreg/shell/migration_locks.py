"""Migrations that would hold up a table of the whole county: found before they are shipped (`make check`).

``migrate`` waits a short time only for a lock, but what it does under one counts: an index made without CONCURRENTLY, a
constraint or NOT NULL checked against every row, a rewritten column. Migrations from before the check (CHECKED) stand.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

CHECKED = Path(__file__).with_name("data") / "migrations_checked.json"
LARGE = frozenset(
    {"household", "member", "presence", "annualrecord", "memberyear", "assessment", "assessmentchange", "standing",
     "householdevent", "memberevent", "presenceevent", "annualrecordevent", "memberyearevent", "measure", "visit"}
)  # fmt: skip
"""Models with a row or more for each household."""
REMEDY = {
    "AddIndex": "use AddIndexOnline (povreg.kit.online) in a migration with atomic = False",
    "AddConstraint": "AddConstraintNotValid, and ValidateConstraint in another migration",
    "AlterField": "rewritten or checked under a lock: add a new column, fill it by the thousand, drop the old",
    "AddField": "give a db_default, or allow NULL first",
    "RunSQL": "CREATE INDEX needs CONCURRENTLY, in a migration with atomic = False",
}


def faults() -> Iterator[str]:
    """Every operation that locks a large table for long, with what to do instead."""
    passed = json.loads(CHECKED.read_text())
    loader = MigrationLoader(None)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app not in passed or name <= passed[app]:
            continue
        made = {each.name_lower for each in migration.operations if isinstance(each, migrations.CreateModel)}
        for operation in migration.operations:
            kind = type(operation).__name__
            model = str(getattr(operation, "model_name", "")).lower()
            if (model in LARGE - made and locks(operation)) or (kind == "RunSQL" and locks(operation)):
                yield f"{app}.{name}: {operation.describe()}: {REMEDY[kind]}"


def locks(operation: migrations.operations.base.Operation) -> bool:
    if isinstance(operation, migrations.RunSQL):
        said = str(operation.sql).upper()
        return "CREATE INDEX" in said.replace("CREATE UNIQUE INDEX", "CREATE INDEX") and "CONCURRENTLY" not in said
    if isinstance(operation, migrations.AddField):
        field = operation.field
        return not field.null and field.db_default is NOT_PROVIDED and not field.many_to_many
    return type(operation).__name__ in ("AddIndex", "AddConstraint", "AlterField")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "povreg.settings")
    django.setup()
    if "--pass" in sys.argv:  # what stands now has been looked at
        own = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
        last = {app: name for app, name in sorted(MigrationLoader(None).disk_migrations) if app in own}
        CHECKED.write_text(json.dumps(last, indent=1) + "\n")
    if found := list(faults()):
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
