"""Township and village names of one county, as sheets spell them, to village codes."""

from collections import defaultdict
from collections.abc import Iterable

from povreg.kit.scopes import covers, township_of
from povreg.kit.sheets.cells import Fault
from villages.models import Place, PlaceChange
from villages.places.names import (
    TOWN_SUFFIXES,
    VILLAGE_SUFFIXES,
    clean_name,
    township_short_name,
    village_short_name,
)

RURAL, URBAN = "村", "居"
"""Whose committee: villagers' or residents'. One name may belong to both in one township."""


def _spellings(name: str) -> tuple[str, ...]:
    """Ways to look a village name up, closest first: 姚程村委会 may mean 姚程村 or 姚程 (contract.md section 2)."""
    short = village_short_name(name)
    return tuple(dict.fromkeys((clean_name(name), short, f"{short}村", f"{short}社区", short.removesuffix("村"))))


def committee_of(name: str) -> str:
    """RURAL, URBAN, or nothing where the name does not say."""
    if name.endswith((*TOWN_SUFFIXES, "社区", "居")):
        return URBAN
    return RURAL if name.endswith((*VILLAGE_SUFFIXES, "村")) else ""


class PlaceBook:
    """Finds villages of a county by township and village name. Villages merged away lead to their successor, former
    names to the place that bore them, unless another bears the name today.

    ``within``: codes of the places somebody may import into; None is the whole county.
    """

    def __init__(self, county: str, within: Iterable[str] | None = None) -> None:
        self.within = None if within is None else list(within)
        self._kept: dict[tuple[str, str], str | Fault] = {}
        self._townships: dict[str, set[str]] = defaultdict(set)
        self._villages: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        rows = Place.objects.under(county).filter(level__in=(Place.Level.TOWNSHIP, Place.Level.VILLAGE))
        self._places = {place.code: place for place in rows.order_by("-retired_on", "code")}
        for place in sorted(self._places.values(), key=lambda place: place.retired_on is not None):
            self._enter(place, place.name, place.short_name, new=place.retired_on is None)
        renamed = PlaceChange.objects.filter(kind=PlaceChange.Kind.RENAME, source__in=list(self._places))
        for change in renamed.order_by("-happened_on", "-pk"):
            self._enter(self._places[change.source_id], change.old_name, "", new=False)

    def _enter(self, place: Place, name: str, short: str, *, new: bool) -> None:
        """A name of a place; one that is not its own today counts only where nobody else bears it."""
        if place.level == Place.Level.TOWNSHIP:
            for spelled in {clean_name(name), township_short_name(name)}:
                if new or spelled not in self._townships:
                    self._townships[spelled].add(place.code)
            return
        target = place
        while target.successor_id and target.successor_id in self._places:
            target = self._places[target.successor_id]
        if target.retired_on is not None:
            return
        names = self._villages[township_of(place.code)]
        for spelled in {clean_name(name), village_short_name(name), short} - {""}:
            if new or spelled not in names:
                names[spelled].add(target.code)

    def find(self, township: str, village: str) -> str | Fault:
        """The village's code, or the fault ``unknown_place`` or ``ambiguous_place``."""
        key = (township, village)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._look_up(township, village)
        return found

    def _look_up(self, township: str, village: str) -> str | Fault:
        towns = self._townships.get(clean_name(township)) or self._townships.get(township_short_name(township), set())
        if not towns:
            what = f"本县没有“{township[:20]}”这个乡镇（曾用名也没有）" if township else "乡镇名称没有填写"
            return Fault("unknown_place", f"{what}，请核对乡镇名称")
        for name in _spellings(village):
            codes = {code for town in towns for code in self._villages[town].get(name, ())}
            codes = codes if len(codes) < 2 else self._of_committee(codes, village) or codes
            if len(codes) == 1:
                return self._allowed(codes.pop())
            if codes:
                return self._ambiguous(village, codes)
        return Fault("unknown_place", f"{township[:20]}没有“{village[:20]}”这个村（曾用名也没有），请核对行政村名称")

    def _of_committee(self, codes: set[str], village: str) -> set[str]:
        """Those of the committee that the name says."""
        said = committee_of(clean_name(village))
        return {code for code in codes if said and committee_of(clean_name(self._places[code].name)) == said}

    def _ambiguous(self, village: str, codes: set[str]) -> Fault:
        names = "、".join(f"“{self._places[code].name}”" for code in sorted(codes))
        return Fault("ambiguous_place", f"“{village[:20]}”可能是{names}，请填写全称")

    def _allowed(self, code: str) -> str | Fault:
        if self.within is None or any(covers(place, code) for place in self.within):
            return code
        return Fault("unknown_place", "该村不在您负责的范围内，请删去这一行，或交由该村所在乡镇导入")
