"""The list of assets, with the idle ones and the rent that is late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from assistance.assets.forms import DisposeForm, IncomeForm
from assistance.models import Asset
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet, Tabs
from povreg.kit.prepared import summed
from povreg.kit.sheets.kinds import Yuan
from povreg.kit.workbench import inside
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right
from villages.rights.ready import ReadyFor

MONEY = Yuan()
State = Asset.State
SOON = timedelta(days=60)
TABS = (
    ("all", "全部"),
    ("idle", "闲置低效"),
    ("unpaid", "今年未收到收益"),
    ("ending", "合同到期"),
    ("disposed", "已处置"),
)
TONES = {State.IDLE: "fail", State.POOR: "warn", State.DISPOSED: "plain", State.USED: ""}


def assets(user: User) -> QuerySet[Asset]:
    """The assets a person may see, with what they brought this year."""
    this_year = Q(incomes__year=timezone.localdate().year)
    rows = Asset.objects.visible_to(user).select_related("place__parent", "project")
    got = Coalesce(Sum("incomes__amount", filter=this_year), 0, output_field=Asset._meta.get_field("cost"))
    return rows.annotate(got=got).order_by("place_id", "name", "pk")


def unpaid(rows: QuerySet[Asset]) -> QuerySet[Asset]:
    """In use, with a rent, and nothing came this year."""
    without: Any = {"got": 0}  # annotated by rows above
    return rows.filter(state__in=(State.USED, State.POOR), rent__gt=0, **without)


def ending(rows: QuerySet[Asset], today: date | None = None) -> QuerySet[Asset]:
    """The contract is over or ends within two months."""
    return rows.filter(ending_by((today or timezone.localdate()) + SOON))


def ending_by(day: date) -> Q:
    """The contract is over or ends until a day."""
    return ~Q(state=State.DISPOSED) & Q(contract_to__lte=day)


def _waiting(user: Any, day: date, *, role: str) -> QuerySet[Any, Any]:
    rows = Asset.objects.visible_to(user).filter(inside(user, role, "place_id"))
    return summed(rows, idle=Count("pk", Q(state=State.IDLE)), ending=Count("pk", ending_by(day)))


WAITING = ReadyFor(_waiting, date)


def waiting(user: User, role: str) -> dict[str, int]:
    """How many in the places of a role lie idle, and of how many the contract ends within two months."""
    return WAITING.sums(user, timezone.localdate() + SOON, role=role)


class AssetFilters(django_filters.FilterSet):
    q = filters.Typed("name", "operator", label="资产或经营人")
    place = InPlace(field_name="place_id")
    kind = filters.Choice(choices=Asset.Kind.choices, label="类别")
    standing = filters.Choice(choices=TABS, label="状况", method="in_standing")

    def in_standing(self, rows: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        narrowed = {
            "idle": lambda: rows.filter(state__in=(State.IDLE, State.POOR)),
            "unpaid": lambda: unpaid(rows),
            "ending": lambda: ending(rows),
            "disposed": lambda: rows.filter(state=State.DISPOSED),
        }
        return narrowed[value]() if value in narrowed else rows


def runs(row: Asset, user: User) -> bool:
    return row.state != State.DISPOSED and user.can(Right.PROJECT_RUN, row.place_id)


def decides(row: Asset, user: User) -> bool:
    return row.state != State.DISPOSED and user.can(Right.PROJECT_APPROVE, row.place_id)


def state(row: Asset) -> str:
    return str(row.get_disposal_display() if row.state == State.DISPOSED else row.get_state_display())


ASSETS = Listing(
    code="assets",
    title="项目资产",
    subtitle="资金形成的资产：谁所有、谁经营、收益多少；金额单位：元",
    heading="资产",
    unit="项资产",
    rights=(Right.FUND_VIEW,),
    rows=assets,
    columns=(
        Column("name", "资产", link=lambda row, user: reverse("asset", args=[row.pk]) if runs(row, user) else "",
               under=lambda row: row.get_kind_display(), phone=TITLE, width=26),
        Column("place_name", "所在地", lambda row: str(row.place), under=along("place__parent"), api="", phone=UNDER),
        Column("cost", "原值", kind=MONEY, phone=FIGURE),
        Column("owner", "产权人", width=20),
        Column("operator", "经营（管护）人", blank="未落实", width=20),
        Column("contract_to", "合同止", text=short_day_text, css="tabular"),
        Column("rent", "年租金", kind=MONEY),
        Column("got", "今年收到", kind=MONEY),
        Column("state", "状态", state, tone=lambda row: TONES[row.state], api=""),
    ),
    filters=AssetFilters,
    bar=("q", "place", "kind"),
    personal=("q",),
    tabs=Tabs("standing", lambda user: TABS),
    usual={"standing": "all"},
    actions=(Action("登记资产", "asset-new", (Right.PROJECT_RUN,), main=True),),
    row_actions=(
        RowAction("income", "登记收益", lambda row: reverse("asset-income", args=[row.pk]), may=runs,
                  ask=Ask("登记收益", lambda row: f"{row.name}收到的租金或收益，以及怎么用。",
                          form=lambda row: IncomeForm(asset=row))),
        RowAction("dispose", "处置", lambda row: reverse("asset-dispose", args=[row.pk]), may=decides,
                  ask=Ask("处置资产", lambda row: f"{row.name}处置后不能再修改。", risk=True,
                          form=lambda row: DisposeForm(asset=row))),
    ),
    empty=Empty("没有这样的资产", "验收的项目形成资产后，点“登记资产”。"),
    sheet=Sheet(Right.EXPORT, "项目资产", lambda user: [("金额", "元")]),
    orderings={"place": ("place_id", "pk"), "cost": ("cost",)},
    faint=lambda row: row.state == State.DISPOSED,
)  # fmt: skip

LISTS = (ASSETS,)
