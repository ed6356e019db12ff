"""What the app that has procedures, and the one that judges, tell this subject when they start."""

from collections.abc import Callable, Mapping
from functools import partial

from django.db import transaction

from villages.models import User

Listener = Callable[[str, int, int | None, User | None], None]
_procedures: dict[str, str] = {}
_listeners: list[Listener] = []


def declare_procedures(labels: Mapping[str, str]) -> None:
    """Register what a programme may offer: code and what users read, in the order they are shown."""
    _procedures.update(labels)


def declared_procedures() -> dict[str, str]:
    """Label by code of everything that can be carried out."""
    return dict(_procedures)


def on_programme_change(listener: Listener) -> None:
    """Register ``listener(county, year_from, year_to, by)``; it is called after the change is committed."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(county: str, year_from: int, year_to: int | None, by: User | None) -> None:
    """Tell every listener once the running transaction has been committed."""
    for listener in _listeners:
        transaction.on_commit(partial(listener, county, year_from, year_to, by))
