"""What is typed of access for some hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from povreg.kit.scopes import county_of, within_any
from villages.models import Place, User
from villages.models.access import LONGEST_HOURS
from villages.rights import Right

LEVELS = (Place.Level.COUNTY, Place.Level.TOWNSHIP)


class AskForm(forms.Form):
    """Places are those of the person's county, whether he may see them or not: that is what he asks for."""

    account = forms.CharField(
        label="查阅人账号",
        max_length=40,
        help_text="督查组成员的用户名；没有账号的先由账号管理员开户。",
        error_messages={"required": "请填写查阅人的用户名。"},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    place = forms.ModelChoiceField(
        Place.objects.none(),
        label="查阅范围",
        empty_label="请选择",
        error_messages={"required": "请选择要查阅的县或乡镇。"},
    )
    hours = forms.IntegerField(
        label="小时",
        min_value=1,
        max_value=LONGEST_HOURS,
        initial=24,
        help_text=f"从批准时起算，最长 {LONGEST_HOURS} 小时，到时自动结束。",
        error_messages={
            "required": "请填写小时数。",
            "invalid": "请填写整数小时。",
            "min_value": "至少 1 小时。",
            "max_value": f"最长 {LONGEST_HOURS} 小时，请改正。",
        },
    )
    document = forms.CharField(
        label="依据（文号）",
        max_length=80,
        help_text="督查通知或介绍信的文号。",
        error_messages={"required": "请填写督查通知或介绍信的文号。"},
    )
    reason = forms.CharField(
        label="事由",
        max_length=200,
        error_messages={"required": "请写明为什么要查阅。"},
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        counties = {county_of(code) for _role, code in user.postings_today()}
        self.fields["place"].queryset = Place.objects.current().filter(  # type: ignore[attr-defined]
            within_any("code", counties), level__in=LEVELS
        )
        if not user.can(Right.ACCESS_END):
            del self.fields["account"]

    def clean_account(self) -> User:
        found = User.objects.filter(username=self.cleaned_data["account"].strip()).first()
        if found is None:
            raise ValidationError("没有这个账号，请核对用户名。")
        return found


class WhyForm(forms.Form):
    """Why it is refused or ended."""

    reason = forms.CharField(label="原因", max_length=200, error_messages={"required": "请写明原因。"})
