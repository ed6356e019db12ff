"""The edit pages of shares and dividends, and the handing on of one holding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from assistance.models import Partner, Shareholding
from assistance.partners.forms import HouseholdsForm, money
from assistance.partners.shares import services
from assistance.partners.shares.lists import HandForm
from households.models import Household
from households.register.errors import refusal
from povreg.kit.controls import Day
from povreg.kit.pages.edit import Edit, home, posted
from povreg.kit.views import ScopedForm
from villages.codes.controls import Number
from villages.models import User
from villages.rights import Right

OWN = [each for each in Shareholding.Origin.choices if each[0] != Shareholding.Origin.HANDED]


def partner_field(user: User) -> Any:
    return Partner.objects.visible_to(user).filter(is_active=True).order_by("name")


class AllotForm(HouseholdsForm):
    partner = forms.ModelChoiceField(Partner.objects.none(), label="带贫主体", empty_label="请选择")
    origin = forms.ChoiceField(label="来源", choices=OWN)
    count = Number(label="每户股数", max_digits=12, decimal_places=2)
    worth = Number(label="每户折合金额（元）", max_digits=12, decimal_places=2, required=False)
    since = Day(label="入股日期")
    field_order = ("partner", "origin", "count", "worth", "since", "numbers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["partner"]
        chosen.queryset = partner_field(self.user)
        self.fields["since"].initial = timezone.localdate()


class DividendForm(ScopedForm, forms.Form):
    partner = forms.ModelChoiceField(Partner.objects.none(), label="带贫主体", empty_label="请选择")
    total = money("分红总额（元）", help_text="按股数分到每户，精确到分。")
    paid_on = Day(label="分红日期")
    voucher = forms.CharField(label="凭证", max_length=60, help_text="如：2026年度分红表。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["partner"]
        chosen.queryset = partner_field(self.user)
        self.fields["paid_on"].initial = timezone.localdate()


def allot(by: User, row: None, form: Any) -> int:
    facts = {name: form.cleaned_data[name] for name in ("partner", "origin", "count", "worth", "since")}
    return services.allot_shares(by=by, households=form.households, **facts)


def hand(by: User, row: Shareholding, form: Any) -> Shareholding:
    number = form.cleaned_data["number"].strip()
    to = Household.objects.visible_to(by).filter(household_no=number).first()
    if to is None:
        raise refusal(f"没有找到户编号“{number}”，请核对。", field="number")
    return services.hand_on(by=by, holding=row, household=to, on=form.cleaned_data["on"])


def to_shares(request: HttpRequest, row: Any) -> str:
    return reverse("shares")


COMMON: dict[str, Any] = {
    "right": Right.PARTNER_EDIT, "after": to_shares, "crumbs": home("股份和分红", "shares"),
}  # fmt: skip
ALLOT = Edit(
    code="share-new",
    title=lambda row: "登记股份",
    form=lambda request, row: AllotForm(posted(request), user=request.user),
    save=allot,
    done=lambda count: f"已登记 {count:,} 户的股份。",
    wide=("numbers",),
    **COMMON,
)
DIVIDEND = Edit(
    code="dividend-new",
    title=lambda row: "登记分红",
    form=lambda request, row: DividendForm(posted(request), user=request.user),
    save=lambda by, row, form: services.pay_dividend(by=by, **form.cleaned_data),
    done=lambda paid: f"已分到 {len(paid):,} 户。",
    label="登记分红",
    **COMMON,
)
HAND = Edit(
    code="share-hand",
    title=lambda row: "脱贫转股",
    rows=lambda: Shareholding.objects.select_related("partner", "household"),
    place="partner__place_id",
    form=lambda request, row: HandForm(posted(request), holding=row),
    save=hand,
    done=lambda row: f"已转 {row.count.normalize():f} 股。",
    **COMMON,
)
