"""Shape of what is typed about needs, offers and donations; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from assistance.models import SocialNeed, SocialOffer
from assistance.models.partner import HelpKind
from households.models import Household
from povreg.kit.controls import Day
from povreg.kit.views import ScopedForm
from villages.codes.controls import Number
from villages.models import Place
from villages.places.fields import PlaceField


def money(label: str, **more: Any) -> Number:
    return Number(label=label, max_digits=14, decimal_places=2, **more)


class NeedForm(ScopedForm, forms.Form):
    village = PlaceField(label="村", levels=[Place.Level.VILLAGE])
    household_no = forms.CharField(
        label="户编号", max_length=24, required=False, help_text="只给经办人看，不公开；村里的需求留空。"
    )
    kind = forms.ChoiceField(label="需要什么", choices=HelpKind.choices)
    title = forms.CharField(label="标题", max_length=60, help_text="会公开，不写姓名。如：一户村民缺冬衣。")
    content = forms.CharField(label="说明", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    amount = money("折合金额（元）")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [code for _role, code in self.user.postings_today() if len(code) == 12]
        self.initial = {"village": codes[0] if codes else None, **self.initial}

    def clean_household_no(self) -> str:
        number = str(self.cleaned_data["household_no"]).strip()
        self.household = Household.objects.visible_to(self.user).filter(household_no=number).first() if number else None
        if number and self.household is None:
            raise forms.ValidationError("没有找到这个户编号，请核对，或留空。")
        return number


class OfferForm(ScopedForm, forms.Form):
    place = PlaceField(label="帮扶范围", levels=[Place.Level.COUNTY, Place.Level.TOWNSHIP, Place.Level.VILLAGE])
    donor = forms.CharField(label="帮扶方", max_length=80)
    contact = forms.CharField(
        label="联系方式", max_length=60, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    kind = forms.ChoiceField(label="提供什么", choices=HelpKind.choices)
    content = forms.CharField(label="说明", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    amount = money("折合金额（元）")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [code for _role, code in self.user.postings_today()]
        self.initial = {"place": codes[0] if codes else None, **self.initial}


class DonateForm(forms.Form):
    offer = forms.ModelChoiceField(
        SocialOffer.objects.none(), label="用哪一方的帮扶", empty_label=None,
        error_messages={"required": "没有合适的帮扶意向，请先登记。"},
    )  # fmt: skip
    amount = money("折合金额（元）")
    delivered_on = Day(label="落实日期")
    receipt = forms.CharField(label="捐赠票据号", max_length=40, help_text="公益性捐赠票据的编号，帮扶方凭它抵税。")

    def __init__(self, *args: Any, need: SocialNeed, offers: list[SocialOffer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["offer"]
        chosen.queryset = SocialOffer.objects.filter(pk__in=[row.pk for row in offers])
        chosen.label_from_instance = lambda row: f"{row.donor}（还有 {row.amount - row.given:,.2f} 元）"
        self.fields["delivered_on"].initial = timezone.localdate()
        self.fields["amount"].initial = need.amount - need.met


class NothingAsked(forms.Form):
    """The button says it."""
