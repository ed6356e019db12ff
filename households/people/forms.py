"""What is said about two rows that may be one person."""

from django import forms


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
