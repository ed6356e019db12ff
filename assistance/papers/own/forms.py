"""What a household types on its own page."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from assistance.models import CorrectionRequest
from assistance.papers.own.door import DIGITS
from assistance.papers.services import LONGEST
from povreg.kit.controls import Phone


class DoorForm(forms.Form):
    """The second fact."""

    fact = forms.CharField(
        label=f"户主身份证号码后 {DIGITS} 位，或登记的电话后 {DIGITS} 位",
        min_length=DIGITS,
        max_length=DIGITS,
        strip=True,
        error_messages={
            "required": f"请输入户主身份证号码或登记的电话的后 {DIGITS} 位。",
            "min_length": f"请输入 {DIGITS} 位，身份证最后一位是 X 的输入 X。",
            "max_length": f"请输入 {DIGITS} 位，身份证最后一位是 X 的输入 X。",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )


class CorrectionForm(forms.Form):
    """What is wrong. ``website`` is a trap for machines: people do not see it."""

    about = forms.ChoiceField(
        label="哪方面不对",
        choices=[("", "请选择"), *CorrectionRequest.About.choices],
        error_messages={"required": "请选择哪方面不对。"},
    )
    said = forms.CharField(
        label="哪里不对，应该是什么",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明哪里不对、应该是什么。"},
    )
    phone = Phone(required=False, help_text="核实时打给您；不填就打登记的电话。加密保存。")
    website = forms.CharField(
        label="此栏请留空", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError("这一栏是防止机器提交的，请清空后再提交。")
        return ""
