"""The acting hand behind a change: who, which verb, why.

Database triggers write the history of every row whatever tool changed it; :func:`act` tells them who acts. Every verb
runs inside it, so a change without a name in the history was made past the product, and is shown as such.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import pghistory
import pghistory.runtime
import pgtrigger
from django.db import models, transaction

request_id: ContextVar[str] = ContextVar("request_id", default="")


@contextlib.contextmanager
def act(*, by: Any, verb: str, reason: str = "", **more: Any) -> Iterator[None]:
    """Run the body in a transaction whose changes carry ``by`` (user or None for the system), ``verb`` and ``reason``.

    A verb called by another verb keeps the outer name: the history tells what the person did, not how it was done.
    """
    with transaction.atomic():
        if hasattr(pghistory.runtime._tracker, "value"):
            yield
            return
        user_id = getattr(by, "pk", None)
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


STALE = "stale"
"""Code of the refusal of a change because somebody else saved meanwhile."""


class Versioned(models.Model):
    """A row that two people may open at once: ``version`` grows with every saved change."""

    version = models.PositiveIntegerField("版本", default=1, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        abstract = True
