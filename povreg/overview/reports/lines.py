"""What stands in the rows of a report: places below, buckets of a dimension, or village cadres."""

from collections.abc import Iterable
from dataclasses import dataclass

from households.figures.dimensions import DIMENSIONS
from povreg.kit.scopes import VILLAGE, within
from povreg.overview.reports.asked import ITEMS, PLACES, Asked
from villages.models import Place, User
from villages.models.user import Posting
from villages.rights import Right, Role

NOBODY = "没有村干部账号"
SOMEBODY = "村干部"
UNKNOWN_PLACE = "区划不在库"


@dataclass(frozen=True)
class Row:
    """One row: the key it is counted under, its label, where it leads, and what narrows the lists behind its cells."""

    key: str
    label: str
    url: str = ""
    sub: str = ""
    place: str = ""
    figures: tuple[str, ...] = ()


def heading(asked: Asked) -> str:
    """The heading of the first column."""
    if asked.report.code == "cadres":
        return "村干部"
    if asked.rows in (PLACES, ITEMS):
        return "项目" if asked.rows == ITEMS else Place.Level(_level(asked)).label
    return DIMENSIONS[asked.rows].label


def _level(asked: Asked) -> int:
    return min(asked.place.level + 1, Place.Level.VILLAGE)


def rows_of(asked: Asked, keys: Iterable[str], user: User) -> list[Row]:
    """The rows that hold somebody, in order: places by code, buckets as declared."""
    if asked.report.code == "cadres":
        return _cadres(asked, set(keys), user)
    if asked.rows == PLACES:
        return _places(asked, set(keys))
    held = set(keys)
    names = DIMENSIONS[asked.rows].names()
    return [Row(key, label, figures=(f"{asked.rows}.{key}",)) for key, label in names.items() if key in held]


def _places(asked: Asked, keys: set[str]) -> list[Row]:
    names = Place.objects.in_bulk(keys)
    return [
        Row(
            key,
            str(names.get(key, UNKNOWN_PLACE)),
            url="" if asked.at_village else asked.address("report", place=key),
            place=key,
        )
        for key in sorted(keys)
    ]


def _cadres(asked: Asked, villages: set[str], user: User) -> list[Row]:
    """One row for each posting of a village cadre today, and one for each village with households and no cadre."""
    named = user.can(Right.UNIT_VIEW, asked.place.pk)
    posted = Posting.objects.today().filter(within("place_id", asked.place.pk), role=Role.VILLAGE_CADRE)
    postings = posted.select_related("user").order_by("place_id", "user__username")
    held = [(each.place_id, each.user.name if named else SOMEBODY) for each in postings]
    held += [(village, NOBODY) for village in villages - {village for village, _name in held}]
    names = Place.objects.in_bulk({village[:VILLAGE] for village, _name in held})
    return [
        Row(village, name, sub=str(names.get(village, UNKNOWN_PLACE)), place=village) for village, name in sorted(held)
    ]
