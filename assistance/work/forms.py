"""Shape of what is typed about work; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from assistance.models.work import Channel, Sector, WorkSpell
from households.models import Member
from povreg.kit.controls import Day
from povreg.kit.views import ScopedForm
from villages.codes.controls import Code, Number, Whole, YesNo
from villages.models import Place
from villages.places.fields import PlaceField

NOT_SAID = ("", "未记录")


def wage(label: str = "月工资（元）", **more: Any) -> Number:
    return Number(label=label, max_digits=12, decimal_places=2, **more)


class OfHousehold(ScopedForm, forms.Form):
    """About one member of a household."""

    member = forms.ModelChoiceField(Member.objects.none(), label="谁", empty_label=None)

    def __init__(self, *args: Any, household: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["member"]
        chosen.queryset = Member.objects.present().filter(household=household).order_by("person_no")
        chosen.label_from_instance = lambda person: person.name


class SpellForm(OfHousehold):
    since = Day(label="开始务工")
    where = Code("work_place", label="务工地点", required=False)
    place_name = forms.CharField(label="具体地点", max_length=60, required=False, help_text="如：浙江宁波。")
    employer = forms.CharField(label="单位（雇主）", max_length=80, required=False)
    sector = forms.ChoiceField(label="行业", choices=[NOT_SAID, *Sector.choices], required=False)
    wage = wage(required=False)
    channel = forms.ChoiceField(label="就业渠道", choices=[NOT_SAID, *Channel.choices], required=False)
    has_contract = YesNo(label="签订劳动合同", required=False)
    point_to_point = YesNo(label="点对点输送", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = timezone.localdate()


class WishForm(OfHousehold):
    wants = forms.TypedChoiceField(
        label="愿意务工", choices=(("true", "愿意"), ("false", "不愿意")), coerce=lambda text: text == "true"
    )
    sector = forms.ChoiceField(label="意向行业", choices=[("", "都可以"), *Sector.choices], required=False)
    near = forms.BooleanField(label="只在县内", required=False)
    wage = wage("期望月工资（元）", required=False)
    skill = forms.CharField(label="技能", max_length=60, required=False)


class EndForm(forms.Form):
    """What a button of the list asks; ids bear the spell's number."""

    until = Day(label="结束日期")
    why = forms.ChoiceField(label="原因", choices=WorkSpell.Ended.choices)

    def __init__(self, *args: Any, spell: WorkSpell, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"end-{spell.pk}-%s"})
        self.fields["until"].initial = timezone.localdate()


class PostForm(ScopedForm, forms.Form):
    place = PlaceField(label="发布范围", levels=[Place.Level.COUNTY, Place.Level.TOWNSHIP, Place.Level.VILLAGE])
    employer = forms.CharField(label="单位", max_length=80)
    title = forms.CharField(label="岗位", max_length=60)
    sector = forms.ChoiceField(label="行业", choices=Sector.choices)
    near = forms.BooleanField(label="县内岗位", required=False, initial=True)
    wage = wage()
    count = Whole(label="人数", min_value=1, max_value=5000)
    until = Day(label="招聘截止")
    contact = forms.CharField(label="联系方式", max_length=60, required=False, help_text="单位的办公电话。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [code for _role, code in self.user.postings_today()]
        self.initial = {"place": codes[0] if codes else None, **self.initial}
