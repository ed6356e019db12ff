"""What the app that judges households tells this layer at its start: which criteria there are, and who recomputes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from villages.models import User


@dataclass(frozen=True)
class StandardChange:
    """What changed: ``kind`` is a kind of line (``exit``…) or ``criteria``; ``place_code`` "" is the whole country.

    ``year_to`` is None when every later year is touched.
    """

    kind: str
    year_from: int
    year_to: int | None
    place_code: str


Listener = Callable[[StandardChange, Any], None]
_listeners: list[Listener] = []
_criteria: dict[str, str] = {}


def declare_criteria(labels: Mapping[str, str]) -> None:
    """Register the criteria a set may hold: code and what users read, in the order they are shown."""
    _criteria.update(labels)


def declared_criteria() -> dict[str, str]:
    """Label by code of every criterion that can be judged."""
    return dict(_criteria)


def on_standard_change(listener: Listener) -> Listener:
    """Register ``listener(change, by)``; it is called after the change is committed."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def announce(change: StandardChange, by: User | None) -> None:
    """Tell every listener once the running transaction has been committed."""
    for listener in _listeners:
        transaction.on_commit(partial(listener, change, by))
