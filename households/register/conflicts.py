"""Two people had the same record open: what the other one changed meanwhile, read from the history."""

from collections.abc import Mapping
from typing import Any, NoReturn

from households.history.labels import shown, who
from households.register.errors import Conflict, FieldClash
from povreg.kit.history import Versioned


def refuse_stale(row: Versioned, version: int, typed: Mapping[str, Any], key: str = "") -> NoReturn:
    """Raise Conflict naming who saved last, when, and each field that differs from what the form had shown."""
    events = row.history.model  # type: ignore[attr-defined]
    versions = events.objects.filter(pgh_obj_id=row.pk).select_related("pgh_context").order_by("pgh_id")
    seen = versions.filter(version=version).last()
    last = versions.last()
    raise Conflict(
        who=who(last.pgh_context if last else None),
        when=last.pgh_created_at if last else None,
        clashes=_clashes(row, seen, typed, key) if seen else [],
        versions={key: row.version},
    )


def _clashes(row: Versioned, seen: Any, typed: Mapping[str, Any], key: str) -> list[FieldClash]:
    clashes = []
    for field in row._meta.concrete_fields:
        if field.name in ("id", "version", "updated_at") or not hasattr(seen, field.attname):
            continue
        before, now = getattr(seen, field.attname), getattr(row, field.attname)
        if before != now and not field.name.endswith("_hash"):
            mine = shown(field, typed[field.name]) if field.name in typed else ""
            clashes.append(
                FieldClash(key, field.name, str(field.verbose_name), shown(field, before), shown(field, now), mine)
            )
    return clashes
