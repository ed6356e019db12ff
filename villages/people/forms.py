"""Shape of what is typed about people: login, password, accounts, postings."""

from __future__ import annotations

from django import forms

from villages.people.passwords import RULE


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
