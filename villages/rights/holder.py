"""What somebody with postings may do."""

from __future__ import annotations

from villages.rights import GRANTS, Right, Role


class HoldsPostings:
    """Somebody whose rights come from his postings of today."""

    def postings_today(self) -> list[tuple[Role, str]]:
        """(role, place code) of the postings that hold today."""
        raise NotImplementedError

    def can(self, right: Right, code: str | None = None) -> bool:
        """Whether a posting grants ``right``, at the place ``code`` if one is given."""
        return any(
            right in GRANTS[role] and (code is None or code.startswith(place)) for role, place in self.postings_today()
        )

    def places_with(self, right: Right) -> list[str]:
        """Codes of the places where ``right`` is held."""
        return [place for role, place in self.postings_today() if right in GRANTS[role]]
