"""What the history of a household tells of its standing: spells, episodes, correction orders, differences found."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from households.history.versions import Source
from households.models import CorrectionOrder, Episode, Spell, StandingClass, StandingProposal
from households.standing.words import period_words

Names = Mapping[int, str]
DERIVED = frozenset({"axis", "code", "recorded_at", "proven_on", "batch", "end_batch", "department_row", "correction",
                     "copied_from", "spell", "village", "during"})  # fmt: skip


@cache
def class_label(key: str) -> str:
    """The label of a class; there are a dozen, and they never change."""
    return StandingClass.objects.get(pk=key).label


def _spell(event: Any, _people: Names) -> str:
    return f"身份“{class_label(event.klass_id)}”（{period_words(event)}）"


def _episode(event: Any, _people: Names) -> str:
    return "监测情况"


def _order(event: Any, _people: Names) -> str:
    return f"更正令“{event.document}”"


def _proposal(event: Any, _people: Names) -> str:
    return f"身份差异“{StandingProposal.Kind(event.kind).label}”"


def _recorded(_value: Any) -> str:
    return "已登记"


SOURCES = (
    Source(Spell, subject=_spell, words=(("klass", class_label),), silent=DERIVED),
    Source(
        Episode,
        subject=_episode,
        words=(("snapshot", _recorded), ("details", _recorded)),
        silent=DERIVED,
        through=Spell,
    ),
    Source(CorrectionOrder, subject=_order, words=(("klass", class_label),), silent=DERIVED | {"ordered_by",
           "approved_by"}),
    Source(StandingProposal, subject=_proposal, silent=DERIVED | {"settled_by", "settled_at", "source", "found_at",
           "differences"}),
)  # fmt: skip
