"""Forms of the dated events: who comes, who goes, who is head, and what becomes of the household."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from households.entry.members.forms import MemberForm, member_form
from households.models import Household, Member
from households.register.member_changes import LEAVING
from povreg.kit.controls import Day
from villages.codes.controls import Code
from villages.codes.selectors import label

ARRIVAL = (
    "name", "relation", "id_no", "sex", "birth_date", "ethnicity", "education", "school_status", "health", "labour",
    "medical",
)  # fmt: skip

ArrivalForm: type[MemberForm] = member_form("ArrivalForm", ARRIVAL)


def names_apart(people: Iterable[Member]) -> dict[int, str]:
    """Member id to what a list calls him: namesakes with sex, the age of this year and the end of their number."""
    people = list(people)
    count = Counter(each.name for each in people)
    return {each.pk: each.name if count[each.name] == 1 else f"{each.name}（{_marks(each)}）" for each in people}


def _marks(person: Member) -> str:
    year = timezone.localdate().year
    age = f"{year - person.birth_date.year} 岁" if person.birth_date else ""
    end = f"尾号 {person.id_no[-4:]}" if person.id_no else f"人编号尾号 {person.person_no[-2:]}"
    return "，".join(filter(None, (f"{label('sex', person.sex)} {age}".strip(), end)))


class EventForm(forms.Form):
    """When and why. Subclasses say what."""

    use_required_attribute = False
    on = Day(label="发生日期", error_messages={"required": "请填写发生日期。"})
    reason = forms.CharField(label="原因说明", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, members: Iterable[Member] = (), left: Iterable[Member] = (), **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.members, self.left = list(members), list(left)
        self.build()
        self.order_fields(self.field_order_wanted())

    def build(self) -> None:
        """Add what depends on the household's people."""

    def field_order_wanted(self) -> list[str]:
        return [name for name in self.fields if name != "reason"] + ["reason"]

    def add_person(self, name: str, title: str, people: Iterable[Member], required: bool = True) -> None:
        called = names_apart(people := list(people))
        choices = [("", "请选择")] + [(str(each.pk), called[each.pk]) for each in people]
        error = {"required": f"请选择{title}。", "invalid_choice": "请从列表中选。"}
        self.fields[name] = forms.ChoiceField(label=title, choices=choices, required=required, error_messages=error)

    def add_relations(self, title: str = "与新户主的关系") -> None:
        called = names_apart(self.members)
        for member in self.members:
            self.fields[f"relation_{member.pk}"] = Code(
                "relation", label=f"{called[member.pk]}{title}", blank="请选择", required=False
            )

    def person(self, name: str) -> Member | None:
        """The member chosen in a field."""
        chosen = self.cleaned_data.get(name)
        return next((each for each in (*self.members, *self.left) if str(each.pk) == chosen), None)

    def relations(self) -> dict[int, str]:
        """Member id to the relation chosen; those left open are left out."""
        found = {member.pk: self.cleaned_data.get(f"relation_{member.pk}", "") for member in self.members}
        return {pk: relation for pk, relation in found.items() if relation}


class BirthForm(EventForm):
    """The day of birth is the day of the event."""

    def build(self) -> None:
        del self.fields["on"]


class LeavingForm(EventForm):
    """Who left, how and when; a head is followed by another one."""

    def build(self) -> None:
        self.add_person("member", "离开的成员", self.members)
        choices = [("", "请选择"), *((kind, label("member_change", kind)) for kind in LEAVING)]
        self.fields["kind"] = forms.ChoiceField(
            label="离开的原因", choices=choices, error_messages={"required": "请选择离开的原因。"}
        )
        self.add_person("new_head", "新户主（户主离开时选）", self.members, required=False)
        self.add_relations("与新户主的关系（户主离开时选）")

    def field_order_wanted(self) -> list[str]:
        return ["member", "kind", "on", "reason"]


class HeadForm(EventForm):
    """Another member becomes head."""

    def build(self) -> None:
        self.add_person("new_head", "新户主", self.members)
        self.add_relations()

    def field_order_wanted(self) -> list[str]:
        return ["new_head", *(name for name in self.fields if name.startswith("relation_")), "on", "reason"]


class ReturnForm(EventForm):
    """A leaving that was registered by mistake."""

    def build(self) -> None:
        del self.fields["on"]
        self.add_person("member", "恢复的成员", self.left)
        self.fields["reason"].required = True


class MistakenForm(EventForm):
    """Something that was registered by mistake: only why is asked."""

    def build(self) -> None:
        del self.fields["on"]
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = "请写明撤销的原因。"


class NotComeForm(MistakenForm):
    """A coming that was registered by mistake."""

    def build(self) -> None:
        super().build()
        self.add_person("member", "撤销加入的成员", self.members)


class SamePersonForm(EventForm):
    """Two rows of one person: the one here stays."""

    double = forms.CharField(
        label="重复的那条登记（人编号）", max_length=28, error_messages={"required": "请填写重复登记的人编号。"}
    )
    user: Any = None

    def build(self) -> None:
        del self.fields["on"]
        self.fields["reason"].required = True
        self.add_person("member", "保留的登记", [*self.members, *self.left])

    def field_order_wanted(self) -> list[str]:
        return ["member", "double", "reason"]

    def clean_double(self) -> Member:
        rows = Member.objects.visible_to(self.user)
        found = rows.filter(person_no=self.cleaned_data["double"].strip()).first()
        if found is None:
            raise forms.ValidationError("没有找到这个人编号，请核对；只能合并您管辖范围内的登记。")
        return found


class SplitForm(EventForm):
    """Members who become a household of their own."""

    def build(self) -> None:
        self.fields["member_ids"] = forms.MultipleChoiceField(
            label="分出去的成员",
            choices=list(names_apart(self.members).items()),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "请勾选分出去的成员。"},
        )
        self.add_person("new_head", "新户的户主", self.members)
        self.add_relations("与新户户主的关系（分出去的填）")

    def chosen(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["member_ids"]]


class MergeForm(EventForm):
    """This household goes into another one."""

    target = forms.CharField(
        label="并入的户（户编号）", max_length=24, error_messages={"required": "请填写并入的户的户编号。"}
    )
    user: Any = None

    def build(self) -> None:
        self.add_relations("与并入户户主的关系")

    def clean_target(self) -> Household:
        rows = Household.objects.visible_to(self.user).living()
        found = rows.filter(household_no=self.cleaned_data["target"].strip()).first()
        if found is None:
            raise forms.ValidationError("没有找到这个户编号，请核对；只能并入您管辖范围内的户。")
        return found


class TransferForm(EventForm):
    """This household moves to another village."""

    village = forms.CharField(
        label="迁往的行政村",
        error_messages={"required": "请选择迁往的行政村：输入村名、代码或拼音首字母后从列表中选。"},
    )


class VoidForm(MistakenForm):
    """This household was entered by mistake."""
