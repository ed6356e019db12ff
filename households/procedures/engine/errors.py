"""How a verb of the procedures refuses."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError

SHOWN = 5


class ProcedureError(ValidationError):
    """The verb does not apply now; nothing was changed. The text says what is missing and what to do; given
    by field, beside which field.

    ``rows`` maps an entry's id (or a household's, where there is no entry yet) to what is wrong with it.
    """

    def __init__(self, message: str | Mapping[str, str | list[str]], rows: Mapping[int, str] | None = None) -> None:
        super().__init__(message if isinstance(message, str) else dict(message))
        self.rows = dict(rows or {})

    def __str__(self) -> str:
        return "".join(self.messages)


class StateError(ProcedureError):
    """What the verb is for has moved on, or is not there yet: the list, its step, a notice, an objection, an
    application. Read again, then decide anew."""


def listed(names: Iterable[str]) -> str:
    """The first few names and how many there are in all."""
    every = list(names)
    shown = "、".join(every[:SHOWN])
    return shown if len(every) <= SHOWN else f"{shown}等 {len(every)} 户"
