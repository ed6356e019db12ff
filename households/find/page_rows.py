"""The rows of a page of households and what the list shows beside them, by statements that are planned once."""

from collections.abc import Iterable, Sequence

from households.models import Assessment, Household, Member
from povreg.kit.page_rows import by_ids
from villages.models import CriteriaSet, Place

SEALED = ("phone", "bank_account")
"""Fields that cost time to open: left out unless a page asks for them."""


open_rows = by_ids(lambda *pks: Household.objects.filter(pk__in=pks))
sealed_rows = by_ids(lambda *pks: Household.objects.filter(pk__in=pks).defer(*SEALED))
people_of = by_ids(
    lambda *pks: Member.objects.present().filter(household__in=pks).order_by().values_list(
        "household_id", "relation", "name"
    )
)  # fmt: skip
verdicts_of = by_ids(lambda year, *pks: Assessment.objects.filter(year=year, household__in=pks), int, int)
places_of = by_ids(lambda *codes: Place.objects.filter(pk__in=codes).select_related("parent"), str)
sets_of = by_ids(lambda *pks: CriteriaSet.objects.filter(pk__in=pks))


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
