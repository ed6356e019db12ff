"""The acting hand behind a change: who, which verb, why.

Database triggers write the history of every row whatever tool changed it; :func:`act` tells them who acts. Every verb
runs inside it, so a change without a name in the history was made past the product, and is shown as such.

The vocabulary is declared: each subject keeps its verbs (code and label) in a ``verbs.py`` and puts them in here when
its app starts (:func:`declare_verbs`). What is stored is the code; pages and API show the label (:func:`verb_label`).
"""

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

import pghistory
import pghistory.runtime
import pgtrigger
from django.db import models, transaction

from povreg.kit.logs import request_id
from povreg.kit.once import note_change

SYSTEM = "系统"
APPEND_ONLY = "append_only"  # name of the trigger; pghistory calls that of its tables so, too
_labels: dict[str, str] = {}
_hands: dict[str, str] = {}
_job: ContextVar[str] = ContextVar("job", default="")


def declare_verbs(labels: Mapping[str, str], hands: Mapping[str, str] | None = None) -> None:
    """Add verbs (code to label) to the vocabulary; ``hands`` names who acted where no person did (else 系统).

    Raises ValueError for a code that means something else already.
    """
    for code, label in labels.items():
        if _labels.setdefault(code, label) != label:
            raise ValueError(f"verb {code!r} is declared twice: {_labels[code]}, {label}")
    _hands.update(hands or {})


def verb_label(verb: str) -> str:
    """The verb as the history shows it. Rows from before the vocabulary hold the words themselves, and keep them."""
    return _labels.get(verb, verb)


def hand_of(verb: str) -> str:
    """Who is shown for a change that no person made."""
    return _hands.get(verb, SYSTEM)


@contextlib.contextmanager
def in_job(job: Any) -> Iterator[None]:
    """What is changed in the body carries the number of the long work that changes it."""
    token = _job.set(str(job))
    try:
        yield
    finally:
        _job.reset(token)


@contextlib.contextmanager
def act(*, by: Any, verb: str, reason: str = "", **more: Any) -> Iterator[None]:
    """Run the body in a transaction whose changes carry ``by`` (user or None for the system), ``verb`` and ``reason``.

    A verb called by another verb keeps the outer name: the history tells what the person did, not how it was done.
    Raises LookupError for a verb that no subject declared.
    """
    if verb not in _labels:
        raise LookupError(f"verb {verb!r} is not declared")
    with transaction.atomic():
        if hasattr(pghistory.runtime._tracker, "value"):
            yield
            return
        note_change()
        user_id = getattr(by, "pk", None)
        if _job.get():
            more = {"job": _job.get()} | more
        with pghistory.context(user=user_id, verb=verb, reason=reason, request=request_id.get(), **more):
            yield


def tracked(*, exclude: tuple[str, ...] = (), inserts: bool = True, old_only: bool = False) -> Any:
    """Class decorator: keep every version of every row of this model, by statement-level database triggers.

    ``inserts=False`` leaves out the first version (reference data loaded by the hundred thousand).
    ``old_only`` keeps the version that an update replaced instead of the new one (derived rows).
    """
    row = pghistory.Old if old_only else pghistory.New
    trackers: list[Any] = [pghistory.UpdateEvent(row=row), pghistory.DeleteEvent()]
    if inserts and not old_only:
        trackers.insert(0, pghistory.InsertEvent())
    return pghistory.track(*trackers, exclude=list(exclude), level=pgtrigger.Statement)


class OnlyMoves(pgtrigger.ReadOnly):
    """Every field but ``moves`` stays as it was written."""

    def __init__(self, moves: tuple[str, ...]) -> None:
        self.moves = moves
        super().__init__(name="only_moves", exclude=list(moves))


def append_only(moves: tuple[str, ...] = ()) -> list[pgtrigger.Trigger]:
    """Triggers of a table whose rows are only ever added. The application role may only add to it, too
    (povreg.kit.app_role). ``moves`` names fields that follow something else (the village of a household)."""
    if not moves:
        return [pgtrigger.Protect(name=APPEND_ONLY, operation=pgtrigger.Update | pgtrigger.Delete)]
    return [pgtrigger.Protect(name=APPEND_ONLY, operation=pgtrigger.Delete), OnlyMoves(moves)]


class Versioned(models.Model):
    """A row that two people may open at once: ``version`` grows with every saved change."""

    version = models.PositiveIntegerField("版本", default=1, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        abstract = True
