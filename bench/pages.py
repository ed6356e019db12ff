"""Pages as the server makes them: list with filters, searches, dashboard. Server time, without the network."""

import statistics
from collections.abc import Callable
from itertools import islice
from random import Random

from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from bench.measure import Figure, clocked, p95
from households.models import Household, Member
from povreg.kit.pinyin import name_spelled
from povreg.kit.scopes import within
from villages.models import User, VillageProfile

COUNTY, YEAR = "500154", 2020
VISITS = 40
SEARCHES = 15  # of each kind
LISTS = {
    "no filter": "",
    "not met": "verdict=fail",
    "criterion not met": "failed=housing",
    "a township": "place=500154201",
    "borderline": "borderline=1",
    "entry incomplete": "gap=income&place=500154",
    "page 200": "page=200",
}


def figures() -> list[Figure]:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="xian"))
    with override_settings(ALLOWED_HOSTS=["*"]):
        past, running = (lists(client, year) for year in (YEAR, timezone.localdate().year))
        board = {"county": visits(client, [f"/dashboard/{COUNTY}/?year={YEAR}"] * VISITS)}
        size = f"{Household.objects.registered().count():,} households"
        found = searches(client, COUNTY, size)
    return [
        as_figure(f"list page with filters, {size}, p95", running, 100),
        as_figure(f"list page with filters, {size}, a past year that is not closed, p95", past, 100),
        *found,
        as_figure("dashboard of the county, p95", board, 50),
    ]


def lists(client: Client, year: int) -> dict[str, list[float]]:
    return {name: visits(client, [address(query, year)] * (VISITS // 4)) for name, query in LISTS.items()}


def address(query: str, year: int = YEAR) -> str:
    return f"/households/?year={year}&{query}"


def as_figure(name: str, took: dict[str, list[float]], bar: float) -> Figure:
    """The 95th percentile over all visits, all kinds equally often; each kind beside it, the slowest first."""
    every = [value for values in took.values() for value in values]
    kinds = {kind: {"median": statistics.median(values), "p95": p95(values)} for kind, values in took.items()}
    kinds = dict(sorted(kinds.items(), key=lambda each: -each[1]["p95"]))
    return Figure(name, p95(every), "ms", bar, detail={"median": statistics.median(every), "kinds": kinds})


def visits(client: Client, addresses: list[str], *, warm: bool = True) -> list[float]:
    """Milliseconds of each visit; the first of each address warms up and is not counted."""
    for each in sorted(set(addresses)) if warm else ():
        must_answer(client, each)()
    return [clocked(must_answer(client, each)) * 1000 for each in addresses]


def must_answer(client: Client, address: str) -> Callable[[], None]:
    def visit() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")

    return visit


def searches(client: Client, place: str, title: str) -> list[Figure]:
    """People looked for as the search form does it: the form is posted, and the page it leads to is drawn."""
    took = {kind: [search(client, typed) for typed in asked] for kind, asked in wanted(place).items()}
    return [as_figure(f"search by name or number, {title}, p95", took, 60)]


def search(client: Client, typed: dict[str, str]) -> float:
    def look() -> None:
        response = client.post(f"/households/find/?year={YEAR}", typed, follow=True)
        if response.status_code != 200 or not response.redirect_chain:
            raise RuntimeError(f"the search answered {response.status_code}")

    return clocked(look) * 1000


def wanted(place: str) -> dict[str, list[dict[str, str]]]:
    """What is typed, by kind: taken from people of the place, the same ones in every run."""
    villages = list(
        VillageProfile.objects.filter(within("village_id", place)).order_by("pk").values_list("pk", flat=True)
    )
    people = Member.objects.present().select_related("household")
    filled = (people.filter(village_id=village).first() for village in _shuffled(villages))
    chosen = list(islice(filter(None, filled), SEARCHES))
    spelled = [name_spelled(each.name) for each in chosen]
    typed = {
        "whole name": [each.name for each in chosen],
        "part of a name": [each.name[1:] for each in chosen],
        "family name": [each.name[0] for each in chosen],
        "initials": [initials for initials, _whole in spelled],
        "pinyin": [whole for _initials, whole in spelled],
        "identity number": [each.id_no for each in chosen],
        "phone": [each.household.phone for each in chosen],
        "household number": [each.household.household_no for each in chosen],
    }
    return {kind: [{"search": text} for text in texts] for kind, texts in typed.items()}


def _shuffled(codes: list[str]) -> list[str]:
    return Random(1).sample(codes, len(codes))
