"""The list of shares."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from assistance.models import PartnerPayment, Shareholding
from assistance.partners.shares.services import OUT_OF_POVERTY, Origin
from households.models.member import head_name
from povreg.kit.controls import Day
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet
from povreg.kit.sheets.kinds import Yuan
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right

EDIT = (Right.PARTNER_EDIT,)


def shares(user: User) -> QuerySet[Shareholding]:
    rows = Shareholding.objects.visible_to(user).select_related("partner", "household", "village__parent")
    rows = rows.annotate(head_name=head_name("household_id"))
    return rows.order_by("partner__name", "partner_id", "village_id", "household_id", "pk")


def put_dividends(rows: Sequence[Any], user: User) -> None:
    """What each household got in dividends of the partner. One statement."""
    paid = PartnerPayment.objects.filter(link__in={row.link_id for row in rows}).order_by().values_list("link")
    found = dict(paid.annotate(sum=Sum("amount")))
    for row in rows:
        row.got = found.get(row.link_id, Decimal(0))


class ShareFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    partner = filters.Whole(field_name="partner_id", label="带贫主体", help_text="带贫主体 id")
    origin = filters.Choice(choices=Origin.choices, label="来源")
    held = filters.YesNo(label="仍在持股", method="is_held", help_text="true 只列没有退出的")

    def is_held(self, rows: QuerySet[Shareholding], name: str, value: bool) -> QuerySet[Shareholding]:
        return rows.filter(until__isnull=value)


class HandForm(forms.Form):
    """To whom, from when; ids bear the holding's number."""

    number = forms.CharField(label="转给哪一户（户编号）", max_length=24)
    on = Day(label="转股日期")

    def __init__(self, *args: Any, holding: Shareholding, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"hand-{holding.pk}-%s"})
        self.fields["on"].initial = timezone.localdate()


def may_hand(row: Shareholding, user: User) -> bool:
    free = row.until is None and row.origin in (Origin.ALLOTTED, Origin.HANDED)
    out = row.household.exit_status == OUT_OF_POVERTY
    return free and out and user.can(Right.PARTNER_EDIT, row.partner.place_id)


SHARES = Listing(
    code="shares",
    title="股份和分红",
    subtitle="谁在哪家持多少股、来自哪里、分到多少；脱贫户的配股转给没有脱贫的户",
    heading="股份",
    unit="份",
    rights=(Right.FUND_VIEW,),
    rows=shares,
    columns=(
        Column("who", "农户", along("head_name"), under=along("household__household_no"), phone=TITLE, width=16,
               link=lambda row, user: reverse("household", args=[row.household_id])),
        Column("village_name", "村", lambda row: str(row.village), under=along("village__parent")),
        Column("partner_name", "带贫主体", along("partner__name"), phone=UNDER, width=24),
        Column("origin", "来源", lambda row: row.get_origin_display()),
        Column("count", "股数", lambda row: f"{row.count.normalize():f}", css="num"),
        Column("worth", "折合金额（元）", kind=Yuan()),
        Column("since", "入股", text=short_day_text, css="tabular"),
        Column("until", "退出", text=short_day_text, css="tabular"),
        Column("got", "累计分红（元）", kind=Yuan(), phone=FIGURE),
    ),
    filters=ShareFilters,
    bar=("place", "origin", "held"),
    usual={"held": "true"},
    fetch=put_dividends,
    row_actions=(
        RowAction("hand", "转股", lambda row: reverse("share-hand", args=[row.pk]), may=may_hand,
                  ask=Ask("脱贫转股", lambda row: "股份转给没有脱贫的户或监测对象，从那一天起分红归新的户。",
                          form=lambda row: HandForm(holding=row))),
    ),
    actions=(Action("登记分红", "dividend-new", EDIT), Action("登记股份", "share-new", EDIT, main=True)),
    faint=lambda row: row.until is not None,
    empty=Empty("还没有股份", "农户入股或财政资金配股的，点“登记股份”。"),
    sheet=Sheet(Right.EXPORT, "股份", lambda user: [("金额", "元")]),
)  # fmt: skip

LISTS = (SHARES,)
