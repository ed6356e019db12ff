"""What keeps a household from leaving the register although it meets every criterion (policy.md 0.11, 2.7).

Blockers stand apart from the verdict. Higher layers add theirs when their app starts: what a household is owed by
measures and plans is not known here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Blocker:
    """``condition`` is SQL over the inputs of one household (alias ``i``) and the parameter ``%(year)s``; an unknown
    outcome blocks nothing. ``advice`` tells the household's cadre what it means."""

    code: str
    label: str
    condition: str
    advice: str


_blockers: dict[str, Blocker] = {}


def register_blocker(blocker: Blocker) -> None:
    """Make a blocker part of every verdict from the next recompute on."""
    _blockers[blocker.code] = blocker


def registered() -> list[Blocker]:
    """All blockers, in the order they were registered."""
    return list(_blockers.values())


def label(code: str) -> str:
    """Label of a blocker; one that is registered no longer is shown by its code."""
    return _blockers[code].label if code in _blockers else code


def advice(code: str) -> str:
    """What a blocker means for the household."""
    return _blockers[code].advice if code in _blockers else code


register_blocker(
    Blocker(
        "identified_this_year",
        "当年识别或返贫",
        "i.begun_this_year",
        "当年识别或返贫的户，当年不得退出，最早下一年度退出。",
    )
)
