"""Forms of the public pages: an objection, and how far one is."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from households.models import Notice
from households.procedures.notices import selectors as public
from households.procedures.objections.forms import ObjectionForm
from households.procedures.objections.services import LONGEST, SHORTEST
from povreg.kit.controls import Phone
from povreg.kit.idnumber import IdFault, half_width, normalise, parse
from villages.codes.selectors import choices


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
    phone = Phone(required=False, help_text="可以不填。填写后只用于核实情况，加密保存，不对外公开。")
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

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError("这一栏是防止机器提交的，请清空后再提交。")
        return ""


class DeclareForm(forms.Form):
    """A household's own declaration: head, phone, number, place, what happened, which risk; and its consent."""

    name = forms.CharField(label="户主姓名", max_length=40, error_messages={"required": "请填写户主姓名。"})
    phone = Phone(error_messages={"required": "请填写联系电话，便于入户核实。"})
    id_no = forms.CharField(
        label="身份证号",
        max_length=22,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="只用来找到您家的登记，不另外保存。",
        error_messages={"required": "请填写户主的身份证号。"},
    )
    group = forms.CharField(label="自然村（组）", required=False, max_length=40)
    risks = forms.MultipleChoiceField(
        label="困难的类型", choices=lambda: choices("risk"), required=False, widget=forms.CheckboxSelectMultiple
    )
    said = forms.CharField(
        label="发生了什么",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写明发生了什么、有什么困难。"},
    )
    proxy = forms.CharField(label="代为申报的人", required=False, max_length=40, help_text="替别人申报的填写您的姓名")
    consent = forms.BooleanField(
        label="本户同意有关部门查询、比对家庭收入、财产等信息，用于核实本次申报",
        error_messages={"required": "请勾选同意核实；不同意的，请到村委会当面申请。"},
    )
    website = forms.CharField(
        label="此栏请留空", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def clean_id_no(self) -> str:
        number = normalise(self.cleaned_data["id_no"])
        if isinstance(parse(number, timezone.localdate()), IdFault):
            raise ValidationError("身份证号不对，请核对（18 位，最后一位可能是 X）。")
        return number

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError("这一栏是防止机器提交的，请清空后再提交。")
        return ""


class TrackingForm(forms.Form):
    """The number that a person got when the objection was sent."""

    tracking_no = forms.CharField(
        label="查询号",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text="提交异议或申报时得到的字母和数字，例如 ABCD-2345-EFGH-6789。",
        error_messages={"required": "请输入提交时得到的查询号。"},
    )

    def clean_tracking_no(self) -> str:
        """The number as it was shown, in fours, however it was copied: without dashes, with blanks, full-width."""
        signs = re.sub("[^0-9A-Z]", "", half_width(self.cleaned_data["tracking_no"]).upper())
        if not signs:
            raise ValidationError(str(self.fields["tracking_no"].error_messages["required"]))
        return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


class PlaceSearchForm(forms.Form):
    q = forms.CharField(label="县、乡镇或村的名称", required=False, max_length=40)
