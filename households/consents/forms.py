"""What is typed of a consent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from households.consents.purposes import asked_for
from households.models import Attachment, Household
from povreg.kit.controls import Day


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label="用途", error_messages={"required": "请选择用途。"})
    given_on = Day(label="同意日期", initial=timezone.localdate, error_messages={"required": "请填写签字当天的日期。"})
    paper = forms.CharField(
        label="凭据（文书名称、编号）",
        max_length=80,
        help_text="例如《申请及承诺授权查询书》",
        error_messages={"required": "请填写农户签字的文书名称。"},
    )
    signers = forms.IntegerField(
        label="签字的成年人数",
        min_value=1,
        max_value=50,
        error_messages={"required": "请填写签字的成年人数。", "min_value": "至少 1 人。", "max_value": "请核对人数。"},
    )
    file = forms.ModelChoiceField(
        Attachment.objects.none(), label="扫描件", required=False, empty_label="（没有扫描件）"
    )

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [("", "请选择"), *asked_for()]  # type: ignore[attr-defined]
        rows = Attachment.objects.filter(household=household, removed_at=None)
        self.fields["file"].queryset = rows  # type: ignore[attr-defined]
        self.fields["file"].label_from_instance = named  # type: ignore[attr-defined]


def named(row: Attachment) -> str:
    """A file as it is chosen from."""
    return f"{row.title or row.original_name}（{timezone.localtime(row.created_at):%Y-%m-%d}）"


class WithdrawalForm(forms.Form):
    on = Day(label="撤回日期", initial=timezone.localdate, error_messages={"required": "请填写撤回日期。"})
    reason = forms.CharField(
        label="撤回说明", max_length=200, help_text="例如：本人到村委会提出",
        error_messages={"required": "请写明怎么提出撤回的。"},
    )  # fmt: skip
