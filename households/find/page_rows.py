"""The rows of a page of households and what the list shows beside them, by statements that are planned once.

A statement takes as many ids as a page has rows; those that are lacking are blank, and a longer page takes several.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from households.models import Assessment, Household, Member
from povreg.kit.prepared import Ready
from villages.models import CriteriaSet, Place

PAGE = 50
NOBODY: dict[type, Any] = {int: 0, str: ""}
SEALED = ("phone", "bank_account")
"""Fields that cost time to open: left out unless a page asks for them."""


def _of_page(make: Callable[..., Any], kind: type = int, *before: type) -> Callable[..., Iterator[Any]]:
    """A function that reads the rows of any number of ids with ``make``, which takes a page of them after the values
    ``before``."""
    ready = Ready(make, *before, *[kind] * PAGE)

    def read(ids: Iterable[Any], *values: Any) -> Iterator[Any]:
        known = list(dict.fromkeys(ids))
        for start in range(0, len(known), PAGE):
            batch = known[start : start + PAGE]
            yield from ready(*values, *batch, *[NOBODY[kind]] * (PAGE - len(batch)))

    return read


open_rows = _of_page(lambda *pks: Household.objects.filter(pk__in=pks))
sealed_rows = _of_page(lambda *pks: Household.objects.filter(pk__in=pks).defer(*SEALED))
people_of = _of_page(
    lambda *pks: Member.objects.present().filter(household__in=pks).order_by().values_list(
        "household_id", "relation", "name"
    )
)  # fmt: skip
verdicts_of = _of_page(lambda year, *pks: Assessment.objects.filter(year=year, household__in=pks), int, int)
homes_of = _of_page(lambda *pks: Household.objects.filter(pk__in=pks).order_by().values_list("pk", "village_id"))
places_of = _of_page(lambda *codes: Place.objects.filter(pk__in=codes).select_related("parent"), str)
sets_of = _of_page(lambda *pks: CriteriaSet.objects.filter(pk__in=pks))


def villages_of(ids: Collection[int]) -> dict[int, str]:
    """The village's code of each household."""
    if len(ids) <= PAGE:
        return dict(homes_of(ids))
    return dict(Household.objects.filter(pk__in=ids).order_by().values_list("pk", "village_id"))


def households_of(ids: Sequence[int], *, opened: bool) -> list[Household]:
    """The households with these ids in their order, each with its village; ``opened``: with the sealed fields."""
    rows = {row.pk: row for row in (open_rows if opened else sealed_rows)(ids)}
    villages = {place.pk: place for place in places_of(row.village_id for row in rows.values())}
    for row in rows.values():
        row.village = villages[row.village_id]
    return [rows[pk] for pk in ids if pk in rows]


def assessments_of(ids: Iterable[int], year: int) -> dict[int, Assessment]:
    """The verdicts of a year by household, each with the set it was made by."""
    found = {row.household_id: row for row in verdicts_of(ids, year)}
    sets = {each.pk: each for each in sets_of(row.criteria_set_id for row in found.values())}
    for row in found.values():
        row.criteria_set = sets[row.criteria_set_id]
    return found
