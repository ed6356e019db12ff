"""The form that asks what a chosen set is exported as."""

from typing import Any

from django import forms

from households.selection.services import AS_LISTED, KINDS
from villages.models import User
from villages.rights import Right


class ExportChoice(forms.Form):
    """Which sheet; full numbers only for who may, and with a reason."""

    kind = forms.ChoiceField(
        label="导出成",
        choices=list(KINDS.items()),
        initial=AS_LISTED,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择导出成哪种表。"),
    )
    unmasked = forms.BooleanField(label="导出完整的证件、电话和银行卡号", required=False)
    reason = forms.CharField(label="理由", required=False, max_length=200, help_text="导出完整号码时必填，会登记备查")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if not user.can(Right.EXPORT_UNMASKED):
            del self.fields["unmasked"], self.fields["reason"]
