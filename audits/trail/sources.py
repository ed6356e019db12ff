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
LIVING = "SELECT id FROM public.households_member WHERE household_id = %s"
OWN = {"household": HOUSEHOLD, "member": MEMBER, "batch": BATCH}
"""The table whose rows a filter names."""


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

    def about(self, name: str, wanted: int) -> tuple[str, list[Any]]:
        """The versions about a household, a person or a list, whatever column names it: a merge is about both
        households, a mark on two who look alike about both people. Where no column names a household, its people do.
        Empty where the table tells of none."""
        found = [f'e."{column}" = %s' for column in self._naming(name)]
        if not found and name == "household":
            found = [f'e."{column}" IN ({LIVING})' for column in self._naming("member")]
        return " OR ".join(found), [wanted] * len(found)

    def _naming(self, name: str) -> list[str]:
        if self.model._meta.db_table == OWN[name]:
            return ["pgh_obj_id"]
        fields: Any = self.event._meta.concrete_fields
        return [
            field.attname
            for field in fields
            if field.remote_field
            and field.remote_field.model._meta.db_table == OWN[name]
            and field.attname in self.columns
        ]


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
