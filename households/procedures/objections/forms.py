"""Forms of the objection pages of the staff."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet

from households.models import Notice, Objection
from households.procedures.objections.services import LONGEST, SHORTEST
from povreg.kit.controls import Day
from villages.models import User

WHOLE = "0"
"""In place of a line: the objection is to the whole list."""
PHONE = re.compile(r"\+?[\d-]{7,19}")


class ReceiveForm(forms.Form):
    """An objection by phone or in person."""

    channel = forms.ChoiceField(
        label="方式", choices=[(each.value, each.label) for each in Objection.Channel if each != Objection.Channel.WEB]
    )
    line = forms.ChoiceField(label="对哪一户有意见", required=False)
    text = forms.CharField(
        label="不同意见和理由",
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="按本人的说法记录，不写身份证号、银行卡号。",
        error_messages={"min_length": f"请写明不同意见和理由，至少 {SHORTEST} 个字。"},
    )
    name = forms.CharField(label="姓名", required=False, max_length=40, help_text="本人不愿意留的可以不填。")
    phone = forms.RegexField(
        PHONE,
        label="联系电话",
        required=False,
        max_length=20,
        error_messages={"invalid": "电话应为 7 到 20 位数字，请核对；也可以不填。"},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = notice.lines.filter(entry__state="listed").order_by("position")
        offered = [
            (str(line.position), f"{line.position}. {line.head_name or line.masked_name}（{line.group_name}）")
            for line in lines
        ]
        self.fields["line"].choices = [(WHOLE, "整份名单"), *offered]  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        label="交给谁核查", queryset=User.objects.none(), error_messages={"required": "请选择核查人。"}
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = people.select_related("place")
        field.label_from_instance = lambda one: f"{one.name}（{one.place or one.username}）"


class InvestigateForm(forms.Form):
    on = Day(label="核查日期")
    text = forms.CharField(
        label="核查情况",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="到哪里、问了谁、看到什么、查了什么。",
        error_messages={"required": "请写明核查情况。"},
    )


class DecideForm(forms.Form):
    decision = forms.ChoiceField(
        label="决定",
        choices=Objection.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择异议成立或不成立。"},
    )
    effect = forms.ChoiceField(
        label="对该户的处理",
        choices=Objection.Effect.choices,
        required=False,
        help_text="异议成立的，取消该户或退回该户重新核实；其他农户继续办理。",
    )
    reason = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明决定的理由。"},
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="答复",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="凭查询号可以看到，请不要写任何人的姓名、电话或病情。",
        error_messages={"required": "请填写答复内容。"},
    )
