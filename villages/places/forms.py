"""Shape of what is typed about places. The rules are the verbs' (services.py, mergers.py)."""

import re
from typing import Any, cast

from django import forms
from django.utils import timezone

from povreg.kit.controls import Day
from povreg.kit.pages.forms import VersionedForm
from povreg.kit.views import ScopedForm
from villages.codes.selectors import choices
from villages.models import Place, VillageProfile
from villages.places.fields import PlaceField
from villages.places.selectors import neighbours
from villages.places.services import PROFILE_FIELDS

SEPARATORS = re.compile(r"[、，,；;\s]+")
WHOLE = {
    "invalid": "请填写整数，不带小数和单位。",
    "min_value": "不能小于 0，请核对。",
    "max_value": "数字过大，请核对。",
}


def whole_number(label: str, highest: int = 2_000_000, lowest: int = 0) -> forms.IntegerField:
    """An optional count."""
    return forms.IntegerField(
        label=label, required=False, min_value=lowest, max_value=highest, error_messages=WHOLE,
        widget=forms.TextInput({"inputmode": "numeric", "class": "num"}),
    )  # fmt: skip


class ProfileForm(VersionedForm):
    """What is known of a village; blank is "not recorded"."""

    is_poor = forms.BooleanField(label="贫困村", required=False)
    in_mountain_cluster = forms.BooleanField(label="集中连片山区", required=False)
    village_attr = forms.ChoiceField(label="村类型", required=False)
    delisted_year = forms.IntegerField(
        label="出列年度", required=False, min_value=2014, max_value=2100, help_text="未出列的不填。",
        error_messages={"invalid": "请填写四位年份，如 2018。", "min_value": "出列年度不早于 2014 年，请核对。"},
        widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip
    households = whole_number("总户数")
    population = whole_number("总人口")
    collective_income = forms.DecimalField(
        label="村集体经济收入（元）", required=False, min_value=0, max_digits=12, decimal_places=2,
        error_messages={
            "invalid": "请填写金额，只用数字和小数点，单位为元。", "min_value": "不能小于 0，请核对。",
            "max_decimal_places": "最多两位小数。", "max_digits": "数字过大，请核对单位。",
            "max_whole_digits": "数字过大，请核对单位。",
        },
        widget=forms.TextInput({"inputmode": "decimal", "class": "num"}),
    )  # fmt: skip

    def __init__(self, *args: Any, profile: VillageProfile | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["village_attr"]).choices = [("", "未记录"), *choices("village_attr")]
        if profile is not None:
            self.initial = {name: getattr(profile, name) for name in (*PROFILE_FIELDS, "version")}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PROFILE_FIELDS}


def name_field(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=80, help_text=hint,
        error_messages={"required": "请填写名称。", "max_length": "名称不能超过 80 个字。"},
    )  # fmt: skip


class VillageForm(forms.Form):
    code = forms.CharField(
        label="村代码", min_length=12, max_length=12, help_text="12 位统计用区划代码，前 9 位是本乡镇代码。",
        error_messages={
            "required": "请填写 12 位村代码。", "min_length": "村代码应为 12 位数字，请补齐。",
            "max_length": "村代码应为 12 位数字，请核对。",
        },
        widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip
    name = name_field("名称", "写全称，如“泉秀村村民委员会”。")


class GroupForm(forms.Form):
    name = name_field("组名", "与农户登记的“自然村（组）”写法一致，如“3组”。")


class DecisionForm(forms.Form):
    """The decision behind a change of places."""

    on = Day(
        label="生效日期",
        initial=timezone.localdate,
        error_messages={"required": "请填写生效日期。"},
    )
    document = forms.CharField(
        label="批复文号",
        max_length=120,
        error_messages={"required": "请填写批复文号。", "max_length": "批复文号不能超过 120 个字。"},
    )


class RenameForm(DecisionForm):
    name = name_field("新名称", "写全称。")
    field_order = ("name", "on", "document")


class MergeForm(ScopedForm, DecisionForm):
    """Villages to merge into the one of the page: those of its township, and one of another township."""

    sources = forms.MultipleChoiceField(
        label="要并入的村", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选的村不在本乡镇，请重新选择。"},
    )  # fmt: skip
    other = PlaceField(
        label="其他乡镇的村", required=False, levels=[Place.Level.VILLAGE], help_text="只在跨乡镇合并时填写。"
    )
    field_order = ("sources", "other", "on", "document")

    def __init__(self, *args: Any, target: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["sources"]).choices = [
            (place.pk, str(place)) for place in neighbours(target)
        ]

    @property
    def codes(self) -> list[str]:
        other = self.cleaned_data["other"]
        return [*self.cleaned_data["sources"], *([other.pk] if other else [])]


class SplitForm(ScopedForm, DecisionForm):
    """Groups of the page's village that go to another village, or the whole rest of it."""

    target = PlaceField(
        label="划入的村", levels=[Place.Level.VILLAGE], help_text="新设的村请先在乡镇页面“新增村”。",
        error_messages={"required": "请选择划入的村。"},
    )  # fmt: skip
    groups = forms.CharField(
        label="划出的组", max_length=400, help_text="几个组用顿号隔开，如“1组、2组”。",
        error_messages={"required": "请填写要划出的组。", "max_length": "组名太多，请分几次办理。"},
    )  # fmt: skip
    field_order = ("target", "groups", "on", "document")

    @property
    def group_names(self) -> list[str]:
        return [name for name in SEPARATORS.split(self.cleaned_data["groups"]) if name]
