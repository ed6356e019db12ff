"""Forms of comparisons; every rule is the verbs'."""

from __future__ import annotations

from django import forms

from audits.comparisons.filters import SOURCES
from audits.models import ComparisonHit
from audits.models.comparison import month_hence
from households.leads.forms import words
from povreg.kit.controls import Day
from povreg.kit.views import ScopedForm
from villages.codes.controls import PlainSelect
from villages.models import Place
from villages.places.fields import PlaceField


class UploadForm(ScopedForm, forms.Form):
    county = PlaceField(label="县", levels=[Place.Level.COUNTY])
    source = forms.ChoiceField(label="数据种类", choices=SOURCES, widget=PlainSelect)
    department = forms.CharField(label="部门", max_length=60, required=False, help_text="不填时按数据种类。")
    as_of = Day(label="数据日期")
    keep_until = Day(label="保存到", initial=month_hence, help_text="到期自动删除部门数据，核实结果保留。")
    file = forms.FileField(
        label="文件", help_text="Excel 工作簿，要有姓名和证件号码；没有号码的要有出生日期。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )  # fmt: skip


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label="核实结果", choices=ComparisonHit.Answer.choices, widget=PlainSelect)
    reason = words("怎么核实的", 300, rows=3, help_text="看了什么、问了谁、有什么凭据。")
