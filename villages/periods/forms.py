"""Shape of what a county says about its years, its office and its programmes. The rules are the verbs'."""

from typing import Any, cast

from django import forms
from django.utils import timezone

from povreg.kit.controls import Day
from povreg.kit.views import ScopedForm
from villages.models import Place, Programme
from villages.periods.hooks import declared_procedures
from villages.places.fields import PlaceField

YEAR = {"required": "请填写年度。", "invalid": "请填写四位年份，如 2026。"}
SOURCE = {"required": "请填写依据（文件名称、文号或会议）。", "max_length": "依据不能超过 200 个字。"}


def year_field(label: str, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, error_messages=YEAR, widget=forms.TextInput({"inputmode": "numeric"}), **more
    )


def text_field(label: str, most: int, **more: Any) -> forms.CharField:
    errors = {"required": f"请填写{label}。", "max_length": f"{label}不能超过 {most} 个字。"}
    return forms.CharField(label=label, max_length=most, error_messages=errors, **more)


class CountyForm(ScopedForm, forms.Form):
    """Every setting names its county and says where it comes from."""

    county = PlaceField(label="县", levels=[Place.Level.COUNTY], error_messages={"required": "请选择县（区、市）。"})
    source = forms.CharField(label="依据", max_length=200, help_text="文件名称、文号或会议。", error_messages=SOURCE)


class WorkingYearForm(CountyForm):
    year = year_field("工作年度", initial=lambda: timezone.localdate().year)
    field_order = ("county", "year", "source")


class OfficeForm(CountyForm):
    since = Day(label="启用日期", error_messages={"required": "请填写启用日期。"})
    name = text_field("机构名称", 40, help_text="页面、公示和表格上的叫法，如“县农业农村局”。")
    group = text_field("领导小组名称", 60, required=False, help_text="不填按所在时期的通常名称。")
    hotline = text_field("监督电话", 40, required=False, help_text="不填为 12317。")
    field_order = ("county", "name", "since", "group", "hotline", "source")


class ProgrammeForm(CountyForm):
    name = text_field("名称", 60, help_text="省里的叫法，如“低收入农户”。")
    procedures = forms.MultipleChoiceField(
        label="办理事项", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一项办理事项。", "invalid_choice": "没有这一事项，请从列出的中选择。"},
    )  # fmt: skip
    line_kind = forms.ChoiceField(
        label="评定所用标准", choices=Programme.Line.choices, initial=Programme.Line.PROVINCIAL,
        error_messages={"required": "请选择评定所用的标准。", "invalid_choice": "没有这一种标准，请重新选择。"},
    )  # fmt: skip
    year_from = year_field("起始年度", initial=lambda: timezone.localdate().year)
    year_to = year_field("截止年度", required=False, help_text="不填表示长期有效。")
    field_order = ("county", "name", "procedures", "line_kind", "year_from", "year_to", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(declared_procedures().items())
        cast(forms.MultipleChoiceField, self.fields["procedures"]).choices = choices
