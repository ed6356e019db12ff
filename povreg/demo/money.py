"""Invented money of the demonstration county: sources, projects in every state, payments to units and households.

Shares and sizes follow document 002 (county.json): grants of 300 to 900 yuan a household, most money in industry and
roads. The ledger's own constraints hold here, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from assistance.funds.notices.services import content_of, digest_of
from assistance.models import Allocation, Disbursement, FundSource, Project, ProjectNotice, ProjectStep
from households.models import Household
from povreg.kit.scopes import within
from villages.models import Place, User
from villages.rights import Role

YEAR = 2026
RECEIVED = date(YEAR, 2, 20)
S = Project.State
SOURCES = (
    ("central", "regular", "中央财办〔2026〕12号", 4600),
    ("province", "regular", "渝财农〔2026〕8号", 2100),
    ("city", "regular", "市财农〔2026〕31号", 900),
    ("county", "regular", "区财政〔2026〕5号", 1200),
    ("trade", "trade", "水利〔2026〕17号", 700),
    ("paired", "paired", "协作办〔2026〕3号", 500),
    ("social", "social", "捐赠协议2026-2", 160),
)
"""Kind, fund, document, amount in ten thousand yuan."""
KINDS = (
    ("planting", "{village}柑橘提质", 40, 8, 15),
    ("collective", "{village}集体养殖场", 1, 20, 60),
    ("processing", "{village}粮油加工点", 1, 15, 45),
    ("road", "{village}村组道路硬化", 2, 55, 66),
    ("water", "{village}饮水管网改造", 1, 12, 40),
    ("environment", "{village}人居环境整治", 3, 4, 9),
)
"""Category, name, size, and what the whole costs at least and at most, in ten thousand yuan (for roads: a km)."""
STATES = (
    (S.ACCEPTED, 30), (S.FINISHED, 8), (S.STARTED, 22), (S.PLANNED, 8), (S.LISTED, 8), (S.APPROVED, 5), (S.REVIEWED, 5),
    (S.PROPOSED, 8), (S.RETURNED, 3), (S.STOPPED, 3),
)  # fmt: skip
PAID = {S.ACCEPTED: (90, 100), S.FINISHED: (40, 80), S.STARTED: (10, 60)}
"""Percent of the allocated money that is paid, at least and at most."""
TEN_THOUSAND = Decimal(10_000)
CENT = Decimal("0.01")
GRANT_ITEM = f"{YEAR}年到户产业奖补"
SHARE_OF_VILLAGES, BATCH = 0.6, 5000


def spend(county: str, villages: Sequence[Place], poor: set[str], seed: str) -> None:
    """Money of a year: what came, what it was given to, what was paid."""
    rng = Random(f"money/{seed}")  # noqa: S311 - the same data from the same seed
    officer = User.objects.get(username="xian")
    cadre = User.objects.filter(postings__role=Role.VILLAGE_CADRE).order_by("pk").first() or officer
    sources = [make_source(county, *each) for each in SOURCES]
    chosen = [village for village in villages if village.code in poor]
    homes = Household.objects.registered().filter(within("village_id", county))
    lived_in = set(homes.values_list("village_id", flat=True))
    projects = Project.objects.bulk_create(project for village in chosen for project in made(rng, village, cadre))
    granted = [each for each in chosen if each.code in lived_in and rng.random() < SHARE_OF_VILLAGES]
    grants = Project.objects.bulk_create(grant(village, cadre) for village in granted)
    give(rng, sources, [row for row in projects if row.state in (*PAID, S.PLANNED)], officer)
    pay_units(rng, [row for row in projects if row.state in PAID], officer)
    pay_households(rng, sources[0], grants, officer, county)
    ProjectStep.objects.bulk_create(step(row) for row in (*projects, *grants))
    post(rng, projects, officer)


def make_source(county: str, kind: str, fund: str, document: str, amount: int) -> FundSource:
    share = Decimal(60) if fund == "regular" else None
    return FundSource.objects.create(
        place_id=county, year=YEAR, kind=kind, fund=fund, document=document, amount=amount * TEN_THOUSAND,
        received_on=RECEIVED, industry_share=share,
    )  # fmt: skip


def made(rng: Random, village: Place, cadre: User) -> Iterator[Project]:
    states, weights = zip(*STATES, strict=True)
    for category, name, size, least, most in rng.sample(KINDS, rng.choice((1, 1, 2))):
        quantity = Decimal(size) * rng.randrange(5, 16) / 10
        cost = Decimal(rng.randrange(least * 100, most * 100)) / 100 * TEN_THOUSAND
        homes = rng.randrange(8, 90)
        yield Project(
            place=village, year=YEAR, name=name.format(village=village), category=category, content="按规划设计实施。",
            quantity=quantity, budget=cost * (quantity if category == "road" else 1), supervisor="区农业农村委员会",
            contractor="", link_form="优先吸纳脱贫户务工" if category != "road" else "", households_meant=homes,
            people_meant=homes * 3, state=(state := rng.choices(states, weights)[0]), since=since(rng, state),
            proposed_by=cadre,
        )  # fmt: skip


def since(rng: Random, state: Project.State) -> date:
    """Later states lie later in the year, none after today."""
    order = [each for each, _weight in reversed(STATES)]
    day = date(YEAR, 1, 10) + timedelta(days=25 * order.index(state) + rng.randrange(20))
    return min(day, timezone.localdate())


def grant(village: Place, cadre: User) -> Project:
    return Project(
        place=village, year=YEAR, name=f"{village}到户产业奖补", category="grant", content="对自主发展种养的户奖补。",
        quantity=None, budget=60 * TEN_THOUSAND, supervisor="区农业农村委员会", households_meant=20, people_meant=60,
        state=S.STARTED, since=date(YEAR, 4, 1), proposed_by=cadre,
    )  # fmt: skip


def give(rng: Random, sources: Sequence[FundSource], projects: Sequence[Project], officer: User) -> None:
    """Every project from one source, as long as that has money."""
    left = {source.pk: source.amount / 2 for source in sources}
    rows = []
    for number, project in enumerate(projects, 1):
        able = [source for source in sources if left[source.pk] >= project.budget]
        if able:
            source = rng.choice(able)
            left[source.pk] -= project.budget
            facts = {"document": f"区财农〔{YEAR}〕{100 + number}号", "on": date(YEAR, 3, 10), "by": officer}
            rows.append(Allocation(source=source, project=project, amount=project.budget, **facts))
    Allocation.objects.bulk_create(rows)


def pay_units(rng: Random, projects: Sequence[Project], officer: User) -> None:
    rows, today = [], timezone.localdate()
    for row in Allocation.objects.filter(project__in=projects).select_related("project").order_by("pk"):
        share = Decimal(rng.randrange(*PAID[S(row.project.state)])) / 100
        rows.append(
            Disbursement(
                allocation=row, project=row.project, village_id=row.project.place_id, payee="区鑫源建设有限公司",
                item="工程款", amount=(row.amount * share).quantize(CENT), by=officer,
                paid_on=min(max(row.project.since, date(YEAR, 3, 20)), today), voucher=f"{YEAR}-{row.pk:05}",
            )
        )  # fmt: skip
    Disbursement.objects.bulk_create(rows, BATCH)


def pay_households(rng: Random, source: FundSource, grants: Sequence[Project], officer: User, county: str) -> None:
    """Grants of 300 to 900 yuan (document 002) to the registered households of the villages that have one."""
    homes: dict[str, list[int]] = {}
    rows = Household.objects.registered().filter(within("village_id", county)).order_by("pk")
    for pk, village in rows.values_list("pk", "village_id"):
        homes.setdefault(village, []).append(pk)
    paid = []
    for number, project in enumerate(grants, 1):
        chosen = homes.get(project.place_id, [])[:500]
        if not chosen:
            continue
        amounts = [Decimal(rng.randrange(300, 901)) for _home in chosen]
        facts = {"document": f"区财农〔{YEAR}〕{600 + number}号", "on": date(YEAR, 4, 20), "by": officer}
        row = Allocation.objects.create(source=source, project=project, amount=sum(amounts), **facts)
        paid += [
            Disbursement(
                allocation=row, project=project, household_id=home, village_id=project.place_id, item=GRANT_ITEM,
                amount=amount, paid_on=date(YEAR, 6, 15), voucher=f"{YEAR}-奖{number:03}", by=officer,
            )
            for home, amount in zip(chosen, amounts, strict=True)
        ]  # fmt: skip
    Disbursement.objects.bulk_create(paid, BATCH)


def step(row: Project) -> ProjectStep:
    note = "材料不全，请补充实施方案。" if row.state in (S.RETURNED, S.STOPPED) else ""
    return ProjectStep(project=row, step="carried", state=row.state, on=row.since, note=note, by=row.proposed_by)


def post(rng: Random, projects: Sequence[Project], officer: User) -> None:
    """Accepted projects were announced, most of them; decided ones hang now."""
    rows = []
    today = timezone.localdate()
    for row in projects:
        stage = "after" if row.state == S.ACCEPTED else "before" if row.state == S.APPROVED else ""
        if not stage or (stage == "after" and rng.random() < 0.1):
            continue
        posted_on = today - timedelta(days=rng.randrange(2, 9)) if stage == "before" else min(row.since, today)
        ends_on = posted_on + timedelta(days=10)
        content = content_of(row, stage)
        rows.append(
            ProjectNotice(
                project=row, stage=stage, board="村务公开栏", posted_on=posted_on, days=10, ends_on=ends_on,
                closed_on=ends_on + timedelta(days=1) if ends_on < today else None, content=content,
                digest=digest_of(content), posted_by=officer,
            )
        )  # fmt: skip
    ProjectNotice.objects.bulk_create(rows)
