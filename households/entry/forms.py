"""Forms of the entry sections, derived from the models through :mod:`households.register.fields`.

A form only reads what was typed: which fields changed against what the page had shown. Whether that may be saved is
for the verbs (households.register.services) to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.forms.models import fields_for_model
from django.http import QueryDict

from households.models import AnnualRecord, Household, Member
from households.register.fields import GUARANTEE_FACTS, HOUSEHOLD_FACTS, INCOME_FACTS, LIVING_FACTS, SURVEY_FACTS
from villages.codes.controls import UNRECORDED, Secret, control

LABELS = {
    "identified_on": "首次识别时间",
    "food": "是否不愁吃",
    "clothing": "是否不愁穿",
    "water_safe": "饮水是否安全",
    "power_living": "是否通生活用电",
    "broadcast": "是否通广播电视",
}
HINTS = {
    "water_safe": "没有逐项检测时填这一项；四项都填时以四项为准。",
    "house_security": "住房为 C、D 级但另有保障时填写。",
    "planned_exit_year": "四位年份，例如 2020。",
    "main_road_km": "到村主干路的距离。",
}
UNITS = {
    "main_road_km": "公里",
    "house_area_m2": "平方米",
    **{name: "亩" for name in LIVING_FACTS if name.endswith("_mu")},
}
UNIT_SUFFIXES = ("（亩）", "（平方米）", "（公里）")


def suggest(form: forms.Form, values: Mapping[str, Any]) -> set[str]:
    """Put ``values`` into the boxes of an unbound form as if somebody had typed them over what is stored, so that
    saving counts them as changes. Returns the names of the fields that differ."""
    wanted = {name: value for name, value in values.items() if name in form.fields and form.initial.get(name) != value}
    if form.is_bound or not wanted:
        return set()
    shown = QueryDict(mutable=True)
    for name in wanted:
        posted = _posted(form, name)
        shown.setlist(form.add_initial_prefix(name), posted if isinstance(posted, list) else [posted])
    form.data = shown
    form.initial = {**form.initial, **wanted}
    return set(wanted)


def _posted(form: forms.Form, name: str) -> Any:
    value = form.fields[name].prepare_value(form.initial.get(name))
    return "" if value is None else value


def moved(form: forms.Form) -> list[str]:
    """The fields typed here that somebody else changed since the page was made: what is stored now is not what the page
    had shown."""
    return [name for name in form.changed_data if form.fields[name].show_hidden_initial and _moved(form, name)]


def _moved(form: forms.Form, name: str) -> bool:
    field = form.fields[name]
    shown = form._widget_data_value(field.hidden_widget(), form[name].html_initial_name)  # type: ignore[attr-defined]
    stored = field.prepare_value(form.initial.get(name))
    return field.to_python(shown) != field.to_python("" if stored is None else stored)


def kept(form: forms.Form) -> list[str]:
    """The typed fields, without those where the reader chose to keep what somebody else had saved."""
    return [name for name in form.changed_data if form.data.get(f"keep-{form.add_prefix(name)}") != "theirs"]


def spoken(field: forms.Field, value: Any) -> str:
    """A value as a sentence says it: the label of a choice, a number as people write it."""
    prepared = field.prepare_value(value)
    if isinstance(prepared, list):
        return "、".join(spoken(field, each) for each in prepared)
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(prepared, prepared) if prepared not in (None, "") else UNRECORDED)


class SectionForm(forms.Form):
    """One section of one record. ``version`` is the record's version the page was rendered from (0: no record yet)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    model: type[Model]
    names: tuple[str, ...] = ()
    use_required_attribute = False

    def __init__(
        self, *args: Any, row: Model | None = None, suggested: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = self.values_of(row) | dict(kwargs.get("initial") or {})
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.suggested = suggest(self, suggested or {})
        for name, field in self.fields.items():
            if isinstance(field, Secret):
                self.initial[name] = field.show_mask(getattr(row, name, "") or "")

    def values_of(self, row: Model | None) -> dict[str, Any]:
        if row is None:
            return {"version": 0}
        return {"version": row.version} | {name: getattr(row, name) for name in self.names}  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """What was typed differently from what the page had shown."""
        typed = self.cleaned_data
        return {name: typed[name] for name in kept(self) if name in self.names and name in typed}

    @property
    def seen_version(self) -> int | None:
        return self.cleaned_data.get("version") or None


def section_form(title: str, model: type[Model], names: tuple[str, ...]) -> type[SectionForm]:
    """A form class for ``names`` of ``model``; what the page showed comes back in hidden inputs."""
    fields = fields_for_model(model, fields=names, formfield_callback=control)
    for name, field in fields.items():
        _dress(name, field)
    return type(title, (SectionForm,), {**fields, "model": model, "names": names})


def _dress(name: str, field: forms.Field) -> None:
    field.show_hidden_initial = not isinstance(field, Secret)
    field.unit = UNITS.get(name, "")  # type: ignore[attr-defined]
    field.help_text = HINTS.get(name, "")
    field.label = LABELS.get(name, str(field.label))
    for suffix in UNIT_SUFFIXES:
        field.label = field.label.removesuffix(suffix)


SECTION_FORMS: Mapping[str, type[SectionForm]] = {
    "basic": section_form("BasicForm", Household, HOUSEHOLD_FACTS),
    "living": section_form("LivingForm", AnnualRecord, LIVING_FACTS),
    "income": section_form("IncomeForm", AnnualRecord, INCOME_FACTS),
    "guarantees": section_form("GuaranteesForm", AnnualRecord, GUARANTEE_FACTS + SURVEY_FACTS),
}

HEAD_FACTS = ("name", "id_no", "sex", "birth_date", "ethnicity")
FIRST_FACTS = ("group_name", "phone", "household_attr", "main_cause")


class NewHouseholdForm(forms.Form):
    """What starts a household: where, and who heads it. Everything else follows on its page."""

    use_required_attribute = False
    village = forms.CharField(
        label="行政村", error_messages={"required": "请选择行政村：输入村名、代码或拼音首字母后从列表中选。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields |= fields_for_model(Member, fields=HEAD_FACTS, formfield_callback=control)
        self.fields |= fields_for_model(Household, fields=FIRST_FACTS, formfield_callback=control)
        self.fields["name"].label = "户主姓名"
        self.fields["name"].error_messages["required"] = "请填写户主姓名。"
        self.fields["id_no"].label = "户主身份证号"
        self.fields["id_no"].must = True  # type: ignore[attr-defined]
        for name, mark in (("id_no", "data-id-no"), ("sex", "data-id-sex"), ("birth_date", "data-id-birth")):
            self.fields[name].widget.attrs[mark] = True
        self.fields["name"].widget.attrs["data-first"] = True

    def head(self) -> dict[str, Any]:
        """The head's facts that were typed."""
        return self._typed(HEAD_FACTS)

    def facts(self) -> dict[str, Any]:
        """The household's facts that were typed."""
        return self._typed(FIRST_FACTS)

    def _typed(self, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: value for name in names if (value := self.cleaned_data.get(name)) not in ("", None, [])}
