"""What somebody with postings may do."""

from __future__ import annotations

from typing import Any

from povreg.kit.reach import Reach, ranges_of
from villages.rights import GRANTS, Right, Role
from villages.rights.scope import is_limited

REGISTER = Right.HOUSEHOLD_VIEW
"""Whoever may see households at a place may see what hangs on them, as far as a right of his says so."""


class HoldsPostings:
    """Somebody whose rights come from his postings of today."""

    pk: Any

    def postings_today(self) -> list[tuple[Role, str]]:
        """(role, place code) of the postings that hold today."""
        raise NotImplementedError

    def can(self, right: Right, code: str | None = None) -> bool:
        """Whether a posting grants ``right``, at the place ``code`` if one is given."""
        return any(
            right in GRANTS[role] and (code is None or code.startswith(place)) for role, place in self.postings_today()
        )

    def reach(self) -> Reach:
        """What the database shows of the register (povreg.kit.reach): the places where it is open to him today; of a
        role that sees less than its place, its own households, and there only what names none."""
        held = [(role, code) for role, code in self.postings_today() if REGISTER in GRANTS[role]]
        return Reach(
            places=ranges_of(code for role, code in held if not is_limited(role)),
            around=ranges_of(code for _role, code in held),
            helper=str(self.pk) if any(is_limited(role) for role, _code in held) else "",
        )

    def places_with(self, right: Right) -> list[str]:
        """Codes of the places where ``right`` is held."""
        return [place for role, place in self.postings_today() if right in GRANTS[role]]
