"""What somebody with postings may do."""

from __future__ import annotations

from typing import Any

from povreg.kit.reach import Reach, ranges_of
from povreg.kit.reader_role import role_taken
from villages.rights import GRANTS, READERS, Right, Role
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
        postings = self.postings_today()
        held = [(role, code) for role, code in postings if REGISTER in GRANTS[role]]
        reads = role_taken() if postings and {role for role, _code in postings} <= READERS else ""
        return Reach(
            places=ranges_of(code for role, code in held if not is_limited(role)),
            around=ranges_of(code for _role, code in held),
            helper=str(self.pk) if any(is_limited(role) for role, _code in held) else "",
            role=reads,
            account=str(self.pk) if reads else "",
        )

    def places_with(self, right: Right) -> list[str]:
        """Codes of the places where ``right`` is held."""
        return [place for role, place in self.postings_today() if right in GRANTS[role]]
