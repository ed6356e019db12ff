"""Township and village names of one county, as sheets spell them, to village codes."""

from collections import defaultdict
from collections.abc import Iterable

from povreg.kit.scopes import covers, township_of
from povreg.kit.sheets.kinds import Fault
from villages.models import Place
from villages.places.names import clean_name, township_short_name, village_short_name


def _spellings(name: str) -> tuple[str, ...]:
    """Ways to look a village name up, closest first: 姚程村委会 may mean 姚程村 or 姚程 (contract.md section 2)."""
    short = village_short_name(name)
    return tuple(dict.fromkeys((clean_name(name), short, f"{short}村", f"{short}社区", short.removesuffix("村"))))


class PlaceBook:
    """Finds villages of a county by township and village name. Villages merged away lead to their successor.

    ``within``: codes of the places somebody may import into; None is the whole county.
    """

    def __init__(self, county: str, within: Iterable[str] | None = None) -> None:
        self.within = None if within is None else list(within)
        self._kept: dict[tuple[str, str], str | Fault] = {}
        self._townships: dict[str, set[str]] = defaultdict(set)
        self._villages: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        rows = Place.objects.under(county).filter(level__in=(Place.Level.TOWNSHIP, Place.Level.VILLAGE))
        places = {place.code: place for place in rows.order_by("-retired_on", "code")}
        for place in sorted(places.values(), key=lambda place: place.retired_on is not None):
            self._enter(place, places)

    def _enter(self, place: Place, places: dict[str, Place]) -> None:
        if place.level == Place.Level.TOWNSHIP:
            for name in {clean_name(place.name), township_short_name(place.name)}:
                self._townships[name].add(place.code)
            return
        target = place
        while target.successor_id and target.successor_id in places:
            target = places[target.successor_id]
        if target.retired_on is not None:
            return
        names = self._villages[township_of(place.code)]
        for name in {clean_name(place.name), village_short_name(place.name), place.short_name} - {""}:
            if place.retired_on is None or name not in names:
                names[name].add(target.code)

    def find(self, township: str, village: str) -> str | Fault:
        """The village's code, or the fault ``unknown_place``."""
        key = (township, village)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._look_up(township, village)
        return found

    def _look_up(self, township: str, village: str) -> str | Fault:
        towns = self._townships.get(clean_name(township)) or self._townships.get(township_short_name(township), set())
        if not towns:
            what = f"本县没有“{township[:20]}”这个乡镇" if township else "乡镇名称没有填写"
            return Fault("unknown_place", f"{what}，请核对乡镇名称")
        for name in _spellings(village):
            codes = {code for town in towns for code in self._villages[town].get(name, ())}
            if len(codes) == 1:
                return self._allowed(codes.pop())
        return Fault("unknown_place", f"{township[:20]}没有“{village[:20]}”这个村，请核对行政村名称")

    def _allowed(self, code: str) -> str | Fault:
        if self.within is None or any(covers(place, code) for place in self.within):
            return code
        return Fault("unknown_place", "该村不在您负责的范围内，请删去这一行，或交由该村所在乡镇导入")
