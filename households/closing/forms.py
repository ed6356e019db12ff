"""What the office says when it closes a year."""

from __future__ import annotations

from typing import Any

from django import forms

from households.closing.selectors import Item, missing_items
from villages.models import Place


class CloseForm(forms.Form):
    """``sheet`` is the count sheet of the year; the reason is asked only where something on it is missing."""

    use_required_attribute = False
    reason = forms.CharField(
        label="仍然封存的理由",
        max_length=200,
        required=False,
        help_text="写明谁同意、为什么不再补齐。",
        error_messages={"max_length": "理由不能超过 200 个字。"},
    )

    def __init__(self, *args: Any, county: Place, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.county, self.year = county, year
        self.sheet: list[Item] = missing_items(county.pk, year)
        if not any(item.count for item in self.sheet):
            del self.fields["reason"]
