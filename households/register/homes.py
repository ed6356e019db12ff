"""Where households live: the village's code, which every row of a household carries."""

from collections.abc import Collection

from households.models import Household
from povreg.kit.page_rows import PAGE, by_ids

homes_of = by_ids(lambda *pks: Household.objects.filter(pk__in=pks).order_by().values_list("pk", "village_id"))


def villages_of(ids: Collection[int]) -> dict[int, str]:
    """The village's code of each household."""
    if len(ids) <= PAGE:
        return dict(homes_of(ids))
    return dict(Household.objects.filter(pk__in=ids).order_by().values_list("pk", "village_id"))
