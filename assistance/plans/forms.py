"""Forms of needs and plans; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from assistance.catalogue.selectors import answering, measures_at
from assistance.models import Plan
from assistance.models.plan import Need, Path
from assistance.plans.services import Aims
from povreg.kit.controls import Day
from povreg.kit.pages.forms import VersionedForm
from villages.codes.controls import Number, PlainSelect

AIMS = ("path", "path_reason", "other_paths", "target_income", "target")


def ticks(label: str, choices: Any, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False, **more
    )


def words(label: str, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": 3}), **more)


class NeedsForm(forms.Form):
    """What a household was asked."""

    surveyed_on = Day(label="调查日期")
    needs = ticks("需要什么", Need.choices)
    will = ticks("愿意走的路子", Path.choices)
    situation = words("现状", 300, required=False)
    difficulty = words("困难", 300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["surveyed_on"].initial = timezone.localdate()


class PlanForm(VersionedForm):
    """Where the year shall lead."""

    path = forms.ChoiceField(label="主要路子", choices=Path.choices, widget=PlainSelect)
    path_reason = words("为什么走这条路", 200)
    other_paths = ticks("其他路子", Path.choices)
    target_income = Number(label="人均纯收入目标（元）", max_digits=12, decimal_places=2, required=False)
    target = words("年度目标", 200, required=False)

    @property
    def aims(self) -> Aims:
        return Aims(**{name: self.cleaned_data[name] for name in AIMS})


class NewPlanForm(PlanForm):
    field_order = ("year",)
    year = forms.TypedChoiceField(label="年度", coerce=int, widget=PlainSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localdate().year
        self.fields["year"].choices = [(year, str(year)) for year in (now, now + 1)]  # type: ignore[attr-defined]


class LineForm(forms.Form):
    """A measure of the plan; those that answer the household's risks and causes stand first."""

    item = forms.TypedChoiceField(label="措施", coerce=int, widget=PlainSelect)
    quantity = Number(label="数量", max_digits=10, decimal_places=2, required=False)
    amount = Number(label="金额（元）", max_digits=12, decimal_places=2, required=False)
    due_on = Day(label="完成期限")
    responsible = forms.CharField(label="责任人或单位", max_length=60, required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {row.pk: row for row in measures_at(plan.village_id)}
        fitting = answering(self.items.values(), plan.risks, plan.causes)
        rest = [row for row in self.items.values() if row not in fitting]
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *((row.pk, f"{row}（{row.get_nature_display()}，针对本户）") for row in fitting),
            *((row.pk, f"{row}（{row.get_nature_display()}）") for row in rest),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "item": self.items[data["item"]]}


class AgreeForm(forms.Form):
    agreed_on = Day(label="商定日期")


class WhyForm(forms.Form):
    reason = forms.CharField(max_length=200, error_messages={"required": "请写明原因。"})
