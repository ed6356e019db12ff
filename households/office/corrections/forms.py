"""Shape of an order to correct a household's standing; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms

from households.models import Household, Spell, StandingClass
from households.standing.selectors import spells_of
from households.standing.words import period_words
from povreg.kit.controls import Day
from villages.codes.controls import PlainSelect
from villages.models import User

NOT_FOUND = "没有找到这个户编号，请核对后再填（只能为您负责范围内的农户提出）。"
SEVERAL = "不止一个县有这个户编号，请从农户页面的“身份”提出更正。"


def words(label: str, most: int, **more: Any) -> forms.CharField:
    errors = {"required": f"请填写{label}。", "max_length": f"{label}不能超过 {most} 个字。"}
    return forms.CharField(label=label, max_length=most, error_messages=errors, **more)


class OrderForm(forms.Form):
    """Which household, which of its spells is wrong, and what is right."""

    household_no = words("户编号", 24)
    spell = forms.ChoiceField(
        label="被更正的期间", required=False, widget=PlainSelect, help_text="应有身份而没有登记的，不选",
        error_messages={"invalid_choice": "这一段身份已不存在，请重新选择。"},
    )  # fmt: skip
    klass = forms.ChoiceField(label="更正后的类别", required=False, widget=PlainSelect)
    since = Day(label="起始日期", required=False)
    until = Day(label="终止日期", required=False, help_text="还在继续的不填；从这一天起不再是")
    document = words("文件号", 80, help_text="更正所依据的文件")
    reason = words("更正原因", 200)

    def __init__(self, *args: Any, user: User, household: Household | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.household = user, household
        spells = spells_of(household) if household else []
        self.spells = {str(each.pk): each for each in spells}
        told = [(key, f"{each.klass}，{period_words(each)}") for key, each in self.spells.items()]
        self.fields["spell"].choices = [("", "没有登记，补登一段"), *told]  # type: ignore[attr-defined]
        classes = StandingClass.objects.exclude(pk="listed")
        self.fields["klass"].choices = [  # type: ignore[attr-defined]
            ("", "撤销被更正的这一段"),
            *((each.pk, f"{each.get_axis_display()}：{each}") for each in classes),
        ]
        if household:
            self.fields["household_no"].initial = household.household_no
            self.fields["household_no"].disabled = True

    def clean_household_no(self) -> str:
        """A number inside the person's scope."""
        wanted = str(self.cleaned_data["household_no"]).strip()
        if self.household is None:
            found = list(Household.objects.visible_to(self.user).filter(household_no=wanted)[:2])
            if len(found) != 1:
                raise forms.ValidationError(SEVERAL if found else NOT_FOUND)
            self.household = found[0]
        return wanted

    def facts(self) -> dict[str, Any]:
        """What ``order_correction`` takes."""
        values = self.cleaned_data
        spell: Spell | None = self.spells.get(values["spell"])
        plain = {name: values[name] for name in ("document", "reason", "klass", "since", "until")}
        return {"household": self.household, "spell": spell, **plain}


class WhyForm(forms.Form):
    """Why something is not done."""

    reason = forms.CharField(required=False)
