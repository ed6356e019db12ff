"""What the trail is narrowed by on its page."""

from __future__ import annotations

from typing import Any

from django import forms

from audits.trail.selectors import Asked
from households.models import Batch, Household, Member
from povreg.kit.controls import Day
from povreg.kit.history import verb_label
from villages.models import User
from villages.people.selectors import place_label
from villages.places.filters import PlaceCodeField

NUMBER: dict[str, Any] = {"required": False, "min_value": 1, "max_value": 2**31 - 1}


class TrailForm(forms.Form):
    """Ids and days only: a name in an address would stand in logs."""

    who = forms.CharField(label="账号", required=False, max_length=40, help_text="账号名")
    place = PlaceCodeField(label="所在地", required=False)
    since = Day(label="从", required=False)
    until = Day(label="到", required=False)
    household = forms.IntegerField(label="户", widget=forms.HiddenInput, **NUMBER)
    member = forms.IntegerField(label="人", widget=forms.HiddenInput, **NUMBER)
    batch = forms.IntegerField(label="名单", widget=forms.HiddenInput, **NUMBER)
    job = forms.UUIDField(label="导入或任务", required=False, widget=forms.HiddenInput)
    verb = forms.SlugField(label="操作", required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", "结束日期早于开始日期，请改正。")
        name = values.get("who", "").strip()
        values["account"] = User.objects.filter(username=name).values_list("pk", flat=True).first() if name else None
        if name and not values["account"]:
            self.add_error("who", f"没有叫“{name}”的账号，请核对账号名。")
        return values

    @property
    def asked(self) -> Asked:
        """What was asked for; faulty values narrow nothing."""
        values = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        names = ("account", "place", "since", "until", "household", "member", "batch", "verb")
        given = {name: values[name] for name in names if values.get(name)}
        return Asked(**given, job=str(values.get("job") or ""))

    def words(self, user: User) -> str:
        """The filter as the page and the workbook's last sheet say it."""
        values = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        said = [f"{field.label}：{_said(user, name, values[name])}" for name, field in self.fields.items()
                if values.get(name)]  # fmt: skip
        return "；".join(said) or "全部"


MODELS: dict[str, Any] = {"household": Household, "member": Member, "batch": Batch}


def _said(user: User, name: str, value: Any) -> str:
    """A value in words; of a row the name that whoever may see it knows it by."""
    if name == "place":
        return place_label(value) or value
    if name == "verb":
        return verb_label(value) or "未登记的改动"
    if name == "job":
        return "只看这一次"
    row = MODELS[name].objects.visible_to(user).filter(pk=value).first() if name in MODELS else value
    return "不在您的范围内" if row is None else str(row)
