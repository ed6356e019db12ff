"""Shape of what is typed about partners; every rule is the verbs'."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone

from assistance.models import Partner, PartnerLink
from assistance.partners.services import FACTS
from households.models import Household
from povreg.kit.controls import Day
from povreg.kit.pages.forms import VersionedForm
from povreg.kit.views import ScopedForm
from villages.codes.controls import Number
from villages.models import Place
from villages.places.fields import PlaceField


def money(label: str, **more: Any) -> Number:
    return Number(label=label, max_digits=14, decimal_places=2, **more)


class PartnerForm(VersionedForm):
    place = PlaceField(label="所在地", levels=[Place.Level.VILLAGE, Place.Level.TOWNSHIP, Place.Level.COUNTY])
    name = forms.CharField(label="名称", max_length=80)
    kind = forms.ChoiceField(label="类别", choices=Partner.Kind.choices)
    credit_code = forms.RegexField(
        r"^[0-9A-Z]{18}$", label="统一社会信用代码", required=False,
        error_messages={"invalid": "应为 18 位数字和大写字母，请核对；没有的留空。"},
    )  # fmt: skip
    industry = forms.CharField(label="产业", max_length=60, help_text="如：柑橘、养鸡、服装加工。")
    is_active = forms.BooleanField(label="正常经营", required=False, initial=True)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, partner: Partner | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partner is not None:
            stored = {name: getattr(partner, name) for name in (*FACTS, "version") if name != "place"}
            self.initial = {**stored, "place": partner.place_id, **self.initial}


class HouseholdsForm(ScopedForm, forms.Form):
    """Asks for households by number; ``households`` are those found."""

    numbers = forms.CharField(
        label="户编号", widget=forms.Textarea(attrs={"rows": 5, "class": "tabular"}), help_text="每行一个。"
    )

    def clean_numbers(self) -> str:
        text = str(self.cleaned_data["numbers"])
        asked = list(dict.fromkeys(filter(None, re.split(r"[\s,，、]+", text))))
        self.households = list(Household.objects.visible_to(self.user).filter(household_no__in=asked[:2000]))
        missing = sorted(set(asked) - {row.household_no for row in self.households})
        if missing:
            raise forms.ValidationError(f"没有找到这些户编号：{'、'.join(missing[:5])}，请核对。")
        return text


class LinkForm(HouseholdsForm):
    form = forms.ChoiceField(label="带动方式", choices=PartnerLink.Form.choices)
    since = Day(label="开始")
    effect = forms.CharField(label="成效", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = timezone.localdate()


class OfLink(forms.Form):
    """What a button of the list asks; ids bear the link's number."""

    def __init__(self, *args: Any, link: PartnerLink, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"{type(self).__name__}-{link.pk}-%s"})
        for name in ("paid_on", "until"):
            if name in self.fields:
                self.fields[name].initial = timezone.localdate()


class PayForm(OfLink):
    amount = money("金额（元）")
    paid_on = Day(label="日期")
    voucher = forms.CharField(label="凭证", max_length=60)


class EndForm(OfLink):
    until = Day(label="结束日期")
