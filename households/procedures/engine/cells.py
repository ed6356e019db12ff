"""The small controls of a line: a choice, a short text, a count."""

from collections.abc import Sequence

from django import forms

from villages.codes.controls import PlainSelect, Whole


def pick(label: str, choices: Sequence[tuple[str, str]], initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=initial,
        required=False,
        widget=PlainSelect(attrs={"aria-label": label}),
        error_messages={"invalid_choice": "没有这个选项，请从列表中选择。"},
    )


def cell(label: str, length: int, initial: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        initial=initial,
        required=False,
        widget=forms.TextInput(attrs={"aria-label": label}),
        error_messages={"max_length": f"{label}不超过 {length} 字，请缩短。"},
    )


def number(label: str) -> Whole:
    field = Whole(label=label, required=False, min_value=0)
    field.widget.attrs["aria-label"] = label
    return field
