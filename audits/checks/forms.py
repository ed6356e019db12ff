"""Forms of checks; every rule is the verbs'."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from audits.checks.check import PARAMETERS, Check
from audits.findings.forms import AssignForm, RoundField
from audits.models import Doubt
from povreg.kit.controls import Day
from povreg.kit.views import ScopedForm
from villages.codes.controls import PlainSelect, Whole
from villages.models import Place
from villages.places.fields import PlaceField

A_YEAR = timedelta(days=365)


class ExemptForm(forms.Form):
    reason = forms.CharField(
        label="豁免的理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="核实的情况和依据。", error_messages={"required": "请填写豁免的理由。"},
    )  # fmt: skip
    until = Day(label="有效期至", initial=lambda: timezone.localdate() + A_YEAR)
    whole_village = forms.BooleanField(label="全村都不适用这条规则", required=False)


class OpenForm(ScopedForm, forms.Form):
    round = RoundField()


class OpenAllForm(ScopedForm, AssignForm):
    """Open the doubts of a rule village by village."""

    place = PlaceField(label="范围", levels=[Place.Level.COUNTY, Place.Level.TOWNSHIP, Place.Level.VILLAGE])
    round = RoundField()
    field_order = ("place", "demand", "deadline", "round")


class RunForm(ScopedForm, forms.Form):
    place = PlaceField(label="范围", levels=[Place.Level.COUNTY, Place.Level.TOWNSHIP, Place.Level.VILLAGE])
    year = Whole(label="年度", min_value=2014, max_value=2100)


class RuleForm(ScopedForm, forms.Form):
    """What the county sets about a rule."""

    county = PlaceField(label="县", levels=[Place.Level.COUNTY])
    year_from = Whole(label="起始年度", min_value=2014, max_value=2100)
    severity = forms.ChoiceField(
        label="程度", choices=[("", "不改"), *Doubt.Severity.choices[:2]], required=False, widget=PlainSelect
    )
    enabled = forms.BooleanField(label="启用", required=False, initial=True)
    reason = forms.CharField(label="依据", max_length=200, error_messages={"required": "请填写依据。"})

    def __init__(self, *args: Any, check: Check, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = tuple(check.params)
        for name, value in check.params.items():
            self.fields[f"param-{name}"] = Whole(label=PARAMETERS[name], min_value=0, max_value=100000, initial=value)

    @property
    def facts(self) -> dict[str, Any]:
        """What ``set_rule`` takes."""
        data = self.cleaned_data
        plain = ("county", "year_from", "severity", "enabled", "reason")
        return {name: data[name] for name in plain} | {"params": {name: data[f"param-{name}"] for name in self.names}}
