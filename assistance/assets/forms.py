"""Shape of what is typed about assets; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from assistance.assets.services import FACTS
from assistance.models import Asset, Project
from povreg.kit.controls import Day
from povreg.kit.pages.forms import VersionedForm
from villages.codes.controls import Number
from villages.models import Place
from villages.places.fields import PlaceField

STATES = [choice for choice in Asset.State.choices if choice[0] != Asset.State.DISPOSED]


def money(label: str, **more: Any) -> Number:
    return Number(label=label, max_digits=14, decimal_places=2, **more)


class AssetForm(VersionedForm):
    place = PlaceField(label="所在地", levels=[Place.Level.VILLAGE, Place.Level.TOWNSHIP, Place.Level.COUNTY])
    project = forms.ModelChoiceField(
        Project.objects.filter(state=Project.State.ACCEPTED).order_by("-year", "name"), label="形成资产的项目",
        required=False, empty_label="（没有在库的项目）",
    )  # fmt: skip
    name = forms.CharField(label="资产名称", max_length=80)
    kind = forms.ChoiceField(label="类别", choices=Asset.Kind.choices)
    cost = money("原值（元）")
    formed_on = Day(label="形成日期")
    owner = forms.CharField(label="产权人", max_length=80, help_text="如：村集体经济组织。")
    operator = forms.CharField(label="经营（管护）人", max_length=80, required=False)
    contract = forms.CharField(label="合同编号", max_length=80, required=False)
    contract_from = Day(label="合同起", required=False)
    contract_to = Day(label="合同止", required=False)
    rent = money("年租金或收益（元）", required=False)
    use_of_income = forms.CharField(label="收益用途", max_length=200, required=False)
    upkeep = forms.CharField(label="管护责任", max_length=200, required=False)
    state = forms.ChoiceField(label="状态", choices=STATES)
    idle_since = Day(label="闲置开始", required=False)
    idle_reason = forms.CharField(label="闲置或低效原因和措施", max_length=200, required=False)

    def __init__(self, *args: Any, asset: Asset | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asset is not None:
            stored = {name: getattr(asset, name) for name in (*FACTS, "version") if name not in ("place", "project")}
            self.initial = {**stored, "place": asset.place_id, "project": asset.project_id, **self.initial}


class AssetDeedForm(forms.Form):
    """What a button of the list asks; ids bear the asset's number, for several stand on one page."""

    def __init__(self, *args: Any, asset: Asset, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"{type(self).__name__}-{asset.pk}-%s"})


class IncomeForm(AssetDeedForm):
    amount = money("收到金额（元）")
    received_on = Day(label="到账日期")
    to_households = money("其中分给农户（元）", required=False)
    used_for = forms.CharField(label="用途", max_length=200)
    document = forms.CharField(label="分配方案或凭证", max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = timezone.localdate()


class DisposeForm(AssetDeedForm):
    disposal = forms.ChoiceField(label="处置方式", choices=Asset.Disposal.choices)
    document = forms.CharField(label="批准文号", max_length=80)
    on = Day(label="处置日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
