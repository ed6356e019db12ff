"""The lists of needs and offers."""

from __future__ import annotations

import django_filters
from django.db.models import F, QuerySet
from django.urls import reverse

from assistance.models import SocialNeed, SocialOffer
from assistance.models.partner import HelpKind
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet, Tabs
from povreg.kit.sheets.kinds import Yuan
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right

MONEY = Yuan()
TABS = (("open", "待对接"), ("met", "已满足"), ("all", "全部"))


def needs(user: User) -> QuerySet[SocialNeed]:
    return SocialNeed.objects.visible_to(user).select_related("village__parent").order_by("-published_on", "-pk")


def offers(user: User) -> QuerySet[SocialOffer]:
    rows = SocialOffer.objects.visible_to(user).select_related("place").defer("contact")
    return rows.annotate(left=F("amount") - F("given")).order_by("-offered_on", "-pk")


class NeedFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    kind = filters.Choice(choices=HelpKind.choices, label="需要什么")
    standing = filters.Choice(choices=TABS, label="状态", method="in_standing")

    def in_standing(self, rows: QuerySet[SocialNeed], name: str, value: str) -> QuerySet[SocialNeed]:
        return rows if value == "all" else rows.filter(state=value)


class OfferFilters(django_filters.FilterSet):
    q = filters.Typed("donor", label="帮扶方")
    kind = filters.Choice(choices=HelpKind.choices, label="提供什么")


NEEDS = Listing(
    code="social-needs",
    title="需求对接",
    subtitle="村和农户的需求与社会帮扶对接；公开时不带个人信息",
    heading="需求",
    unit="项需求",
    rights=(Right.FUND_VIEW,),
    rows=needs,
    columns=(
        Column("title", "需求", link=lambda row, user: reverse("social-need", args=[row.pk]), phone=TITLE, width=28),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("kind", "需要什么", lambda row: row.get_kind_display(), api=""),
        Column("amount", "折合（元）", kind=MONEY, phone=FIGURE),
        Column("met", "已满足", kind=MONEY),
        Column("published_on", "发布", text=short_day_text, css="tabular"),
        Column("state", "状态", lambda row: row.get_state_display(), api=""),
    ),
    filters=NeedFilters,
    bar=("place", "kind"),
    tabs=Tabs("standing", lambda user: TABS),
    usual={"standing": "open"},
    actions=(
        Action("帮扶意向", "social-offers"),
        Action("发布需求", "social-need-new", (Right.NEED_EDIT,), main=True),
    ),
    empty=Empty("没有这样的需求", "有需要社会帮扶的，点“发布需求”。"),
    sheet=Sheet(Right.EXPORT, "帮扶需求"),
    orderings={"published_on": ("published_on", "pk"), "amount": ("amount",)},
)  # fmt: skip

OFFERS = Listing(
    code="social-offers",
    title="帮扶意向",
    subtitle="谁愿意提供什么，还有多少没有落实",
    heading="意向",
    unit="项意向",
    rights=(Right.FUND_VIEW,),
    rows=offers,
    columns=(
        Column("donor", "帮扶方", phone=TITLE, width=26),
        Column("kind", "提供什么", lambda row: row.get_kind_display(), api="", phone=UNDER),
        Column("content", "说明", width=30),
        Column("place_name", "帮扶范围", lambda row: str(row.place), api=""),
        Column("amount", "折合（元）", kind=MONEY, phone=FIGURE),
        Column("given", "已落实", kind=MONEY),
        Column("left", "还有", kind=MONEY),
        Column("offered_on", "登记", text=short_day_text, css="tabular"),
    ),
    filters=OfferFilters,
    bar=("q", "kind"),
    personal=("q",),
    actions=(Action("登记意向", "social-offer-new", (Right.PARTNER_EDIT,), main=True),),
    empty=Empty("还没有帮扶意向", "有单位或个人愿意帮扶的，点“登记意向”。"),
    sheet=Sheet(Right.EXPORT, "帮扶意向"),
    orderings={"offered_on": ("offered_on", "pk"), "amount": ("amount",)},
)  # fmt: skip

LISTS = (NEEDS, OFFERS)
