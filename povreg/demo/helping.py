"""Assets, work and days in the village of the demonstration county: what follows from households and projects."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from assistance.models import Asset, Pairing, Project, TeamMonth, WorkPost
from assistance.pairing import selectors
from assistance.pairing.rules import most_of_all
from households.models import Household
from povreg.demo.people import FEMALE, SURNAMES
from povreg.kit.scopes import TOWNSHIP, end_of, within
from villages.models import Cadre, Posting, Unit, User
from villages.rights import Role

KINDS = {"planting": "earning", "collective": "earning", "processing": "earning", "road": "public", "water": "public"}
IDLE, POOR = 0.08, 0.08
SELDOM, PAIRED = 0.04, 0.9
PAIRED_ON = date(2026, 1, 5)
POSTS = (
    ("缝纫工", "区制衣厂", "factory", 3800, 40),
    ("保洁员", "城区物业公司", "service", 2600, 25),
    ("瓦工", "区建筑公司", "building", 6500, 30),
    ("分拣员", "区物流园", "transport", 4200, 20),
    ("护林员", "区林业局", "public", 1000, 60),
)


def leave_behind(county: str, seed: str) -> None:
    """Assets of accepted projects, work of the members who work away, days of the resident teams this year."""
    rng = Random(f"helping/{seed}")  # noqa: S311 - the same data from the same seed
    rows = Project.objects.filter(within("place_id", county), state="accepted").select_related("place").order_by("pk")
    Asset.objects.bulk_create(asset(rng, row) for row in rows)
    send_to_work(county)
    today = timezone.localdate()
    WorkPost.objects.bulk_create(
        WorkPost(
            place_id=county, employer=employer, title=title, sector=sector, near=True, wage=Decimal(wage), count=count,
            until=today + timedelta(days=40),
        )
        for title, employer, sector, wage, count in POSTS
    )  # fmt: skip
    note_days(rng, county)
    pair_most(rng, county)


def asset(rng: Random, row: Project) -> Asset:
    kind = KINDS.get(row.category, "public")
    state = rng.choices(("used", "idle", "poor"), (1 - IDLE - POOR, IDLE, POOR))[0] if kind == "earning" else "used"
    earns = kind == "earning" and state == "used"
    rent: Any = (row.budget * Decimal("0.05")).quantize(Decimal("1")) if earns else None
    return Asset(
        project=row, place=row.place, name=row.name, kind=kind, cost=row.budget, formed_on=row.since,
        owner=f"{row.place}村经济合作社", operator="村经济合作社" if kind == "earning" and state != "idle" else "",
        contract=f"租赁2026-{row.pk}" if earns else "", contract_from=row.since if earns else None,
        contract_to=date(2026 + rng.randrange(1, 6), 12, 31) if earns else None,
        rent=rent, state=state,
        use_of_income="公益性岗位、分红" if earns else "", upkeep="" if earns else "村民委员会负责日常管护",
        idle_since=row.since if state == "idle" else None, idle_reason="" if state == "used" else "无人承包，正在招租",
    )  # fmt: skip


def send_to_work(county: str) -> None:
    """Members whom the last year's record says to work away have a spell; most were confirmed for last month."""
    last = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(SPELLS, {"from": county, "to": end_of(county), "last": last})


SPELLS = """
INSERT INTO assistance_workspell (member_id, household_id, village_id, since, "where", place_name, employer, sector,
    wage, channel, has_contract, point_to_point, seen_month, ended_why)
SELECT m.id, m.household_id, m.village_id, DATE '2024-03-01' + mod(m.id, 900)::int, m.work_place, '', '',
    (ARRAY['building', 'factory', 'service', 'transport', 'other'])[1 + mod(m.id, 5)], 2600 + mod(m.id * 37, 42) * 100,
    (ARRAY['own', 'kin', 'office', 'workshop'])[1 + mod(m.id, 4)], mod(m.id, 3) > 0, mod(m.id, 7) = 0,
    CASE WHEN mod(m.id, 12) = 0 THEN %(last)s::date - 31 ELSE %(last)s END, ''
FROM households_member m WHERE m.village_id >= %(from)s AND m.village_id < %(to)s
AND m.work_place <> '' AND m.left_on IS NULL
"""


def note_days(rng: Random, county: str) -> None:
    """Days of this year's months that are over; a few cadres were there too seldom."""
    today = timezone.localdate()
    months = [date(today.year, month, 1) for month in range(1, today.month)]
    rows = []
    for cadre in Cadre.objects.filter(within("place_id", county), is_team_member=True).order_by("pk"):
        least = 14 if rng.random() < SELDOM else 20
        facts = {"cadre": cadre, "village_id": cadre.place_id}
        rows += [TeamMonth(month=month, days=least + rng.randrange(4), **facts) for month in months]
    TeamMonth.objects.bulk_create(rows, 5000)


def pair_most(rng: Random, county: str) -> None:
    """A helper in every township; most households that must have one do, some wait."""
    officer, units = User.objects.get(username="xian"), list(Unit.objects.filter(within("place_id", county)))
    waiting: dict[str, list[Household]] = {}
    rows = selectors.gaps(officer).filter(within("village_id", county))
    for row in rows.order_by("pk"):
        waiting.setdefault(row.village_id[:TOWNSHIP], []).append(row)
    for township, homes in waiting.items():
        name = rng.choice(SURNAMES) + rng.choice(FEMALE)
        facts = {"name": name, "unit": rng.choice(units), "password": "!", "place_id": township}
        helper = User.objects.create(username=f"bangfu{township[-3:]}", **facts)
        Posting.objects.create(user=helper, role=Role.HELPER, place_id=township, starts_on=PAIRED_ON)
        Pairing.objects.bulk_create(
            Pairing(household=home, village_id=home.village_id, helper=helper, unit=helper.unit, starts_on=PAIRED_ON)
            for home in homes[: most_of_all()]
            if rng.random() < PAIRED
        )
