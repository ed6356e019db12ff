"""Shape of what is typed about lines and criteria sets. The rules are the verbs' (services.py)."""

from typing import Any, cast

from django import forms
from django.utils import timezone

from povreg.kit.views import ScopedForm
from villages.models import CriteriaSet, Place, PovertyLine
from villages.places.fields import PlaceField
from villages.standards.hooks import declared_criteria
from villages.standards.rules import ORDINARY, Thresholds

YEAR = {"required": "请填写年度。", "invalid": "请填写四位年份，如 2020。"}
AMOUNT = {
    "required": "请填写标准。",
    "invalid": "请填写金额，只用数字和小数点，单位为元/人·年。",
    "max_decimal_places": "标准最多两位小数。",
    "max_digits": "数字过大，请核对单位（元/人·年）。",
    "max_whole_digits": "数字过大，请核对单位（元/人·年）。",
}
SOURCE = {"required": "请填写依据（文件名称或文号）。", "max_length": "依据不能超过 200 个字。"}
REASON = {"required": "请填写原因。", "max_length": "原因不能超过 200 个字。"}
AGE = {"invalid": "请填写整数周岁。"}
PERCENT = {"invalid": "请填写 0 到 100 之间的数。", "max_digits": "请填写 0 到 100 之间的数。"}


def figure(mode: str = "decimal") -> forms.TextInput:
    return forms.TextInput({"inputmode": mode, "class": "num"})


def year_field(label: str, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, error_messages=YEAR, widget=forms.TextInput({"inputmode": "numeric"}), **more
    )


def source_field() -> forms.CharField:
    return forms.CharField(label="依据", max_length=200, help_text="文件名称、文号。", error_messages=SOURCE)


def standard_place() -> PlaceField:
    return PlaceField(
        label="适用地区", levels=[Place.Level.COUNTY, Place.Level.TOWNSHIP],
        error_messages={"required": "请选择适用地区。"}, help_text="更小地区的标准优先于更大地区的。",
    )  # fmt: skip


class AmountForm(forms.Form):
    """The figure of a line, where it comes from, and what to know about it."""

    amount = forms.DecimalField(
        label="标准（元/人·年）", max_digits=12, decimal_places=2, error_messages=AMOUNT, widget=figure()
    )
    source = source_field()
    note = forms.CharField(label="说明", max_length=200, required=False)


class LineForm(ScopedForm, AmountForm):
    kind = forms.ChoiceField(
        label="种类", choices=PovertyLine.Kind.choices, initial=PovertyLine.Kind.EXIT,
        error_messages={"required": "请选择种类。", "invalid_choice": "没有这一种类，请重新选择。"},
    )  # fmt: skip
    year = year_field("年度", initial=lambda: timezone.localdate().year)
    place = standard_place()
    field_order = ("kind", "year", "place", "amount", "source", "note")


class CorrectionForm(AmountForm):
    reason = forms.CharField(label="更正原因", max_length=200, error_messages=REASON)

    def __init__(self, *args: Any, line: PovertyLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"amount": line.amount, "source": line.source, "note": line.note}


class SetForm(ScopedForm, forms.Form):
    """A new version of a set of criteria; thresholds left blank keep their ordinary value."""

    name = forms.CharField(
        label="名称", max_length=60, error_messages={"required": "请填写名称。", "max_length": "名称不能超过 60 个字。"}
    )
    place = standard_place()
    year_from = year_field("起始年度", initial=lambda: timezone.localdate().year)
    year_to = year_field("截止年度", required=False, help_text="不填表示长期有效。")
    criteria = forms.MultipleChoiceField(
        label="指标", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一项指标。", "invalid_choice": "没有这项指标，请从列出的指标中选择。"},
    )  # fmt: skip
    school_from = forms.IntegerField(
        label="义务教育年龄（起，周岁）", required=False, error_messages=AGE, widget=figure("numeric"),
        help_text=f"不填按 {ORDINARY.school_from} 周岁。",
    )  # fmt: skip
    school_until = forms.IntegerField(
        label="义务教育年龄（止，不含）", required=False, error_messages=AGE, widget=figure("numeric"),
        help_text=f"不填按 {ORDINARY.school_until} 周岁。",
    )  # fmt: skip
    borderline = forms.DecimalField(
        label="踩线比例（%）", required=False, max_digits=5, decimal_places=2, error_messages=PERCENT,
        widget=figure(), help_text=f"收入超过标准不足这一比例的提示“踩线”。不填按 {ORDINARY.percent}%。",
    )  # fmt: skip
    source = source_field()

    def __init__(self, *args: Any, based_on: CriteriaSet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["criteria"]).choices = list(declared_criteria().items())
        if based_on is not None:
            self.initial = {**set_facts(based_on), **self.initial}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("school_from") is None) != (data.get("school_until") is None):
            self.add_error("school_until", "义务教育年龄的起止要么都填，要么都不填。")
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """Keyword arguments of the verb."""
        data = self.cleaned_data
        params: dict[str, Any] = {}
        if data["school_from"] is not None:
            params["school_age"] = [data["school_from"], data["school_until"]]
        if data["borderline"] is not None:
            params["borderline"] = str(data["borderline"] / 100)
        names = ("name", "place", "year_from", "year_to", "criteria", "source")
        return {name: data[name] for name in names} | {"params": params}


def set_facts(row: CriteriaSet) -> dict[str, Any]:
    """What the form for the next version starts from."""
    held = Thresholds.of(row.params)
    return {
        "name": row.name,
        "criteria": row.criteria,
        "school_from": held.school_from if "school_age" in row.params else None,
        "school_until": held.school_until if "school_age" in row.params else None,
        "borderline": held.borderline * 100 if "borderline" in row.params else None,
        "source": row.source,
    }
