"""A set of households somebody chose on the list: by the list's filter, or by hand.

It is kept as codes and ids, never as what was typed: a personal search is turned into the ids it found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from households.find.filters import checked, list_filters, sentence
from households.find.listing import ListFilters, households_list
from povreg.kit.scopes import covers, within_any
from villages.models import Place, User
from villages.rights import Right

MOST = 100_000
"""Households of one bulk action; more are done county by county."""
MOST_FOUND = 2_000
"""Households of a typed search that one bulk action takes."""


@dataclass(frozen=True)
class Selection:
    """``codes`` filter the list of ``year``; ``ids`` (None: all that the filter finds) narrow it further.

    ``by_search`` says that the ids were found by a typed search, which is not kept."""

    year: int
    codes: dict[str, Any] = field(default_factory=dict)
    ids: tuple[int, ...] | None = None
    by_search: bool = False

    def rows(self, user: User, right: Right = Right.HOUSEHOLD_VIEW) -> QuerySet:
        """The chosen households, in the list's order, as far as the user may see them and holds ``right`` there."""
        rows = households_list(user, list_filters(self.codes), self.year)
        if right != Right.HOUSEHOLD_VIEW:
            rows = rows.filter(within_any("village_id", user.places_with(right)))
        if self.ids is not None:
            rows = rows.filter(pk__in=any_of(self.ids))
        return rows

    def household_ids(self, user: User, right: Right) -> list[int]:
        """The ids of :meth:`rows`, in order."""
        return list(self.rows(user, right).values_list("pk", flat=True))

    def words(self) -> str:
        """The filter in one line; how the ids came about, never what was typed."""
        name = Place.objects.filter(pk=self.codes["place"]).first() if "place" in self.codes else None
        if self.ids is None:
            return sentence(self.codes, str(name or ""))
        how = f"按姓名或号码查到的 {len(self.ids)} 户" if self.by_search else f"勾选的 {len(self.ids)} 户"
        return sentence(self.codes, str(name or ""), how)

    def params(self) -> dict[str, Any]:
        """What a job or a session keeps."""
        ids = None if self.ids is None else list(self.ids)
        return {"year": self.year, "codes": self.codes, "ids": ids, "by_search": self.by_search}


def of_params(params: dict[str, Any]) -> Selection:
    """A selection as :meth:`Selection.params` wrote it."""
    ids = None if params["ids"] is None else tuple(map(int, params["ids"]))
    return Selection(int(params["year"]), checked(params["codes"]), ids, bool(params.get("by_search")))


def of_search(user: User, filters: ListFilters, codes: Mapping[str, Any], year: int) -> Selection:
    """Everything that the list finds now for a typed search, as ids: what was typed is kept nowhere.

    Raises ValidationError beyond MOST_FOUND households.
    """
    rows = households_list(user, filters, year)
    found = tuple(rows.values_list("pk", flat=True)[: MOST_FOUND + 1])
    if len(found) > MOST_FOUND:
        raise ValidationError(f"查到的超过 {MOST_FOUND} 户。请把姓名输得更全，或加上地区等条件，再批量办理。")
    return Selection(year, dict(codes), found, by_search=True)


def any_of(ids: Any) -> RawSQL:
    """A list of ids as rows, so that a statement joins them instead of spelling out each."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


def places_of(user: User, right: Right, codes: dict[str, Any]) -> list[str]:
    """Where the user holds ``right`` in the place that the filter names: that place itself, or his posts inside it."""
    held, wanted = user.places_with(right), codes.get("place", "")
    if any(covers(code, wanted) for code in held) and wanted:
        return [wanted]
    return sorted({code for code in held if covers(wanted, code)})
