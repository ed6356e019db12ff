"""Forms of leads; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from households.leads.services import FOUND, LONGEST, SHORTEST, Measured, Told
from households.models import Batch, Household, Lead, Member
from povreg.kit.controls import Day, Phone
from povreg.kit.views import ScopedForm
from villages.codes.controls import Code, Codes, Number, PlainSelect
from villages.models import Place, User
from villages.places.fields import PlaceField

SOURCES = [(str(each), str(each.label)) for each in Lead.Source if each not in FOUND]
NO_HOUSEHOLD = "没有找到这个户编号，请核对后再填（只能是您负责范围内的农户）。"


def words(label: str, length: int, rows: int = 4, **more: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=length, widget=widget, error_messages={"required": f"请填写{label}。"}, **more
    )


class HouseholdNo(forms.CharField):
    """The number of a household inside the person's places; its form finds the household."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="户编号", max_length=24, **kwargs)


def household_of(user: User, number: str) -> Household:
    """The household of a number. Raises ValidationError where there is none, or more than one."""
    found = list(Household.objects.visible_to(user).filter(household_no=number.strip()).select_related("village")[:2])
    if not found:
        raise forms.ValidationError(NO_HOUSEHOLD)
    if len(found) > 1:
        raise forms.ValidationError("不止一个县有这个户编号，请从农户页面登记线索。")
    return found[0]


class RaiseForm(ScopedForm, forms.Form):
    """A new lead: about a household, or about somebody told by name."""

    source = forms.ChoiceField(label="来源", choices=SOURCES, widget=PlainSelect)
    found_on = Day(label="发现日期")
    household_no = HouseholdNo(required=False, help_text="知道是哪一户的填写；不知道的填下面的村和姓名。")
    village = PlaceField(label="所在村", levels=[Place.Level.VILLAGE, Place.Level.TOWNSHIP], required=False)
    group_name = forms.CharField(label="自然村（组）", max_length=40, required=False)
    told_name = forms.CharField(label="反映的姓名", max_length=40, required=False)
    told_phone = Phone(required=False)
    member = forms.ModelChoiceField(label="主要是谁", queryset=Member.objects.none(), required=False)
    said = words("发生了什么", LONGEST, min_length=SHORTEST, help_text="按本人的说法记录，不写身份证号、银行卡号。")
    subject = forms.CharField(
        label="数值说明", max_length=40, required=False, help_text="如：医保自付。没有数值的不填。"
    )
    value = Number(label="数值（元）", max_digits=14, decimal_places=2, required=False)
    threshold = Number(label="界限（元）", max_digits=14, decimal_places=2, required=False)
    monitor_type = Code("monitor_type", label="拟定类别", blank="核实后再定", required=False)
    risks = Codes("risk", label="风险类型", required=False)

    def __init__(self, *args: Any, household: Household | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.household = household
        self.fields["found_on"].initial = timezone.localdate()
        if household is None:
            del self.fields["member"]
            return
        for name in ("household_no", "village", "group_name", "told_name"):
            del self.fields[name]
        chosen: Any = self.fields["member"]
        chosen.queryset = Member.objects.present().filter(household=household).order_by("person_no")
        chosen.label_from_instance = lambda person: person.name
        chosen.empty_label = "全户"

    def clean_household_no(self) -> str:
        number = str(self.cleaned_data["household_no"])
        if number.strip():
            self.household = household_of(self.user, number)
        return number

    @property
    def facts(self) -> dict[str, Any]:
        """What ``raise_lead`` takes."""
        data = self.cleaned_data
        plain = ("source", "found_on", "said", "monitor_type", "risks")
        return {
            **{name: data[name] for name in plain},
            "household": self.household,
            "member": data.get("member"),
            "village": data.get("village"),
            "told": Told(data.get("told_name", ""), data["told_phone"], data.get("group_name", "")),
            "measured": Measured(data["subject"], data["value"], data["threshold"]),
        }


class CheckForm(forms.Form):
    """Nothing is asked: the button says it."""


class VisitForm(forms.Form):
    visited_on = Day(label="入户日期")
    finding = words("核实情况", 2000, rows=5, help_text="到哪里、问了谁、看到什么、查了什么。")


class HouseholdForm(ScopedForm, forms.Form):
    household_no = HouseholdNo(help_text="还没有登记的农户，先在“登记新户”里登记。")

    def clean_household_no(self) -> str:
        self.household = household_of(self.user, str(self.cleaned_data["household_no"]))
        return self.household.household_no


class ListForm(forms.Form):
    batch = forms.ModelChoiceField(
        label="列入的名单", queryset=Batch.objects.none(), empty_label=None,
        error_messages={"required": "请选择名单。还没有列入名单的，先到“名单公示”里列入。"},
    )  # fmt: skip
    reason = words("理由", 300, rows=3)

    def __init__(self, *args: Any, batches: QuerySet[Batch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["batch"]
        chosen.queryset = batches


class DismissForm(forms.Form):
    reason = words("不纳入的理由", 300, rows=3, help_text="反映的人会看到，请写清楚依据，不写别人的姓名和病情。")


class HandForm(forms.Form):
    handed_to = forms.CharField(label="转交的单位", max_length=60, error_messages={"required": "请填写转交的单位。"})
    reason = words("转交的理由", 300, rows=3)
