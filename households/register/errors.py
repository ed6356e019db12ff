"""How a verb of the register refuses: faults by row and field, warnings that want a tick, a row changed meanwhile."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from households.register.logic.rule import Finding

SECTION = ""  # the row key of faults that belong to no member row


class FormErrors(Exception):  # noqa: N818 - what it holds, not only that it failed
    """What was typed cannot be saved as it is.

    ``rows`` maps a row key (``""`` for the section itself, else ``MemberRow.key``) to field name to messages; the field
    ``""`` holds what concerns the whole row. ``warnings`` are the findings this change would bring about and nobody has
    ticked yet; with ``rows`` empty, saving again with their keys in ``ticks`` succeeds.
    """

    def __init__(
        self,
        rows: Mapping[str, Mapping[str, Iterable[str]]] | None = None,
        warnings: Iterable["Finding"] = (),
    ) -> None:
        self.rows: dict[str, dict[str, list[str]]] = {
            row: {name: list(messages) for name, messages in faults.items()} for row, faults in (rows or {}).items()
        }
        self.warnings = list(warnings)
        super().__init__()

    def __str__(self) -> str:
        return "；".join(self.all_messages())

    def add(self, message: str, *, field: str = "", row: str = SECTION) -> None:
        messages = self.rows.setdefault(row, {}).setdefault(field, [])
        if message not in messages:
            messages.append(message)

    def raise_if_any(self) -> None:
        if self.rows or self.warnings:
            raise self

    @classmethod
    def one(cls, message: str, *, field: str = "", row: str = SECTION) -> "FormErrors":
        """A refusal with a single fault."""
        return cls({row: {field: [message]}})

    def all_messages(self) -> list[str]:
        """Every message once, for a summary above the form."""
        found = [text for faults in self.rows.values() for texts in faults.values() for text in texts]
        return list(dict.fromkeys(found + [warning.message for warning in self.warnings]))


def refusal(message: str, *, field: str = "") -> ValidationError:
    """The verb does not apply now: the plain sentence for the user (what is wrong and what to do), beside ``field``."""
    return ValidationError({field: [message]} if field else message)


def values_of(facts: Mapping[str, Any], allowed: Iterable[str], what: str) -> dict[str, Any]:
    """The facts themselves. Raises TypeError for one that ``what`` does not have: a caller's mistake, not a user's."""
    unknown = set(facts) - set(allowed)
    if unknown:
        raise TypeError(f"{what} has no facts {sorted(unknown)}")
    return dict(facts)
