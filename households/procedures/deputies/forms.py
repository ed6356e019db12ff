"""What is typed of an order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from households.models.deputy import STANDS_IN_AS
from households.procedures.engine.forms import choice_field, day_field, text_field
from villages.models import Place, User


class DeputyForm(forms.Form):
    """People are named by their account; ``places`` are those that the person who orders may see."""

    place = forms.CharField(label="地点", error_messages={"required": "请选择县、乡镇或村。"})
    role = choice_field("岗位", [(role.value, role.label) for role in STANDS_IN_AS])
    absent = text_field("被代办人账号", required=False, length=40, help_text="岗位空缺的不填")
    deputy = text_field("代办人账号", length=40)
    since = day_field("代办起")
    until = day_field("代办止")
    document = text_field("依据（文号）", length=80)
    reason = text_field("原因", length=120, help_text="例如：出差、病假、岗位空缺")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_place(self) -> Place:
        found = Place.objects.visible_to(self.user).filter(pk=self.cleaned_data["place"]).first()
        if found is None:
            raise ValidationError("没有这个地点，请从列表中选择。")
        return found

    def clean_deputy(self) -> User:
        return self._account("deputy")

    def clean_absent(self) -> User | None:
        return self._account("absent") if self.cleaned_data["absent"].strip() else None

    def _account(self, name: str) -> User:
        found = User.objects.filter(username=self.cleaned_data[name].strip(), is_active=True).first()
        if found is None:
            raise ValidationError("没有这个账号，或者已经停用，请核对。")
        return found
