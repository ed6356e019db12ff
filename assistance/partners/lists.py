"""The lists of partners and of the households they take along."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from assistance.models import Donation, Partner, PartnerLink
from assistance.partners.forms import EndForm, PayForm
from households.models import Household
from households.models.member import head_name
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet
from povreg.kit.sheets.kinds import Yuan
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right

MONEY = Yuan()
AMOUNT = Donation._meta.get_field("amount")


def partners(user: User) -> QuerySet[Partner]:
    """Partners with how many households they take along now (each once) and what these got."""
    rows = Partner.objects.visible_to(user).select_related("place__parent")
    now = Q(links__until=None)
    return rows.annotate(homes=Count("links__household", filter=now, distinct=True)).order_by("place_id", "name", "pk")


def put_paid(rows: Any, user: Any) -> None:
    """What the households of each partner got from it."""
    got = PartnerLink.objects.filter(partner__in=[row.pk for row in rows]).order_by()
    paid = dict(got.values_list("partner").annotate(sum=Sum("payments__amount")))
    for row in rows:
        row.paid = paid.get(row.pk) or 0


def links(user: User) -> QuerySet[PartnerLink]:
    rows = PartnerLink.objects.visible_to(user).select_related("partner", "village__parent", "household")
    got = Coalesce(Sum("payments__amount"), 0, output_field=AMOUNT)
    rows = rows.annotate(head_name=head_name("household_id"), got=got)
    return rows.order_by(F("until").desc(nulls_first=True), "village_id", "household_id", "pk")


def coverage(user: User) -> tuple[int, int]:
    """Registered households, and those that at least one partner takes along today, each counted once."""
    rows = Household.objects.visible_to(user).registered().order_by()
    found = rows.aggregate(
        all=Count("pk", distinct=True),
        along=Count("pk", filter=Q(partner_links__isnull=False, partner_links__until=None), distinct=True),
    )
    return found["all"], found["along"]


class PartnerFilters(django_filters.FilterSet):
    q = filters.Typed("name", "industry", label="名称或产业")
    place = InPlace(field_name="place_id")
    kind = filters.Choice(choices=Partner.Kind.choices, label="类别")


class LinkFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    form = filters.Choice(choices=PartnerLink.Form.choices, label="带动方式")
    partner = filters.Whole(field_name="partner_id", label="带贫主体", help_text="带贫主体 id")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")


def may(row: PartnerLink, user: User) -> bool:
    return row.until is None and user.can(Right.PARTNER_EDIT, row.partner.place_id)


PARTNERS = Listing(
    code="partners",
    title="带贫主体",
    subtitle="合作社、企业、帮扶车间和大户带了哪些户",
    heading="带贫主体",
    unit="个",
    rights=(Right.FUND_VIEW,),
    rows=partners,
    columns=(
        Column("name", "名称", link=lambda row, user: reverse("partner", args=[row.pk]),
               mark=lambda row: "" if row.is_active else "停止经营", phone=TITLE, width=26),
        Column("kind", "类别", lambda row: row.get_kind_display(), api="", phone=UNDER),
        Column("place_name", "所在地", lambda row: str(row.place), under=along("place__parent"), api=""),
        Column("industry", "产业"),
        Column("homes", "带动户", kind=NUMBER, phone=FIGURE),
        Column("paid", "农户收入", kind=MONEY, api=""),
    ),
    filters=PartnerFilters,
    bar=("q", "place", "kind"),
    personal=("q",),
    fetch=put_paid,
    actions=(Action("登记带贫主体", "partner-new", (Right.PARTNER_EDIT,), main=True),),
    empty=Empty("还没有带贫主体", "有合作社、企业带动农户的，点“登记带贫主体”。"),
    sheet=Sheet(Right.EXPORT, "带贫主体", lambda user: [("农户收入", "元；带动户按户去重")]),
    orderings={"place": ("place_id", "pk"), "homes": ("homes", "pk")},
)  # fmt: skip

LINKS = Listing(
    code="partner-links",
    title="带动的户",
    subtitle="谁带动哪一户，用什么方式，农户得到多少",
    heading="带动",
    unit="条",
    rights=(Right.FUND_VIEW,),
    rows=links,
    columns=(
        Column("who", "农户", along("head_name"), api="", under=along("household__household_no"), phone=TITLE,
               link=lambda row, user: reverse("household", args=[row.household_id]), width=16),
        Column("village_name", "村", lambda row: str(row.village), api="", phone=UNDER),
        Column("partner_name", "带贫主体", along("partner__name"), api="", width=24),
        Column("form", "方式", lambda row: row.get_form_display(), api=""),
        Column("since", "开始", text=short_day_text, css="tabular"),
        Column("until", "结束", text=short_day_text, css="tabular"),
        Column("got", "收入（元）", kind=MONEY, phone=FIGURE),
        Column("effect", "成效"),
    ),
    filters=LinkFilters,
    bar=("place", "form"),
    row_actions=(
        RowAction("pay", "登记收入", lambda row: reverse("partner-pay", args=[row.pk]), may=may,
                  ask=Ask("登记带动收入", lambda row: f"{row.partner.name}给这一户的工资、分红、货款或租金。",
                          form=lambda row: PayForm(link=row))),
        RowAction("end", "结束", lambda row: reverse("partner-end", args=[row.pk]), may=may,
                  ask=Ask("结束带动", lambda row: "结束后不再计入带动户。", form=lambda row: EndForm(link=row))),
    ),
    empty=Empty("还没有带动的户", "在带贫主体的页面登记。"),
    sheet=Sheet(Right.EXPORT, "带动的户", lambda user: [("收入", "元")]),
    orderings={"since": ("since", "pk"), "place": ("village_id", "pk")},
    faint=lambda row: row.until is not None,
)  # fmt: skip

LISTS = (PARTNERS, LINKS)
