"""Forms of what the county office sets: a template's next version, and when a function is open."""

from __future__ import annotations

from typing import Any

from django import forms

from households.models import ProcedureTemplate, SeasonWindow
from households.models.template import DayRule, StepKind
from households.procedures.engine.cells import cell, number, pick
from households.procedures.engine.forms import (
    choice_field,
    day_field,
    long_text,
    text_field,
)
from households.procedures.engine.kinds import drafted
from households.procedures.engine.templates import StepChange
from villages.codes.controls import Number, Whole
from villages.models import Place, User
from villages.rights import Right

ON = (("yes", "启用"), ("no", "省略"))


class ReviseForm(forms.Form):
    """The county's next version of a template, a line a step."""

    name = text_field("名称", length=60)
    source = long_text("依据", length=300)
    signature_gap_days = Whole(label="各级签字间隔（天）", min_value=0, max_value=60)

    def __init__(self, *args: Any, template: ProcedureTemplate, **kwargs: Any) -> None:
        known = {name: getattr(template, name) for name in ("name", "source", "signature_gap_days")}
        kwargs["initial"] = known
        super().__init__(*args, **kwargs)
        self.steps = list(template.steps.all())
        for step in self.steps:
            self._add(step)

    def _add(self, step: Any) -> None:
        self.fields[f"label-{step.pk}"] = cell("名称", 60, step.label)
        self.fields[f"days-{step.pk}"] = number("天数")
        self.fields[f"days-{step.pk}"].initial = step.days
        self.fields[f"day_rule-{step.pk}"] = pick("计日方式", DayRule.choices, step.day_rule)
        if step.is_optional:
            self.fields[f"enabled-{step.pk}"] = pick("启用", ON, "yes" if step.enabled else "no")
        if step.kind == StepKind.APPRAISAL:
            self.fields[f"quorum-{step.pk}"] = cell("到会比例", 7, step.quorum)
        if step.kind in (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW):
            share = Number(label="抽查比例（%）", required=False, max_digits=4, decimal_places=1)
            share.initial = step.sample_percent
            share.widget.attrs["aria-label"] = "抽查比例（%）"
            self.fields[f"sample_percent-{step.pk}"] = share

    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "source", "signature_gap_days")]

    def lines(self) -> list[dict[str, Any]]:
        """The controls of each step; those it does not have are None."""
        names = ("label", "days", "day_rule", "enabled", "quorum", "sample_percent")
        return [
            {
                "step": step,
                **{name: self[f"{name}-{step.pk}"] if f"{name}-{step.pk}" in self.fields else None for name in names},
            }
            for step in self.steps
        ]

    def changes(self) -> dict[str, StepChange]:
        return {step.code: self._change(step.pk) for step in self.steps}

    def _change(self, pk: int) -> StepChange:
        values = self.cleaned_data
        enabled = values.get(f"enabled-{pk}")
        return StepChange(
            label=values[f"label-{pk}"],
            days=values[f"days-{pk}"] or 0,
            day_rule=values[f"day_rule-{pk}"] or None,
            enabled=enabled == "yes" if enabled else None,
            quorum=values.get(f"quorum-{pk}"),
            sample_percent=values.get(f"sample_percent-{pk}"),
        )


class WindowForm(forms.Form):
    """A function opened for a place between two days."""

    function = choice_field("功能", SeasonWindow.Function.choices)
    kind = choice_field("种类", lambda: [("", "所有种类"), *drafted()], required=False)
    place = forms.CharField(label="地区", error_messages={"required": "请选择地区：输入地名后从列表中点选。"})
    opens_on = day_field("开放日期")
    closes_on = day_field("关闭日期")
    reason = long_text("依据", help_text="文件或通知")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_place(self) -> str:
        """A place inside the postings that let the person set it."""
        code = self.cleaned_data["place"]
        inside = Place.objects.visible_to(self.user).filter(pk=code).exists()
        if not inside or not self.user.can(Right.TEMPLATE_EDIT, code):
            raise forms.ValidationError("请选择您负责范围内的地区：输入地名后从列表中点选。")
        return str(code)
