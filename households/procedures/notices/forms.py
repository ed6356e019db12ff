"""Forms of the public pages: an objection, and how far one is."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from households.models import Notice
from households.procedures.notices import selectors as public
from households.procedures.objections.forms import PHONE, ObjectionForm
from households.procedures.objections.services import LONGEST, SHORTEST


class PublicObjectionForm(ObjectionForm):
    """What a villager writes. ``website`` is a trap for machines: people do not see it."""

    text = forms.CharField(
        label="不同意见和理由",
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"请写明情况和理由，{SHORTEST} 到 {LONGEST} 个字。请不要写身份证号、银行卡号。",
        error_messages={
            "required": "请写明不同意见和理由。",
            "min_length": f"写得太短，请至少写 {SHORTEST} 个字，说清情况和理由。",
            "max_length": f"最多 {LONGEST} 个字，请删减后再提交。",
        },
    )
    name = forms.CharField(label="您的姓名", required=False, max_length=40, help_text="可以不填。")
    phone = forms.CharField(
        label="联系电话",
        required=False,
        max_length=20,
        help_text="可以不填。填写后只用于核实情况，加密保存，不对外公开。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    website = forms.CharField(
        label="此栏请留空", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notice = notice
        offered = [
            (str(line.key), f"{line.name}（{line.group or '未分组'}，{line.persons} 人）")
            for line in public.lines(notice)
            if not line.withdrawn
        ]
        self.offer(offered)

    def clean_phone(self) -> str:
        phone = "".join(self.cleaned_data["phone"].split())
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError("电话应为 7 到 20 位数字，请核对；也可以不填。")
        return phone

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError("这一栏是防止机器提交的，请清空后再提交。")
        return ""


class TrackingForm(forms.Form):
    """The number that a person got when the objection was sent."""

    tracking_no = forms.CharField(
        label="查询号",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text="16 位字母和数字，例如 ABCD-2345-EFGH-6789。",
        error_messages={"required": "请输入提交异议时得到的查询号。"},
    )


class PlaceSearchForm(forms.Form):
    q = forms.CharField(label="县、乡镇或村的名称", required=False, max_length=40)
