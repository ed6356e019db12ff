"""Our pages beside Django's own admin, our export beside the plainest CSV: the same rows, the same run, in turn."""

import csv
import json
import statistics
import sys
import tempfile
from pathlib import Path

from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from bench.measure import Figure, manage, process
from bench.pages import visits
from households.models import Household
from villages.models import User

COUNTY = "500154"
ROUNDS = 3
FASTER = 3


def figures() -> list[Figure]:
    """The running year: the admin knows no other."""
    year = timezone.localdate().year
    pk = Household.objects.registered().filter(main_cause="02").order_by("pk").values_list("pk", flat=True)[0]
    pairs = {
        "list narrowed by one attribute": (
            f"/households/?year={year}&cause=02",
            "/admin/households/household/?main_cause__exact=02",
        ),
        "a household's page": (f"/households/{pk}/?year={year}", f"/admin/households/household/{pk}/change/"),
    }
    ours: dict[str, list[float]] = {name: [] for name in pairs}
    admin: dict[str, list[float]] = {name: [] for name in pairs}
    for _ in range(ROUNDS):
        for name, (address, _theirs) in pairs.items():
            ours[name] += visited(address)
        for name, took in zip(pairs, visited_in_admin([theirs for _, theirs in pairs.values()]), strict=True):
            admin[name] += took
    return [beside(name, ours[name], admin[name]) for name in pairs] + [export_beside_csv()]


def visited(address: str) -> list[float]:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="xian"))
    with override_settings(ALLOWED_HOSTS=["*"]):
        return visits(client, [address] * 20)


def visited_in_admin(addresses: list[str]) -> list[list[float]]:
    """In a process of its own: its settings are others."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "visits.json"
        process([sys.executable, "-m", "bench.admin_pages", str(kept), *addresses])
        return list(json.loads(kept.read_text()).values())


def beside(name: str, ours: list[float], theirs: list[float]) -> Figure:
    own, others = statistics.median(ours), statistics.median(theirs)
    detail = {"ours_ms": own, "admin_ms": others}
    return Figure(f"Django's admin / {name}", others / own, "x", FASTER, "above", detail)


def export_beside_csv() -> Figure:
    """All columns of people and their households as they stand in the tables, written by csv.writer."""
    with tempfile.TemporaryDirectory() as folder:
        book, plain = Path(folder) / "roster.xlsx", Path(folder) / "plain.csv"
        export = manage("export_sheet", "--layout", "roster-2022", "--place", COUNTY, "--unmasked", "--reason",
                        "性能测量", "--out", str(book))  # fmt: skip
        taken = process([sys.executable, "-m", "bench.plain_csv", str(plain)])
        with plain.open() as file:
            rows = sum(1 for _ in csv.reader(file))
    detail = {"export_seconds": export.seconds, "csv_seconds": taken.seconds, "rows": rows}
    return Figure("plain CSV of the same rows / export", taken.seconds / export.seconds, "x", FASTER, "above", detail)
