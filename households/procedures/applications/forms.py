"""Forms of applications that come before any list, and of the visit that follows; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms

from households.models import Application, Household, Survey
from households.procedures.applications.filters import KINDS
from households.procedures.applications.services import Proxy, SurveyorFacts
from households.procedures.engine import clock
from households.procedures.engine.cells import cell
from households.procedures.engine.forms import (
    choice_field,
    day_field,
    long_text,
    offer_kinds,
    text_field,
)
from households.register.years import years_offered
from povreg.kit.controls import Day
from villages.codes.controls import PlainSelect
from villages.models import User

NO_HOUSEHOLD = "没有找到这个户编号，请核对后再填（只能为您负责范围内的农户登记）。"
ENDS = [(str(each), str(each.label)) for each in (Application.State.DECLINED, Application.State.WITHDRAWN)]
SURVEYORS = range(1, 4)


class NewApplicationForm(forms.Form):
    """An application of a household, by itself or through a proxy."""

    household_no = text_field("户编号", length=24)
    kind = choice_field("申请事项", KINDS)
    year = forms.TypedChoiceField(label="年度", coerce=int, widget=PlainSelect)
    applied_on = day_field("申请日期")
    reason = long_text("申请理由", length=300)
    authorised_on = day_field("承诺授权日期", required=False)
    proxy_name = text_field("代办人", required=False, length=40, help_text="由他人代办的填写")
    proxy_relation = text_field("代办人与申请人关系", required=False, length=40)
    thumbprint = forms.BooleanField(label="申请书由申请人按手印", required=False)

    def __init__(self, *args: Any, user: User, household: Household | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.household = user, household
        self.fields["year"].choices = [(year, f"{year}年") for year in years_offered()]  # type: ignore[attr-defined]
        offer_kinds(self, KINDS(), user)
        self.fields["applied_on"].initial = clock.today()
        self.fields["authorised_on"].help_text = "农户书面同意核查家庭信息的日期；纳入监测必填"

    def clean_household_no(self) -> str:
        """A number inside the person's scope; two counties may share one, then it must be said which."""
        wanted = self.cleaned_data["household_no"].strip()
        if self.household is not None:
            return self.household.household_no
        found = list(Household.objects.visible_to(self.user).filter(household_no=wanted)[:2])
        if not found:
            raise forms.ValidationError(NO_HOUSEHOLD)
        if len(found) > 1:
            raise forms.ValidationError("不止一个县有这个户编号，请从农户页面登记申请。")
        self.household = found[0]
        return wanted

    def facts(self) -> dict[str, Any]:
        """What ``apply`` takes."""
        values = self.cleaned_data
        person = (values["proxy_name"], values["proxy_relation"])
        plain = ("kind", "year", "applied_on", "reason", "authorised_on")
        return {
            **{name: values[name] for name in plain},
            "household": self.household,
            "proxy": Proxy(*person, thumbprint=values["thumbprint"]) if any(person) else None,
        }


class CloseForm(forms.Form):
    """An application that does not go on a list."""

    state = choice_field("办理结果", ENDS)
    reason = long_text("原因")


class VisitForm(forms.Form):
    """A visit to one household: what was found, and who signed when."""

    surveyed_on = day_field("调查日期")
    finding = choice_field("调查结论", Survey.Finding.choices)
    note = long_text("调查情况", required=False, length=500)
    household_signed = forms.BooleanField(label="农户已签字（或按手印）", required=False)
    read_back = forms.BooleanField(label="已向农户宣读", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["surveyed_on"].initial = clock.today()
        for line in SURVEYORS:
            self.fields[f"name{line}"] = cell(f"调查人{line}", 40)
            self.fields[f"signed_on{line}"] = day = Day(label=f"调查人{line}签字日期", required=False)
            day.widget.attrs["aria-label"] = day.label
            self.fields[f"representative{line}"] = forms.BooleanField(label="村民代表", required=False)

    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("surveyed_on", "finding", "note")]

    def ticks(self) -> list[forms.BoundField]:
        return [self[name] for name in ("household_signed", "read_back")]

    def lines(self) -> list[tuple[int, forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(n, self[f"name{n}"], self[f"signed_on{n}"], self[f"representative{n}"]) for n in SURVEYORS]

    def clean(self) -> dict[str, Any]:
        """Who surveyed also signed."""
        values = super().clean() or {}
        for line in SURVEYORS:
            day = f"signed_on{line}"
            if values.get(f"name{line}") and day in values and not values[day]:
                self.add_error(day, "请填写签字日期。")
            if values.get(day) and not values.get(f"name{line}"):
                self.add_error(f"name{line}", "请填写签字的调查人姓名。")
        return values

    def facts(self) -> dict[str, Any]:
        """What ``record_survey`` takes."""
        values = self.cleaned_data
        plain = ("surveyed_on", "finding", "note", "household_signed", "read_back")
        people = [
            SurveyorFacts(values[f"name{line}"], values[f"signed_on{line}"], values[f"representative{line}"])
            for line in SURVEYORS
            if values[f"name{line}"]
        ]
        return {**{name: values[name] for name in plain}, "surveyors": people}
