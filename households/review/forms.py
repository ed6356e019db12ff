"""Shape of what is typed of an assessment and of a decision. The rules are the verbs'."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from households.models import Review
from households.models.review import Outcome
from povreg.kit.controls import Day
from povreg.kit.pages.forms import VersionedForm
from villages.codes.selectors import choices


def _choice(label: str, options: Any) -> forms.ChoiceField:
    errors = {"required": f"请选择{label}。", "invalid_choice": "请从列出的中选择。"}
    return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect, error_messages=errors)


def _text(label: str, most: int, **more: Any) -> forms.CharField:
    errors = {"required": f"请填写{label}。", "max_length": f"{label}不能超过 {most} 个字。"}
    return forms.CharField(label=label, max_length=most, error_messages=errors, **more)


class ReviewForm(VersionedForm):
    """What the assessors found of a household."""

    economy = _choice("经济状况", Review.Economy.choices)
    ability = _choice("发展能力", Review.Ability.choices)
    evidence = _text(
        "评估依据", 500, widget=forms.Textarea({"rows": 4}), help_text="收入来源、住房、劳动力、负债等实际情况"
    )
    assessors = _text("评估人", 60, help_text="两人以上用顿号隔开")
    assessed_on = Day(label="评估日期", error_messages={"required": "请填写评估日期。"})
    proposal = _choice("建议", Outcome.choices)


class DecisionForm(forms.Form):
    """What the county office decided, with the policies that run on."""

    outcome = _choice("决定", Outcome.choices)
    document = _text("文件号", 80)
    decided_on = Day(label="决定日期", error_messages={"required": "请填写决定日期。"})
    since = Day(label="执行日期", error_messages={"required": "请填写执行日期。"})
    note = forms.CharField(label="说明", max_length=200, required=False)
    policies = forms.MultipleChoiceField(
        label="延续的政策", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="有截止日期的，在下面填写；不填为长期",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = choices("support_policy")
        self.fields["policies"].choices = self.codes  # type: ignore[attr-defined]
        self.fields["decided_on"].initial = timezone.localdate
        for code, name in self.codes:
            self.fields[f"until_{code}"] = Day(label=f"{name}延续至", required=False)

    def runs(self) -> dict[str, date | None]:
        """The policies ticked, or given an end, each with it."""
        ends = {code: self.cleaned_data.get(f"until_{code}") for code, _name in self.codes}
        return {code: end for code, end in ends.items() if end or code in self.cleaned_data["policies"]}


class WhyForm(forms.Form):
    """Why a decision is taken back."""

    reason = forms.CharField(required=False)
