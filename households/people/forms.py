"""What is said about two rows that may be one person."""

from django import forms

from households.register.apart import LONGEST


class PairForm(forms.Form):
    """Which of the two rows stays, and how it was found out."""

    kept = forms.ChoiceField(
        label="保留", choices=[("one", "左边一条"), ("other", "右边一条")], widget=forms.RadioSelect,
        error_messages={"required": "请选择保留哪一条登记。"},
    )  # fmt: skip
    reason = forms.CharField(
        label="合并的理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明怎样核实是同一人，例如查看了身份证。"},
    )  # fmt: skip
    double = forms.CharField(required=False, widget=forms.HiddenInput)


class ApartForm(forms.Form):
    """How it was found out that the two are two people."""

    prefix = "apart"
    reason = forms.CharField(
        label="怎样核实", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：两人都到场，分别查看了身份证。",
        error_messages={"required": "请写明怎样核实不是同一人，例如分别查看了两人的身份证。"},
    )  # fmt: skip
    other = forms.CharField(required=False, widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Why a mark no longer holds."""

    reason = forms.CharField(label="撤回的原因", max_length=LONGEST, error_messages={"required": "请写明撤回的原因。"})
