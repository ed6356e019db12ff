"""The one place where jurisdiction limits rows (design.md section 3).

Every scoped model declares ``scope = Scope(...)``; its queryset's :meth:`ScopedQuerySet.visible_to` is where views,
pickers, counts, exports, dashboards, files and tasks all start. A role that sees less than its place (a helper sees the
households paired with him) has its limit filled in by the app that knows, through :func:`limit_role`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Q

from povreg.kit.scopes import within
from villages.rights import GRANTS, Right, Role

NOTHING = Q(pk__in=[])
RoleLimit = Callable[[Any, str], Q]
_role_limits: dict[Role, RoleLimit] = {}
_helped: dict[Role, str] = {}


def limit_role(role: Role, limit: RoleLimit, sql: str) -> None:
    """Register how ``role`` is limited below its place: ``limit(user, household_path)`` returns the condition; ``sql``
    selects the same households of the account ``who``, for the policies of the database."""
    _role_limits[role] = limit
    _helped[role] = sql


def helped_sql() -> str:
    """The households of the account ``who`` in roles that see less than their place, as an array."""
    return f"SELECT ARRAY({' UNION '.join(_helped.values()) or 'SELECT NULL::bigint WHERE false'})"


def is_limited(role: Role) -> bool:
    """Whether the role sees less than its place."""
    return role in _role_limits


@dataclass(frozen=True)
class Scope:
    """How rows of a model hang on places: ``place`` is the lookup of the place code, ``household`` the lookup of the
    household's id (empty for rows that belong to no household), ``right`` what one needs to see them at all."""

    place: str
    right: Right
    household: str = ""

    def rows(self, user: Any) -> Q:
        """Condition for the rows ``user`` may see today."""
        condition = NOTHING
        for role, code in user.postings_today():
            if self.right in GRANTS[role]:
                condition |= self._rows_of(user, role, code)
        return condition

    def plainly_shows(self, user: Any, code: str) -> bool:
        """Whether a posting without a limit below its place shows ``user`` the rows at the place ``code``: then the
        database need not be asked once more."""
        postings = user.postings_today()
        return any(
            self.right in GRANTS[role] and not is_limited(role) and code.startswith(place) for role, place in postings
        )

    def _rows_of(self, user: Any, role: Role, code: str) -> Q:
        limit = _role_limits.get(role)
        if limit is None:
            return within(self.place, code)
        return within(self.place, code) & limit(user, self.household) if self.household else NOTHING


class ScopedQuerySet(models.QuerySet):
    """Queryset of a model that declares ``scope``."""

    def visible_to(self, user: Any) -> Self:
        """The rows inside the user's postings; nobody signed in sees none."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        scope: Scope = self.model.scope  # type: ignore[attr-defined]
        return self.filter(scope.rows(user))
