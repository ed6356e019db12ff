"""What the forms of declared edit pages have in common."""

from __future__ import annotations

from typing import Any

from django import forms

from povreg.kit.views import ScopedForm


class VersionedForm(ScopedForm, forms.Form):
    """A form over a row that two people may have open: it remembers which version was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def take_over(self, version: int) -> list[str]:
        """Somebody else was faster: the next save is made on top of ``version``, which is stored now.

        Answers what is stored now, field by field, where it differs from what was typed.
        """
        self.data = {**self.data.dict(), "version": version}  # type: ignore[attr-defined]
        return [
            f"{self.fields[name].label}：现在登记的是“{shown_stored(self.fields[name], stored)}”"
            for name, stored in self.initial.items()
            if name in self.cleaned_data and name != "version" and not says_same(stored, self.cleaned_data[name])
        ]


def says_same(stored: Any, typed: Any) -> bool:
    """Whether a stored value and a cleaned one say the same; rows are stored by their key."""
    return (stored or "") == (getattr(typed, "pk", typed) or "")


def shown_stored(field: forms.Field, stored: Any) -> str:
    """A stored value as people read it."""
    if isinstance(field, forms.BooleanField):
        return "是" if stored else "否"
    if isinstance(field, forms.ModelChoiceField):
        rows = field.queryset
        return str(rows.filter(pk=stored).first() or "") if rows is not None and stored else "空"
    choices: dict[Any, Any] = dict(field.choices) if isinstance(field, forms.ChoiceField) else {}  # type: ignore[arg-type]
    return str(choices.get(stored, stored) or "空")
