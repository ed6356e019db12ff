"""Querysets that begin with what a person may see, put together once for everybody with the same roles.

A village cadre's workbench asks for the same things as every other cadre's, only for another village. A
:class:`ReadyFor` is given as a function of the person like any selector; it is put together with a stand-in whose
places are left open. For places above a village the plan depends on the place, so only the text is kept; a role that
sees less than its place has a limit of its own: for it the function is asked each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet

from povreg.kit.prepared import Code, Ready
from povreg.kit.scopes import VILLAGE
from villages.rights import Role
from villages.rights.holder import HoldsPostings
from villages.rights.scope import is_limited

MOST_PLACES = 8  # more are asked each time


@dataclass(frozen=True)
class StandIn(HoldsPostings):
    """Whoever holds these postings."""

    pk: Any
    held: tuple[tuple[Role, str], ...]
    is_authenticated: ClassVar[bool] = True

    def postings_today(self) -> list[tuple[Role, str]]:
        return list(self.held)


@dataclass(frozen=True)
class Shape:
    """What two people have in common for whom a queryset reads the same: their roles, which of them are at one place,
    of what levels these are, and what is fixed in it."""

    roles: tuple[tuple[Role, int], ...]
    digits: tuple[int, ...]
    fixed: tuple[tuple[str, Any], ...]

    @property
    def alike(self) -> bool:
        """Whether one plan does for all such people."""
        return set(self.digits) <= {VILLAGE}


class ReadyFor:
    """``make(user, *values, **fixed)`` gives the queryset. ``values`` stand in its conditions as they are and are of
    ``kinds``; what is ``fixed`` may shape it. It must be told of the day: one that it looked up itself would stay."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], *kinds: type) -> None:
        self.make, self.kinds = make, kinds
        self._ready: dict[Shape, Ready] = {}

    def __call__(self, user: Any, *values: Any, **fixed: Any) -> list[Any]:
        """The rows this person may see, for these values."""
        ready, given = self._for(user, values, fixed)
        return ready(*given)

    def count(self, user: Any, *values: Any, **fixed: Any) -> int:
        """How many rows this person may see, for these values."""
        ready, given = self._for(user, values, fixed)
        return ready.count(*given)

    def sums(self, user: Any, *values: Any, **fixed: Any) -> dict[str, Any]:
        """The numbers over the rows this person may see, by name, where ``make`` ends in ``summed``."""
        ready, given = self._for(user, values, fixed)
        return ready.sums(*given)

    def first(self, user: Any, *values: Any, **fixed: Any) -> Any:
        """The first row, or None."""
        return next(iter(self(user, *values, **fixed)), None)

    def _for(self, user: Any, values: Sequence[Any], fixed: Mapping[str, Any]) -> tuple[Ready, Sequence[Any]]:
        """What to ask, and with which values."""
        held = user.postings_today()
        codes = sorted({code for _role, code in held})
        if not fits(held, codes):
            return Ready(lambda: self.make(user, *values, **fixed), alike=False), ()
        roles = tuple((role, codes.index(code)) for role, code in held)
        shape = Shape(roles, tuple(map(len, codes)), tuple(sorted(fixed.items())))
        if shape not in self._ready:
            self._ready[shape] = self._put_together(shape)
        return self._ready[shape], (user.pk, *codes, *values)

    def _put_together(self, shape: Shape) -> Ready:
        def make(pk: int, *given: Any) -> QuerySet[Any, Any]:
            codes, values = given[: len(shape.digits)], given[len(shape.digits) :]
            person = StandIn(pk, tuple((role, codes[place]) for role, place in shape.roles))
            return self.make(person, *values, **dict(shape.fixed))

        return Ready(make, int, *map(Code, shape.digits), *self.kinds, alike=shape.alike)


def fits(held: Iterable[tuple[Role, str]], codes: list[str]) -> bool:
    """Whether a queryset for somebody with these postings can be put together once for all of his kind."""
    few = 0 < len(codes) <= MOST_PLACES and all(codes)
    return few and not any(is_limited(role) for role, _code in held)
