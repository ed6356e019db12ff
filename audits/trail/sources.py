"""The tables of history that the trail reads: what a row of each is called, and by which columns it is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Model

from povreg.proof.seals.sources import events, source_of
from villages.rights.policies import is_secured

HOUSEHOLD, MEMBER, BATCH = "households_household", "households_member", "households_batch"
OWN = {"household": HOUSEHOLD, "member": MEMBER, "batch": BATCH}
"""The table whose rows a filter names; others point to it by ``<name>_id``."""


@dataclass(frozen=True)
class TrailSource:
    """A table of history. ``place`` is the column that tells where; of a table without one those versions are
    shown whose row the person may see."""

    model: type[Model]
    event: type[Model]
    table: str
    columns: frozenset[str]
    place: str

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    def column_of(self, name: str) -> str:
        """The column by which a household, a person or a list is found; empty where the table tells of none."""
        if self.model._meta.db_table == OWN[name]:
            return "pgh_obj_id"
        return f"{name}_id" if f"{name}_id" in self.columns else ""


@cache
def trail_sources() -> tuple[TrailSource, ...]:
    """Every table of history whose rows lie somewhere."""
    return tuple(_found())


def _found() -> Iterator[TrailSource]:
    for event in events():
        model: Any = event.pgh_tracked_model  # type: ignore[attr-defined]
        source = source_of(event)
        if source.place or (is_secured(model) and hasattr(model._default_manager, "visible_to")):
            yield TrailSource(model, event, source.table, frozenset(source.columns), source.place)
