"""Pages as the server makes them: list with filters, name search, dashboard. Server time, without the network."""

import statistics
from collections.abc import Callable

from django.test import Client
from django.test.utils import override_settings

from bench.measure import Figure, clocked
from villages.models import User

COUNTY, YEAR = "500154", 2020
VISITS = 40
LISTS = (
    f"/households/?year={YEAR}",
    f"/households/?year={YEAR}&verdict=fail",
    f"/households/?year={YEAR}&failed=housing",
    f"/households/?year={YEAR}&place=500154201",
    f"/households/?year={YEAR}&borderline=1",
    f"/households/?year={YEAR}&gap=income&place=500154",
    f"/households/?year={YEAR}&page=200",
)


def figures() -> list[Figure]:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="xian"))
    with override_settings(ALLOWED_HOSTS=["*"]):
        lists = visits(client, [address for address in LISTS for _ in range(VISITS // 4)])
        board = visits(client, [f"/dashboard/{COUNTY}/?year={YEAR}"] * VISITS)
    return [
        Figure("list page with filters, p95", p95(lists), "ms", 100, detail={"median": statistics.median(lists)}),
        Figure("dashboard of the county, p95", p95(board), "ms", 50, detail={"median": statistics.median(board)}),
    ]


def visits(client: Client, addresses: list[str]) -> list[float]:
    """Milliseconds of each visit; the first of each address warms up."""
    for address in sorted(set(addresses)):
        must_answer(client, address)()
    return [clocked(must_answer(client, address)) * 1000 for address in addresses]


def must_answer(client: Client, address: str) -> Callable[[], None]:
    def visit() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")

    return visit


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[94]
