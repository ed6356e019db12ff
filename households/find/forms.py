"""Forms of the household list: the search box, a name for a filter."""

from django import forms

from households.find.search import LONGEST
from households.find.services import LONGEST as LONGEST_NAME


class SearchForm(forms.Form):
    """What is typed into the search box: posted, kept in the session, never in an address."""

    search = forms.CharField(label="查找", max_length=LONGEST, required=False, strip=True)


class SaveForm(forms.Form):
    """A name for the filter that the list shows now. How long it may be is for the verb to say."""

    name = forms.CharField(label="名称", max_length=200, required=False, help_text=f"最多 {LONGEST_NAME} 个字")
    replace = forms.BooleanField(label="替换同名的筛选", required=False)
