"""Shape of what is typed about pairings and proposals; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from assistance.models import Pairing, PairingChoice
from assistance.pairing import rules
from assistance.pairing.services import helpers_at
from households.models import Household
from povreg.kit.controls import Day
from povreg.kit.views import ScopedForm
from villages.codes.controls import Whole
from villages.models import Place, User
from villages.places.fields import PlaceField

TURNS = (("", "第一个空缺"), ("1", "第一帮扶人"), ("2", "第二帮扶人"), ("3", "第三帮扶人"))


class PairForm(ScopedForm, forms.Form):
    household_no = forms.CharField(label="户编号", max_length=24)
    helper_name = forms.CharField(label="帮扶责任人账号或姓名", max_length=40)
    turn = forms.TypedChoiceField(label="顺序", choices=TURNS, coerce=int, empty_value=None, required=False)
    starts_on = Day(label="开始日期")
    note = forms.CharField(label="帮扶内容", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        number, name = given.get("household_no", "").strip(), given.get("helper_name", "").strip()
        rows = list(Household.objects.visible_to(self.user).filter(household_no=number)[:2])
        if number and len(rows) != 1:
            self.add_error("household_no", "没有找到这个户编号，请核对（只能是您负责范围内的农户）。")
        elif rows and name:
            self.household = rows[0]
            self.helper = self.found(name, rows[0].village_id)
        return given

    def found(self, name: str, village: str) -> User | None:
        people = helpers_at(village)
        rows = list(people.filter(username=name.lower())[:2]) or list(people.filter(name=name)[:2])
        if len(rows) == 1:
            return rows[0]
        said = "同名的不止一个，请填账号" if rows else "没有找到，或他在本村没有帮扶责任人的任职，请核对"
        self.add_error("helper_name", f"“{name}”{said}。")
        return None


class EndForm(forms.Form):
    """What a button of the list asks; ids bear the pairing's number, for several stand on one page."""

    ends_on = Day(label="最后一天")
    successor = forms.ModelChoiceField(
        User.objects.none(), label="接替的帮扶责任人", required=False, empty_label="（没有接替）"
    )
    reason = forms.CharField(label="原因", max_length=200)

    def __init__(self, *args: Any, pairing: Pairing, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"end-{pairing.pk}-%s"})
        self.fields["ends_on"].initial = timezone.localdate()
        if self.is_bound:
            chosen: Any = self.fields["successor"]
            chosen.queryset = helpers_at(pairing.village_id).exclude(pk=pairing.helper_id)


class ProposeForm(ScopedForm, forms.Form):
    place = PlaceField(label="范围", levels=[Place.Level.VILLAGE, Place.Level.TOWNSHIP, Place.Level.COUNTY])
    keep = forms.BooleanField(
        label="已有帮扶责任人的户一起算，合适的保留", required=False, initial=True,
        help_text="不选时只给还没有帮扶责任人的户找。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [code for _role, code in self.user.postings_today()]
        self.initial = {"place": codes[0] if codes else None, "keep": True, **self.initial}


class AcceptForm(forms.Form):
    starts_on = Day(label="开始日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate()


class ChangeForm(forms.Form):
    helper = forms.ModelChoiceField(User.objects.none(), label="改由", empty_label=None)

    def __init__(self, *args: Any, choice: PairingChoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["helper"]
        chosen.queryset = helpers_at(choice.village_id).select_related("unit")
        chosen.label_from_instance = lambda row: f"{row.name}（{row.unit or '未登记单位'}）"


class NothingAsked(forms.Form):
    """The button says it."""


class LimitForm(forms.Form):
    rank = forms.ChoiceField(label="职务级别", choices=[(each.rank, each.rank) for each in rules.shipped_limits()])
    most = Whole(label="最多几户", min_value=1, max_value=20)
