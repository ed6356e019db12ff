"""The form of an income test: amounts with a switch each, the people, what happened."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.models import fields_for_model

from households.leads.people import living_on
from households.models import Household, IncomeTest, Member
from households.models.income import TEST_FIELDS
from households.register.income_range import PARTS
from povreg.kit.pages.columns import yuan_text
from villages.codes.controls import Whole, control
from villages.standards.rules import Thresholds

SWITCH = "count_"
AMOUNTS = fields_for_model(IncomeTest, fields=[*TEST_FIELDS, "before_per_head"], formfield_callback=control)


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class IncomeForm(forms.Form):
    """What is asked for one test. ``suggested`` are the amounts of a yearly record: shown as such, and typed in where
    nothing was saved yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    members = PeopleField(label="共同生活的人", queryset=Member.objects.none(), required=False)
    others = Whole(label="没有登记的人数", min_value=0, max_value=20, required=False)
    basis = forms.CharField(
        label="人口口径", max_length=120, required=False, help_text="如：常年在外务工但收入供养家里的计入。"
    )
    event = forms.CharField(
        label="突发情况", max_length=120, required=False, help_text="如：6月采石场坠落。没有的不填。"
    )

    def __init__(
        self, data: Any = None, *, household: Household, test: IncomeTest | None, asked_on: date,
        thresholds: Thresholds, suggested: dict[str, Decimal], suggested_year: int | None, before: Decimal | None,
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.suggested, self.suggested_year = suggested, suggested_year
        for name, field in AMOUNTS.items():
            self.fields[name] = type(field)(
                label=field.label, required=False, max_digits=field.max_digits, decimal_places=field.decimal_places
            )
        for name in TEST_FIELDS:
            self.fields[SWITCH + name] = forms.BooleanField(label=f"{self.fields[name].label}计入", required=False)
        living: Any = self.fields["members"]
        living.queryset = living_on(household, asked_on)
        self.initial = saved(test) if test else first(living.queryset, thresholds, suggested, before)

    def parts(self) -> list[dict[str, Any]]:
        """Rows of the table: the amount, its switch, what the yearly record says."""
        return [{"title": title, "rows": [self.row(name) for name in names]} for title, names in PARTS]

    def row(self, name: str) -> dict[str, Any]:
        hint = self.suggested.get(name)
        said = f"{self.suggested_year}年度登记 {yuan_text(hint)}" if hint is not None else ""
        return {"field": self[name], "switch": self[SWITCH + name], "said": said}

    def facts(self) -> dict[str, Any]:
        """What ``save_income_test`` takes, as far as it can be read."""
        data = self.cleaned_data
        plain = {name: data.get(name) for name in (*TEST_FIELDS, "before_per_head")}
        return plain | {
            "left_out": [name for name in TEST_FIELDS if not data.get(SWITCH + name)],
            "member_ids": sorted(person.pk for person in data.get("members") or ()),
            "others": data.get("others") or 0,
            "basis": data.get("basis", ""),
            "event": data.get("event", ""),
        }


def saved(test: IncomeTest) -> dict[str, Any]:
    """What the form holds of a test that was saved."""
    plain = (*TEST_FIELDS, "before_per_head", "others", "basis", "event", "version")
    switches = {SWITCH + name: name not in test.left_out for name in TEST_FIELDS}
    return {name: getattr(test, name) for name in plain} | switches | {"members": test.member_ids}


def first(people: Any, thresholds: Thresholds, suggested: dict[str, Decimal], before: Decimal | None) -> dict[str, Any]:
    """What it holds before anything was saved: the suggestion, everybody, the switches as the rules have them."""
    switches = {SWITCH + name: name not in thresholds.not_counted for name in TEST_FIELDS}
    return {**suggested, **switches, "members": [person.pk for person in people], "before_per_head": before}
