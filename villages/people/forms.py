"""Shape of what is typed about people: login, password, accounts, postings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from povreg.kit.controls import Day
from povreg.kit.views import ScopedForm
from villages.models import Place, Unit, User
from villages.people.passwords import RULE
from villages.places.fields import PlaceField
from villages.rights import Role


class LoginForm(forms.Form):
    username = forms.CharField(
        label="用户名",
        max_length=40,
        error_messages={"required": "请输入用户名。"},
        widget=forms.TextInput({"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        error_messages={"required": "请输入密码。"},
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    code = forms.CharField(label="验证码", max_length=20, required=False)  # sent by the dialog on a page only


def password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        help_text=help_text,
        error_messages={"required": f"请输入{label}。"},
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
    )


class PasswordForm(forms.Form):
    old_password = password_field("原密码", "current-password")
    new_password1 = password_field("新密码", "new-password", f"{RULE}，并且不能与原密码相同。")
    new_password2 = password_field("确认新密码", "new-password", "请再输入一次新密码。")

    def clean_new_password2(self) -> str:
        again = self.cleaned_data["new_password2"]
        if again != self.cleaned_data.get("new_password1", again):
            raise forms.ValidationError("两次输入的新密码不一样，请重新输入。")
        return again


class AccountForm(ScopedForm, forms.Form):
    """An account's facts; the username is asked for once, when it is opened."""

    username = forms.CharField(
        label="用户名",
        max_length=40,
        help_text="3 至 40 个小写字母、数字、点或横线，以字母开头；开户后不能修改。",
        error_messages={"required": "请填写用户名。"},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写姓名。"})
    place = PlaceField(label="所属地", help_text="由这里的管理员管理这个账号；任职地在授予任职时另定。")
    unit = forms.ModelChoiceField(
        Unit.objects.filter(is_active=True), label="单位", required=False, empty_label="（不填）"
    )

    def __init__(self, *args: Any, account: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if account is not None:
            del self.fields["username"]
            self.initial = {"name": account.name, "place": account.place_id, "unit": account.unit_id, **self.initial}


class TownshipForm(ScopedForm, forms.Form):
    """The township whose villages are served at once."""

    township = PlaceField(label="乡镇", levels=[Place.Level.TOWNSHIP], error_messages={"required": "请选择乡镇。"})


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200, error_messages={"required": "请写明原因，便于日后核查。"})


class LockForm(ReasonForm):
    until = Day(
        label="锁定至（含当日）",
        error_messages={"required": "请选择锁定的截止日期。"},
    )


class PostingForm(ScopedForm, forms.Form):
    role = forms.ChoiceField(choices=Role.choices, label="角色", error_messages={"required": "请选择角色。"})
    place = PlaceField(label="任职地", help_text="村干部选村，乡镇干部选乡镇，县级岗位选县。")
    starts_on = Day(
        label="起始日期",
        initial=timezone.localdate,
        error_messages={"required": "请填写起始日期。"},
    )
    ends_on = Day(
        label="截止日期",
        required=False,
        help_text="不填表示长期有效。",
    )


class EndForm(forms.Form):
    at_once = forms.BooleanField(label="立即结束", required=False)
    last_day = Day(
        label="最后一天",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("at_once"):
            data["last_day"] = timezone.localdate() - timedelta(days=1)
        if not data.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "请填写最后一天，或勾选“立即结束”。")
        return data
