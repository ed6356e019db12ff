"""As what a household enters the register: subjects above may make it a candidate that a list has to approve."""

from collections.abc import Callable
from typing import Any

REGISTERED = {"exit_status": "0"}
"""A household entered where nothing else is said: registered at once, not out of poverty."""

EntryRule = Callable[[str], dict[str, Any] | None]
_rules: list[EntryRule] = []


def on_entry(rule: EntryRule) -> EntryRule:
    """Register ``rule(village)``, which answers the fields of a household's standing, or None where it says nothing."""
    if rule not in _rules:
        _rules.append(rule)
    return rule


def standing_at_entry(village: str) -> dict[str, Any]:
    """The fields of a new household's standing at the village (12-digit code): the first rule that says something."""
    return next((found for rule in _rules if (found := rule(village)) is not None), REGISTERED)
