"""Shape of what is typed about sources, allocations and payments; every rule is the verbs'."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone

from assistance.funds import catalogue
from assistance.funds.ledger.services import Payee
from assistance.models import Allocation, FundSource, Project
from households.models import Household
from povreg.kit.controls import Day
from povreg.kit.pages.forms import VersionedForm
from povreg.kit.scopes import COUNTY
from povreg.kit.views import ScopedForm
from villages.codes.controls import Number, Whole, plain_number
from villages.models import Place, User
from villages.places.fields import PlaceField

MOST_PAYEES = 2000


def money(label: str, **more: Any) -> Number:
    return Number(label=label, max_digits=14, decimal_places=2, **more)


class SourceForm(VersionedForm):
    place = PlaceField(label="县", levels=[Place.Level.COUNTY])
    year = Whole(label="年度", min_value=2014, max_value=2100)
    kind = forms.ChoiceField(label="来源", choices=FundSource.Kind.choices)
    fund = forms.ChoiceField(
        label="资金名称", choices=lambda: [(each.code, each.label) for each in catalogue.funds().values()]
    )
    document = forms.CharField(label="文件号", max_length=80)
    amount = money("金额（元）")
    received_on = Day(label="到账日期")
    industry_share = Number(
        label="产业最低占比（%）", max_digits=4, decimal_places=1, required=False, help_text="没有要求的留空。"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, source: FundSource | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        if source is None:
            fund = next(iter(catalogue.funds_in(today.year)))
            codes = [code for _role, code in self.user.postings_today() if len(code) >= COUNTY]
            self.initial = {
                "year": today.year, "received_on": today, "fund": fund.code, "industry_share": fund.industry_share,
                "place": codes[0][:COUNTY] if codes else None, **self.initial,
            }  # fmt: skip
            return
        names = [name for name in self.fields if name != "place"]
        self.initial = {**{name: getattr(source, name) for name in names}, "place": source.place_id, **self.initial}


class AllocateForm(ScopedForm, forms.Form):
    source = forms.ModelChoiceField(
        FundSource.objects.all(), label="资金来源", empty_label=None,
        error_messages={"required": "还没有可以安排的资金，请先登记资金来源。"},
    )  # fmt: skip
    amount = money("安排金额（元）")
    document = forms.CharField(label="下达文号", max_length=80)
    on = Day(label="下达日期")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["source"]
        rows = chosen.queryset.filter(place_id=project.place_id[:COUNTY])
        chosen.queryset = rows.order_by("-year", "kind")
        chosen.label_from_instance = lambda row: f"{row}（结余 {row.left:,.2f} 元）"
        self.fields["on"].initial = timezone.localdate()


class PayForm(ScopedForm, forms.Form):
    """To a unit, or to households: one line each, number and amount."""

    allocation = forms.ModelChoiceField(
        Allocation.objects.none(), label="从哪笔安排拨付", empty_label=None,
        error_messages={"required": "还没有安排资金，请先安排资金。"},
    )  # fmt: skip
    item = forms.CharField(
        label="拨付事项", max_length=60, help_text="按期发放的写明时间，如“2026年第一季度交通补助”。"
    )
    voucher = forms.CharField(label="凭证号", max_length=60)
    paid_on = Day(label="拨付日期")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        chosen: Any = self.fields["allocation"]
        chosen.queryset = project.allocations.select_related("source").order_by("pk")
        chosen.label_from_instance = lambda row: f"{row.source}（可拨 {row.left:,.2f} 元）"
        self.fields["paid_on"].initial = timezone.localdate()


class PayUnitForm(PayForm):
    unit = forms.CharField(label="收款单位", max_length=80)
    amount = money("金额（元）")

    def payees(self) -> list[Payee]:
        return [Payee(self.cleaned_data["amount"], unit=self.cleaned_data["unit"])]


class PayHouseholdsForm(PayForm):
    payees_text = forms.CharField(
        label="发放名单", widget=forms.Textarea(attrs={"rows": 8, "class": "tabular"}),
        help_text="每行一户：户编号、金额，中间用空格隔开。可以从表格里两列复制过来。",
    )  # fmt: skip

    def clean_payees_text(self) -> str:
        text = str(self.cleaned_data["payees_text"])
        self._payees = payees_of(self.user, text)
        return text

    def payees(self) -> list[Payee]:
        return self._payees


def payees_of(user: User, text: str) -> list[Payee]:
    """The households and amounts of a list of lines. Raises ValidationError naming every line that is wrong."""
    lines = [re.split(r"[\s,，、\t]+", line.strip()) for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_PAYEES:
        raise forms.ValidationError(f"一次最多 {MOST_PAYEES:,} 户，请分几次发放。")
    numbers = [line[0] for line in lines]
    rows = Household.objects.visible_to(user).filter(household_no__in=numbers)
    found = {row.household_no: row for row in rows}
    faults, payees = [], []
    for at, line in enumerate(lines, 1):
        amount = amount_of(line[1:])
        if line[0] not in found:
            faults.append(f"第 {at} 行：没有找到户编号“{line[0][:24]}”，请核对。")
        elif amount is None:
            faults.append(f"第 {at} 行：金额不对，应为“户编号 金额”，如“{line[0]} 500.00”。")
        else:
            payees.append(Payee(amount, household=found[line[0]]))
    if faults:
        raise forms.ValidationError(faults[:10])
    return payees


def amount_of(parts: list[str]) -> Decimal | None:
    try:
        amount = Decimal(plain_number("".join(parts)))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 and amount == amount.quantize(Decimal("0.01")) else None
