"""The lists of sources, allocations and payments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse

from assistance.funds import catalogue
from assistance.funds.ledger import selectors
from assistance.models import Disbursement, FundSource
from households.models.member import Member
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet
from povreg.kit.sheets.kinds import Yuan
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right

MONEY = Yuan()
FUNDS = [(fund.code, fund.label) for fund in catalogue.funds().values()]


class SourceFilters(django_filters.FilterSet):
    year = filters.Year(label="年度")
    kind = filters.Choice(choices=FundSource.Kind.choices, label="来源")
    fund = filters.Choice(choices=FUNDS, label="资金名称")


MEASURED = (("yes", "已登记"), ("no", "发到户，没有登记"))


class PaymentFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="所在地")
    project = filters.Whole(field_name="project_id", label="项目", help_text="项目 id")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")
    source = filters.Choice(choices=FundSource.Kind.choices, field_name="allocation__source__kind", label="来源")
    measure = filters.Choice(choices=MEASURED, label="措施", method="is_measured")
    paid_after = filters.Day(field_name="paid_on", lookup_expr="gt", label="晚于", help_text="这一天之后拨付的")

    def is_measured(self, rows: QuerySet[Disbursement], name: str, value: str) -> QuerySet[Disbursement]:
        return selectors.measured(rows, is_noted=value == "yes")


def put_names(rows: Sequence[Any], user: Any) -> None:
    """The head's name beside each payment to a household."""
    asked = {row.household_id for row in rows if row.household_id}
    names = dict(Member.objects.heads().filter(household__in=asked).values_list("household_id", "name"))
    noted = selectors.measures_of(rows)
    for row in rows:
        row.measure_words = noted.get(row.pk, ())
        row.payee_name = names.get(row.household_id, "") if row.household_id else row.payee


def can_reverse(row: Disbursement, user: User) -> bool:
    done = row.is_reversed or row.reverses_id
    return not done and user.can(Right.FUND_MANAGE, row.project.place_id)


def wants_measure(row: Disbursement, user: User) -> bool:
    """A payment to a household that no measure names yet."""
    done = row.is_reversed or row.reverses_id or row.measure_words or not row.household_id  # type: ignore[attr-defined]
    return not done and user.can(Right.MEASURE_EDIT, row.village_id)


def measure_words(row: Disbursement) -> tuple[str, ...] | str:
    if row.household_id is None or row.reverses_id or row.is_reversed:
        return row.measure_words  # type: ignore[attr-defined,no-any-return]
    return row.measure_words or "未登记"  # type: ignore[attr-defined]


def mark(row: Disbursement) -> str:
    return "已冲正" if row.is_reversed else "冲正" if row.reverses_id else ""


SOURCES = Listing(
    code="funds",
    title="资金来源",
    subtitle="到账、已安排和结余；金额单位：元",
    heading="资金",
    unit="笔资金",
    rights=(Right.FUND_VIEW,),
    rows=selectors.sources,
    columns=(
        Column("document", "文件号", link=lambda row, user: reverse("fund", args=[row.pk]),
               under=lambda row: catalogue.label_of_fund(row.fund), phone=TITLE, width=26),
        Column("kind", "来源", lambda row: row.get_kind_display(), api="", phone=UNDER),
        Column("year", "年度", kind=NUMBER, text=str, width=8),
        Column("received_on", "到账日期", text=short_day_text, css="tabular"),
        Column("amount", "金额", kind=MONEY, phone=FIGURE),
        Column("allocated", "已安排", kind=MONEY),
        Column("left", "结余", along("left"), kind=MONEY),
    ),
    filters=SourceFilters,
    bar=("year", "kind", "fund"),
    actions=(Action("登记资金", "fund-new", (Right.FUND_MANAGE,), main=True),),
    empty=Empty("还没有登记资金", "资金到账后，点“登记资金”。"),
    sheet=Sheet(Right.EXPORT, "资金来源", lambda user: [("金额", "元")]),
    orderings={"year": ("year", "pk"), "amount": ("amount",)},
)  # fmt: skip

PAYMENTS = Listing(
    code="disbursements",
    title="资金拨付",
    subtitle="每一笔拨给谁、用在哪里；金额单位：元",
    heading="拨付",
    unit="笔",
    rights=(Right.FUND_VIEW,),
    rows=selectors.payments,
    columns=(
        Column("payee_name", "收款人", mark=mark, phone=TITLE, api="",
               link=lambda row, user: reverse("household", args=[row.household_id]) if row.household_id else "",
               under=lambda row: row.household.household_no if row.household else "", width=20),
        Column("item", "事项", phone=UNDER, width=26),
        Column("amount", "金额", kind=MONEY, phone=FIGURE),
        Column("project_name", "项目", along("project__name"), api="", width=26,
               link=lambda row, user: reverse("project", args=[row.project_id]) if user.can(Right.FUND_VIEW) else ""),
        Column("source", "资金来源", lambda row: row.allocation.source.get_kind_display(), api=""),
        Column("paid_on", "日期", text=short_day_text, css="tabular"),
        Column("voucher", "凭证号"),
        Column("measures", "措施", measure_words, api="",
               tone=lambda row: "warn" if measure_words(row) == "未登记" else ""),
        Column("place_name", "所在地", lambda row: str(row.village), under=along("village__parent"), api=""),
    ),
    filters=PaymentFilters,
    bar=("place", "source", "measure"),
    fetch=put_names,
    row_actions=(
        RowAction(
            "measure", "登记措施", lambda row: f"{reverse('measure-choose', args=[row.household_id])}?payment={row.pk}",
            may=wants_measure,
        ),
        RowAction(
            "reverse", "冲正", lambda row: reverse("disbursement-reverse", args=[row.pk]), may=can_reverse,
            ask=Ask("冲正这一笔拨付", lambda row: f"将把“{row.item}”{row.amount:,.2f} 元全额收回，账上另记一笔负数。",
                    reason="冲正的原因", risk=True),
        ),
    ),
    empty=Empty("还没有拨付", "资金在项目页面拨付。"),
    sheet=Sheet(Right.EXPORT, "资金拨付", lambda user: [("金额", "元；负数是冲正")]),
    orderings={"paid_on": ("paid_on", "pk"), "amount": ("amount",), "place": ("village_id", "pk")},
    faint=lambda row: bool(row.is_reversed or row.reverses_id),
)  # fmt: skip

ALLOCATIONS = Listing(
    code="allocations",
    title="资金安排",
    heading="安排到的项目",
    unit="笔",
    columns=(
        Column("project_name", "项目", lambda row: row.project.name, phone=TITLE, width=28,
               link=lambda row, user: reverse("project", args=[row.project_id])),
        Column("place_name", "实施地点", lambda row: str(row.project.place), phone=UNDER),
        Column("document", "下达文号"),
        Column("on", "下达日期", text=short_day_text, css="tabular"),
        Column("amount", "金额", kind=MONEY, phone=FIGURE),
        Column("paid", "已拨付", kind=MONEY),
    ),
    empty=Empty("还没有安排", "在项目页面安排资金。"),
)  # fmt: skip

LISTS = (SOURCES, PAYMENTS, ALLOCATIONS)
