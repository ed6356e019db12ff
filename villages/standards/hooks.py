"""Who must recompute when a standard changes: the app that judges households registers itself here at start."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction


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


def on_standard_change(listener: Listener) -> Listener:
    """Register ``listener(change, by)``; it is called after the change is committed."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def announce(change: StandardChange, by: Any) -> None:
    """Tell every listener once the running transaction has been committed."""
    for listener in _listeners:
        transaction.on_commit(partial(listener, change, by))
