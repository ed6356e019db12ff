"""What to take away."""

from __future__ import annotations

from typing import Any

from django import forms

from audits.exports.declared import open_to
from audits.exports.services import FORMS, LONGEST_NAME, Columns
from villages.models import Place, User
from villages.places.filters import PlaceCodeField
from villages.rights import Right


class DatasetForm(forms.Form):
    """Datasets, columns (``dataset.column``; none ticked: all), place, year, format, masked or not."""

    datasets = forms.MultipleChoiceField(
        label="数据集", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个数据集。", "invalid_choice": "没有这个数据集，请重新选择。"},
    )  # fmt: skip
    columns = forms.MultipleChoiceField(
        label="列", required=False, widget=forms.CheckboxSelectMultiple, help_text="不选就是全部列",
        error_messages={"invalid_choice": "没有这一列，请重新选择。"},
    )  # fmt: skip
    place = PlaceCodeField(label="地区", error_messages={"required": "请选择地区。"})
    year = forms.IntegerField(
        label="年度", required=False, min_value=2000, max_value=2100, help_text="不填就是全部年度"
    )
    form = forms.ChoiceField(label="格式", choices=FORMS, initial="xlsx")
    name = forms.CharField(
        label="名称", required=False, max_length=LONGEST_NAME, help_text="保存为常用导出时填写，如：每月成员"
    )
    unmasked = forms.BooleanField(label="完整的证件、电话和银行卡号", required=False)
    reason = forms.CharField(label="理由", required=False, max_length=200, help_text="导出完整号码时必填，会登记")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.open = open_to(user)
        self.fields["datasets"].choices = [(each.code, each.label) for each in self.open]  # type: ignore[attr-defined]
        self.fields["columns"].choices = [  # type: ignore[attr-defined]
            (f"{each.code}.{name}", str(field.verbose_name))
            for each in self.open for name, field in each.columns().items()
        ]  # fmt: skip
        if not user.can(Right.EXPORT_UNMASKED):
            del self.fields["unmasked"], self.fields["reason"]

    def clean_place(self) -> Place:
        code = self.cleaned_data["place"]
        place = Place.objects.visible_to(self.user).filter(pk=code).first()
        if place is None or not self.user.can(Right.EXPORT, code):
            raise forms.ValidationError("请选择您负责范围内的地区：输入地名后从列表中点选。")
        return place

    @property
    def chosen(self) -> Columns:
        """Columns by dataset."""
        ticked = [each.split(".", 1) for each in self.cleaned_data["columns"]]
        return {code: [name for of, name in ticked if of == code] for code in self.cleaned_data["datasets"]}
