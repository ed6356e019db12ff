"""Shape of a code."""

from django import forms


class CodeForm(forms.Form):
    code = forms.CharField(
        label="验证码",
        max_length=20,
        help_text="手机验证器上的 6 位数字；手机不在身边时，填一个恢复码。",
        error_messages={"required": "请输入验证码。", "max_length": "验证码是 6 位数字，恢复码是 10 位字母和数字。"},
        widget=forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "characters", "autofocus": True}),
    )


class FirstCodeForm(CodeForm):
    """Of a secret that was just scanned: there are no recovery codes yet."""

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        self.fields["code"].help_text = "手机验证器上的 6 位数字。"
