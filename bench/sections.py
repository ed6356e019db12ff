"""What is measured, section by section, each against its bar (design bars: docs/performance.md)."""

import statistics
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench import pages, recompute, sheets  # noqa: E402
from bench.measure import Figure, clocked, manage  # noqa: E402
from villages.models import Place  # noqa: E402

COUNTY = "500154"


def run(only: list[str], households: int) -> list[Figure]:
    """Prepare the data once and run the sections asked for (all of them if none is named)."""
    call_command("migrate", verbosity=0)
    figures: list[Figure] = []
    if wanted("places", only):
        figures += places()
    elif not Place.objects.exists():
        manage("load_places", "--under", COUNTY)
    seconds = clocked(lambda: manage("load_demo", "--households", str(households)))
    figures.append(Figure("demonstration county, seconds to make", seconds, "s", 600))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    sections: dict[str, Callable[[], list[Figure]]] = {
        "recompute": recompute.figures,
        "sheets": sheets.figures,
        "pages": pages.figures,
    }
    for name, section in sections.items():
        if wanted(name, only):
            figures += section()
    return figures


def wanted(name: str, only: list[str]) -> bool:
    return not only or name in only


def places() -> list[Figure]:
    """All places of the country into an empty table, and once more."""
    first, again = manage("load_places"), manage("load_places")
    count = Place.objects.count()
    return [
        Figure(f"load {count:,} places", first.seconds, "s", 60, detail={"megabytes": first.megabytes}),
        Figure("load them again (nothing changes)", again.seconds, "s", 60),
    ]


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    return statistics.quantiles(values, n=100)[int(share * 100) - 1]


def size_mb(path: Path) -> float:
    return path.stat().st_size / 1e6
