"""Forms of visits; every rule is the verbs'."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils import timezone

from assistance.models.visit import Answer, Signer, Way
from assistance.visits.services import LONGEST_PROBLEM, TOPICS, Seen, Signed
from households.models import Household, Member
from povreg.kit.controls import Day
from villages.codes.controls import Code, Whole, YesNo

PICTURE = "data:image/png;base64,"
LARGEST_SIGNATURE = 400_000
"""Characters of the drawn signature as the page sends it."""


class VisitForm(forms.Form):
    """The quick log: a tick for each thing, words only for what is wrong."""

    visited_on = Day(label="走访日期")
    way = forms.ChoiceField(label="方式", choices=Way.choices, widget=forms.RadioSelect, initial=Way.FIELD)
    at_home = YesNo(label="家里人在村里", required=False)
    next_step = forms.CharField(label="下一步", max_length=120, required=False)
    next_on = Day(label="下一步的日期", required=False)
    signer = forms.ChoiceField(
        label="签字人", choices=[(Signer.HEAD, "户主"), (Signer.OTHER, "家里其他人")], widget=forms.RadioSelect,
        required=False,
    )  # fmt: skip
    signature = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LARGEST_SIGNATURE)
    unsigned_reason = forms.CharField(label="不能签字的原因", max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visited_on"].initial = timezone.localdate()
        for name, (label, _risk) in TOPICS.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=Answer.choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"{name}_words"] = forms.CharField(
                label=f"{label}：什么问题", max_length=LONGEST_PROBLEM, required=False
            )

    def clean_signature(self) -> ContentFile | None:
        drawn = self.cleaned_data["signature"]
        if not drawn:
            return None
        try:
            content = base64.b64decode(drawn.removeprefix(PICTURE), validate=True)
        except binascii.Error as fault:
            raise forms.ValidationError("签名没有传完整，请重新签字。") from fault
        return ContentFile(content, "signature.png")

    @property
    def topics(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each thing with the line for its words."""
        return [(self[name], self[f"{name}_words"]) for name in TOPICS]

    @property
    def facts(self) -> dict[str, Any]:
        """What the verb takes."""
        data = self.cleaned_data
        return {
            "visited_on": data["visited_on"],
            "way": data["way"],
            "seen": Seen(
                {name: data[name] for name in TOPICS},
                {name: data[f"{name}_words"] for name in TOPICS},
                data["at_home"],
                data["next_step"],
                data["next_on"],
            ),
            "signed": Signed(data["signer"], data["signature"], data["unsigned_reason"]),
        }


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=120, error_messages={"required": "请写明撤回的原因。"})


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label="联系电话", max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    )


class WorkForm(forms.Form):
    """One member's work of the year."""

    member = forms.ModelChoiceField(Member.objects.none(), label="谁", empty_label=None)
    work_place = Code("work_place", label="务工地点", blank="没有务工", required=False)
    work_months = Whole(label="务工时间（月）", min_value=0, max_value=12, required=False)

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["member"]
        chosen.queryset = household.members.present().order_by("person_no")
        chosen.label_from_instance = lambda person: person.name


class ProposeForm(forms.Form):
    text = forms.CharField(
        label="哪里不对", widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_PROBLEM,
        help_text="写明哪一项、应该是什么；不写身份证号和银行卡号。村干部核对后更正。",
    )  # fmt: skip
