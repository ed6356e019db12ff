"""What a verb calls when it changed something that is counted: the places concerned are counted anew once it is
committed. A count that fails is logged and never undoes what was saved."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable

from django.db import transaction

from povreg.kit.reach import wider

logger = logging.getLogger(__name__)
Recount = Callable[[Collection[str]], None]
_recounts: list[Recount] = []
WIDER = {"count_assistance": "the counts of villages and townships follow what was saved there; no rows"}


def recount_with(recount: Recount) -> Recount:
    """Register ``recount(codes of places)``; call it from a subject's ``connect()``."""
    if recount not in _recounts:
        _recounts.append(recount)
    return recount


def counted_anew(places: Iterable[str]) -> None:
    """Have the places counted after commit."""
    codes = sorted(set(places))
    if codes:
        transaction.on_commit(lambda: _count(codes))


@wider("count_assistance")
def _count(codes: Collection[str]) -> None:
    for recount in _recounts:
        try:
            recount(codes)
        except Exception:
            logger.exception("assistance was not counted at %d places", len(codes))
