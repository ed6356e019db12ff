"""The criteria of 两不愁三保障, each declared once in a file of its own (contract.md section 4; policy.md 3 and 7).

A file here declares ``CRITERION``; nothing else need know it. Which criteria judge a place and year is data: the
criteria sets (villages/data/criteria_sets.json, and what a county publishes).
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from households.eligibility.criterion import FAIL, MISSING, PASS, Criterion
from households.register.logic.gaps import ask_for
from villages.standards.hooks import declare_criteria

__all__ = ["BY_CODE", "FAIL", "MISSING", "PASS", "enrol", "registered"]

BY_CODE: dict[str, Criterion] = {}
"""Every criterion that can be judged, in order."""


def shipped() -> Iterator[Criterion]:
    """The criteria of this folder."""
    for module in iter_modules(__path__):
        yield import_module(f"{__name__}.{module.name}").CRITERION


def registered() -> tuple[Criterion, ...]:
    """Every criterion that can be judged, in order."""
    return tuple(BY_CODE.values())


def _add(*criteria: Criterion) -> None:
    BY_CODE.update({each.code: each for each in criteria})
    ordered = sorted(BY_CODE.values(), key=lambda each: each.order)
    BY_CODE.clear()
    BY_CODE.update({each.code: each for each in ordered})


def enrol(*criteria: Criterion) -> None:
    """Make criteria part of every verdict whose set names them: sets may hold them, and entry asks for their facts."""
    _add(*criteria)
    declare_criteria({each.code: each.label for each in registered()})
    ask_for(*(item for each in criteria for item in each.asks))


_add(*shipped())
