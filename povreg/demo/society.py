"""Who takes households of the demonstration county along, and what society offers to its needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from assistance.models import Donation, Partner, PartnerLink, PartnerPayment, Shareholding, SocialNeed, SocialOffer
from households.models import Household
from povreg.kit.scopes import within
from villages.models import Place, User

KINDS = (
    ("coop", "{village}柑橘专业合作社", "柑橘"),
    ("workshop", "{village}帮扶车间", "服装加工"),
    ("grower", "{village}养鸡大户", "养鸡"),
)
FORMS = ("work", "dividend", "purchase", "lease")
SHARE, MOST_HOMES = 0.4, 12
SINCE = date(2025, 3, 1)
NEEDS = (
    ("goods", "三户老人缺冬衣被褥", "棉被 6 床、棉衣 6 件", 3600),
    ("sale", "村里柑橘销路不畅", "约 4 吨，成熟期在十二月", 16000),
    ("money", "一名学生缺大学生活费", "今年考上本科，家里主要劳动力患病", 8000),
    ("service", "留守儿童周末辅导", "12 名小学生，需要志愿者", 2000),
)
OFFERS = (
    ("区商会", "goods", "冬季衣被捐赠", 20000),
    ("某连锁超市", "sale", "按市场价采购农产品", 60000),
    ("某基金会", "money", "助学金", 30000),
)


def take_along(county: str, villages: Sequence[Place], poor: set[str], seed: str) -> None:
    """Partners in some poor villages with their households, needs of a few villages, offers, one donation."""
    rng = Random(f"society/{seed}")  # noqa: S311 - the same data from the same seed
    officer = User.objects.get(username="xian")
    chosen = [village for village in villages if village.code in poor and rng.random() < SHARE]
    partners = Partner.objects.bulk_create(partner(rng, village) for village in chosen)
    homes: dict[str, list[int]] = {}
    rows = Household.objects.registered().filter(within("village_id", county)).order_by("pk")
    for pk, village in rows.values_list("pk", "village_id"):
        homes.setdefault(village, []).append(pk)
    links = PartnerLink.objects.bulk_create(
        link for each in partners for link in links_of(rng, each, homes.get(each.place_id, [])[:MOST_HOMES])
    )
    Shareholding.objects.bulk_create(
        Shareholding(
            partner_id=link.partner_id, household_id=link.household_id, village_id=link.village_id, link=link,
            origin=Shareholding.Origin.ALLOTTED, count=Decimal(rng.randrange(1, 11)), since=SINCE,
        )
        for link in links if link.form == PartnerLink.Form.DIVIDEND
    )  # fmt: skip
    PartnerPayment.objects.bulk_create(
        PartnerPayment(
            link=link, household_id=link.household_id, village_id=link.village_id, by=officer,
            amount=Decimal(rng.randrange(4, 40) * 100),
            paid_on=date(2026, 1, 20), voucher="2025年度结算",
        )
        for link in links
    )  # fmt: skip
    ask_and_offer(county, [village for village in villages if village.code in poor][:4], officer)


def partner(rng: Random, village: Place) -> Partner:
    kind, name, industry = rng.choice(KINDS)
    return Partner(place=village, name=name.format(village=village), kind=kind, industry=industry)


def links_of(rng: Random, row: Partner, homes: Sequence[int]) -> Iterator[PartnerLink]:
    for home in homes:
        yield PartnerLink(partner=row, household_id=home, village_id=row.place_id, form=rng.choice(FORMS), since=SINCE)


def ask_and_offer(county: str, villages: Sequence[Place], officer: User) -> None:
    today = timezone.localdate()
    needs = [
        SocialNeed.objects.create(
            village=village, kind=kind, title=title, content=content, amount=Decimal(amount), by=officer,
            published_on=today - timedelta(days=9),
        )
        for village, (kind, title, content, amount) in zip(villages, NEEDS, strict=False)
    ]  # fmt: skip
    offers = [
        SocialOffer.objects.create(
            place_id=county, donor=donor, kind=kind, content=content, amount=Decimal(amount),
            offered_on=today - timedelta(days=6),
        )
        for donor, kind, content, amount in OFFERS
    ]  # fmt: skip
    if needs:
        Donation.objects.create(
            offer=offers[0], need=needs[0], amount=Decimal(1600), delivered_on=today - timedelta(days=2),
            receipt="渝捐2026-000117", by=officer,
        )  # fmt: skip
