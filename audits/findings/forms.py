"""Forms of findings, rounds and inspections; every rule is the verbs'."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from audits.findings.services import LONGEST
from audits.models import AuditRound, Finding, InspectionVisit
from households.leads.forms import HouseholdNo, household_of, words
from households.models import Batch, Household
from povreg.kit.controls import Day
from povreg.kit.views import ScopedForm
from villages.codes.controls import PlainSelect, Whole
from villages.models import Place
from villages.places.fields import PlaceField

USUAL_DAYS = 15
"""Days that the form offers for a rectification."""
BY_HAND = [
    (each.value, each.label)
    for each in (Finding.Source.INSPECTION, Finding.Source.OBJECTION, Finding.Source.MANUAL, Finding.Source.SAMPLE)
]


def soon() -> Any:
    return timezone.localdate() + timedelta(days=USUAL_DAYS)


class RoundField(forms.ModelChoiceField):
    """A round that is still open."""

    def __init__(self, **kwargs: Any) -> None:
        rows = AuditRound.objects.filter(closed_on__isnull=True)
        super().__init__(rows, label="计入轮次", required=False, empty_label="不计入轮次", **kwargs)


class OpenForm(ScopedForm, forms.Form):
    """A new finding: about a household, or about a village or township."""

    source = forms.ChoiceField(label="来源", choices=BY_HAND, widget=PlainSelect)
    severity = forms.ChoiceField(label="程度", choices=Finding.Severity.choices, widget=PlainSelect, initial="W")
    household_no = HouseholdNo(required=False, help_text="涉及某一户的填写；涉及全村的填下面的村。")
    village = PlaceField(label="责任地", levels=[Place.Level.VILLAGE, Place.Level.TOWNSHIP], required=False)
    round = RoundField()
    title = forms.CharField(
        label="问题", max_length=80, help_text="一句话，不写姓名和号码。", error_messages={"required": "请填写问题。"}
    )
    said = words("情况", LONGEST, required=False, help_text="到哪里、看了什么、依据是什么。")

    def __init__(self, *args: Any, household: Household | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.household = household
        if household is not None:
            del self.fields["household_no"], self.fields["village"]

    def clean_household_no(self) -> str:
        number = str(self.cleaned_data["household_no"])
        if number.strip():
            self.household = household_of(self.user, number)
        return number

    @property
    def facts(self) -> dict[str, Any]:
        """What ``open_finding`` takes."""
        data = self.cleaned_data
        plain = ("source", "severity", "title", "said", "round")
        return {
            **{name: data[name] for name in plain},
            "household": self.household,
            "village": data.get("village"),
        }


class AssignForm(forms.Form):
    demand = words("整改要求", 300, rows=3, help_text="要做什么、要交什么凭据。")
    deadline = Day(label="整改期限", initial=soon)


class AnswerForm(forms.Form):
    """What was done; several photos or papers may come along."""

    outcome = forms.ChoiceField(
        label="整改结果", widget=PlainSelect, choices=[each for each in Finding.Outcome.choices if each[0] != "untrue"]
    )
    batch = forms.ModelChoiceField(
        label="办理的名单", queryset=Batch.objects.none(), required=False, empty_label="不涉及名单",
        help_text="剔除、补录的，选择办理的名单。",
    )  # fmt: skip
    text = words("整改情况", LONGEST, help_text="做了什么、哪天做的、还差什么。")
    file = forms.FileField(label="凭据", required=False, help_text="照片或 PDF，10 MB 以内。")

    def __init__(self, *args: Any, batches: QuerySet[Batch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["batch"]
        chosen.queryset = batches


class VerifyForm(forms.Form):
    text = words("核实情况", LONGEST, rows=3, help_text="怎么核实的、看到什么。")


class ReturnForm(VerifyForm):
    deadline = Day(label="新的期限", initial=soon)


class DismissForm(forms.Form):
    text = words("不属实的依据", LONGEST, rows=3, help_text="如挂名车、同名同姓，依据是什么。")


class ReopenForm(forms.Form):
    text = words("重新打开的原因", LONGEST, rows=3)
    deadline = Day(label="整改期限", initial=soon)


class RoundForm(ScopedForm, forms.Form):
    county = PlaceField(label="县", levels=[Place.Level.COUNTY])
    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写轮次名称。"})
    kind = forms.ChoiceField(label="种类", choices=AuditRound.Kind.choices, widget=PlainSelect)
    starts_on = Day(label="开始日期", initial=timezone.localdate)
    ends_on = Day(label="结束日期")


class CloseRoundForm(forms.Form):
    summary = words("通报说明", 500, rows=3, required=False, help_text="写进通报的话，可以不填。")


class InspectionForm(ScopedForm, forms.Form):
    village = PlaceField(label="走访的村", levels=[Place.Level.VILLAGE])
    visited_on = Day(label="走访日期", initial=timezone.localdate)
    method = forms.ChoiceField(label="方式", choices=InspectionVisit.Method.choices, widget=PlainSelect)
    team = forms.CharField(label="组成人员", max_length=80, error_messages={"required": "请填写组成人员。"})
    called = Whole(label="走访户数", min_value=0, max_value=5000)
    reached = Whole(label="见到户数", min_value=0, max_value=5000)
    round = RoundField()
    seen = words("发现的情况", 2000, rows=5, help_text="具体到户的问题，另外开出整改。")
