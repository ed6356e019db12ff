"""Assets, work and days in the village of the demonstration county: what follows from households and projects."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from assistance.models import Asset, Project, TeamMonth, WorkPost
from povreg.kit.scopes import end_of, within
from villages.models import Cadre

KINDS = {"planting": "earning", "collective": "earning", "processing": "earning", "road": "public", "water": "public"}
IDLE, POOR = 0.08, 0.08
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
    """Days of this year's months that are over."""
    today = timezone.localdate()
    months = [date(today.year, month, 1) for month in range(1, today.month)]
    TeamMonth.objects.bulk_create(
        (
            TeamMonth(cadre=cadre, village_id=cadre.place_id, month=month, days=rng.randrange(17, 24))
            for cadre in Cadre.objects.filter(within("place_id", county), is_team_member=True).order_by("pk")
            for month in months
        ),
        5000,
    )
