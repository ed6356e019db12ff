"""The registry of database triggers, kept by name.

pgtrigger goes through all triggers for each one that is declared, so that starting takes their number squared: with
844 of them two seconds of every process, the shortest command included. Here the two questions it asks are answered
from what was declared already.
"""

from __future__ import annotations

from typing import Any

from pgtrigger import registry
from pgtrigger.registry import _Registry


class Named(_Registry):
    """The same registry; ``by_db_table`` and ``pg_function_names`` grow with it."""

    def _learn(self, model: Any, trigger: Any) -> None:
        known = self.__dict__
        known.setdefault("_tables", {})[model._meta.db_table, trigger.name] = trigger
        known.setdefault("_functions", set()).add(trigger.get_pgid(model))

    @property
    def by_db_table(self) -> dict[tuple[str, str], Any]:
        return self.__dict__.setdefault("_tables", {})

    @property
    def pg_function_names(self) -> set[str]:
        return self.__dict__.setdefault("_functions", set())

    def __setitem__(self, key: str, value: tuple[Any, Any]) -> None:
        super().__setitem__(key, value)
        self._learn(*value)

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self.__dict__.update(_tables={}, _functions=set())
        for value in self.values():
            self._learn(*value)


def use_names() -> None:
    """Let pgtrigger keep its triggers by name; to be called before the first model is read."""
    registry._registry.__class__ = Named
