"""Shape of what is typed about units and cadres."""

from __future__ import annotations

from typing import Any

from django import forms

from povreg.kit.controls import Day
from povreg.kit.masking import mask_id, mask_phone
from povreg.kit.pages.forms import VersionedForm
from villages.codes.controls import Code
from villages.models import Cadre, Place, Unit
from villages.places.fields import PlaceField, PlacesField

KEEP = "留空表示不修改。"


class UnitForm(VersionedForm):
    name = forms.CharField(label="单位名称", max_length=80, error_messages={"required": "请填写单位名称。"})
    kind = forms.ChoiceField(label="类别", choices=Unit.Kind.choices)
    level = Code("unit_level", label="隶属关系", required=False)
    place = PlaceField(label="所在地")
    address = forms.CharField(label="单位地址", max_length=120, required=False)
    leader_name = forms.CharField(label="分管领导", max_length=40, required=False)
    phone = forms.RegexField(
        r"^[\d\- ()（）]{5,20}$",
        label="办公电话",
        required=False,
        error_messages={"invalid": "办公电话只能有数字、横线和括号，如 023-52220000，请改正。"},
    )
    villages = PlacesField(
        label="对口村",
        levels=[Place.Level.VILLAGE],
        required=False,
        help_text="每行一个村，写村名；县内有同名的村时前面写上乡镇。",
    )
    is_active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unit is not None:
            names = ("name", "kind", "level", "address", "leader_name", "phone", "is_active", "version")
            stored = {name: getattr(unit, name) for name in names}
            stored |= {"place": unit.place_id, "villages": PlacesField.text_of(unit.villages.select_related("parent"))}
            self.initial = {**stored, **self.initial}


class CadreForm(VersionedForm):
    """The national cadre fields. Stored numbers are shown masked and are typed anew to be changed."""

    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写姓名。"})
    id_no = forms.CharField(
        label="证件号码", max_length=40, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.filter(is_active=True), label="单位", required=False, empty_label="（未登记）"
    )
    place = PlaceField(label="工作地", help_text="驻村干部选所驻的村。")
    post = forms.CharField(label="职务", max_length=60, required=False)
    rank = forms.CharField(label="职务级别", max_length=40, required=False)
    political = Code("political", label="政治面貌", required=False)
    education = Code("education", label="学历", required=False)
    skill = forms.CharField(label="技术特长", max_length=60, required=False)
    is_first_secretary = forms.BooleanField(label="第一书记", required=False)
    is_team_leader = forms.BooleanField(label="工作队长", required=False)
    is_team_member = forms.BooleanField(label="驻村队员", required=False)
    stationed_from = Day(label="驻村开始", required=False)
    stationed_to = Day(label="驻村结束", required=False)
    username = forms.CharField(
        label="登录账号", max_length=40, required=False, help_text="已开户的填用户名，用来对应本人的账号。"
    )

    def __init__(self, *args: Any, cadre: Cadre | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cadre is None:
            return
        hidden = {"id_no", "phone", "username", "place", "unit"}
        stored = {name: getattr(cadre, name) for name in self.fields if name not in hidden}
        stored |= {"place": cadre.place_id, "unit": cadre.unit_id}
        stored["username"] = cadre.user.username if cadre.user else ""
        self.initial = {**stored, **self.initial}
        for name, shown in (("id_no", mask_id(cadre.id_no)), ("phone", mask_phone(cadre.phone))):
            if shown:
                self.fields[name].help_text = f"已登记 {shown}，{KEEP}"
