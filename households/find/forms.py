"""Forms of the household list: the search box, a name for a filter."""

from typing import Any

from django import forms

from households.find.search import legible
from households.find.services import LONGEST


class TypedField(forms.CharField):
    """Whatever was typed or pasted, made legible; never refused."""

    def to_python(self, value: Any) -> str:
        return legible(str(value or ""))


class SearchForm(forms.Form):
    """What is typed into the search box: posted, kept in the session, never in an address."""

    search = TypedField(label="查找", required=False)


class SaveForm(forms.Form):
    """A name for the filter that the list shows now. How long it may be is for the verb to say."""

    name = forms.CharField(label="名称", max_length=200, required=False, help_text=f"最多 {LONGEST} 个字")
    replace = forms.BooleanField(label="替换同名的筛选", required=False)
