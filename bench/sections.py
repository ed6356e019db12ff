"""What is measured, section by section, each against its bar (design bars: docs/performance.md)."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench import assisting, auditing, compare, detection, million, ordinary, pages, recompute, sheets  # noqa: E402
from bench.measure import Figure, clocked, log, manage  # noqa: E402
from bench.province import COUNTY, PROVINCE  # noqa: E402
from households.models import Household  # noqa: E402
from villages.models import Place  # noqa: E402


@dataclass
class Outcome:
    """What came out so far. A section that fails is noted, and the others go on."""

    figures: list[Figure] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def run(self, name: str, section: Callable[[], list[Figure]], keep: Callable[["Outcome"], None]) -> bool:
        log(name)
        found: list[Figure] = []
        try:
            self.seconds[name] = clocked(lambda: found.extend(section()))
        except Exception:
            self.failures[name] = traceback.format_exc()
            log(f"{name} FAILED\n{self.failures[name]}")
        self.figures += found
        keep(self)
        return name not in self.failures


def run(only: list[str], households: int, counties: int, keep: Callable[[Outcome], None]) -> Outcome:
    """Prepare the data once and run the sections asked for (all of them if none is named); ``keep`` after each.
    The bench's own tables and copies need the owner; commands that it starts work as the application's role."""
    call_command("migrate", verbosity=0)
    connection.settings_dict.update(settings.DATABASE_OWNER)
    connection.close()
    outcome = Outcome()
    if wanted("places", only):
        outcome.run("places", places, keep)
    if not Place.objects.exists():
        manage("load_places", "--under", COUNTY if counties < 2 else PROVINCE)
    sections: dict[str, Callable[[], list[Figure]]] = {
        "recompute": recompute.figures,
        "sheets": sheets.figures,
        "pages": pages.figures,
        "compare": compare.figures,
        "detection": detection.figures,
        "auditing": auditing.figures,
        "assisting": assisting.figures,
    }
    if counties > 1:
        sections["million"] = lambda: million.figures(counties)
    sections["ordinary"] = ordinary.figures  # the last: what it adds stays
    if outcome.run("demonstration", lambda: demonstration(households), keep):
        for name, section in sections.items():
            if wanted(name, only):
                outcome.run(name, section, keep)
    return outcome


def wanted(name: str, only: list[str]) -> bool:
    return not only or name in only


def demonstration(households: int) -> list[Figure]:
    if Household.objects.exists():
        return []  # of an earlier run in the same home
    seconds = clocked(lambda: manage("load_demo", "--households", str(households)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return [Figure("demonstration county, seconds to make", seconds, "s")]


def places() -> list[Figure]:
    """All places of the country into an empty table, and once more."""
    first, again = manage("load_places"), manage("load_places")
    count = Place.objects.count()
    return [
        Figure(f"load {count:,} places", first.seconds, "s", 60, detail={"megabytes": first.megabytes}),
        Figure("load them again (nothing changes)", again.seconds, "s", 60),
    ]
