"""Shape of what is typed about an appraisal."""

from __future__ import annotations

from typing import Any

from django import forms

from assistance.models import HelperAppraisal
from villages.codes.controls import Whole
from villages.models import User


class AppraiseForm(forms.Form):
    """What a button of the list asks; ids bear the helper's number."""

    grade = forms.ChoiceField(label="等次", choices=HelperAppraisal.Grade.choices)
    asked = Whole(label="问了几户", min_value=0, max_value=500)
    content = Whole(label="满意几户", min_value=0, max_value=500)
    remark = forms.CharField(label="评语", max_length=200, required=False)

    def __init__(self, *args: Any, helper: User, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"appraise-{helper.pk}-%s"})
