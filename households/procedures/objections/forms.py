"""Forms of the objection pages of the staff."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from households.models import Notice, Objection
from households.procedures.engine import clock
from households.procedures.objections.services import LONGEST, MOST_PHOTOS, SHORTEST, Wish
from povreg.kit.controls import Day, Phone
from villages.models import User

WHOLE, MISSED = "0", "missed"
"""In place of a line: the objection is to the whole list, or that somebody is not on it."""


class ManyFiles(forms.ClearableFileInput):
    """Several files at once, as a telephone's gallery gives them."""

    allow_multiple_selected = True


class Photos(forms.FileField):
    """Photos that come with an objection; what may be kept is the verb's to say."""

    widget = ManyFiles(attrs={"multiple": True, "accept": "image/jpeg,image/png,image/webp,application/pdf"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(Photos, self).clean(each, initial) for each in given if each]


def photos_field() -> Photos:
    return Photos(label="照片或材料", required=False, help_text=f"可以不传，最多 {MOST_PHOTOS} 张，每张不超过 10 MB。")


class ObjectionForm(forms.Form):
    """What every objection says: whom it is about, what is said, how it is to be dealt with."""

    line = forms.ChoiceField(label="对哪一户有意见", required=False)
    missed = forms.CharField(
        label="漏评的是哪一户",
        required=False,
        max_length=80,
        help_text="选“应当列入而没有列入”的填写：户主姓名、所在组。",
    )
    is_confidential = forms.BooleanField(label="要求保密：不让村里知道是谁提的", required=False)
    against_village = forms.BooleanField(label="反映的是村干部的问题：不交给本村人员核查", required=False)
    photos = photos_field()

    def offer(self, lines: list[tuple[str, str]]) -> None:
        field: Any = self.fields["line"]
        field.choices = [(WHOLE, "整份名单"), *lines, (MISSED, "应当列入而没有列入（漏评）")]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("line") == MISSED and not (values.get("missed") or "").strip():
            self.add_error("missed", "请填写漏评的是哪一户（户主姓名、所在组）。")
        return values

    def line_key(self) -> int:
        """Position of the chosen line; 0 for the whole list or somebody who is not on it."""
        line = self.cleaned_data["line"] or WHOLE
        return 0 if line == MISSED else int(line)

    def said(self) -> dict[str, Any]:
        """What the verb takes."""
        values = self.cleaned_data
        return {
            "missed": values["missed"] if values["line"] == MISSED else "",
            "wish": Wish(values["is_confidential"], values["against_village"]),
            "photos": values["photos"],
            **{name: values[name] for name in ("text", "name", "phone")},
        }


class ReceiveForm(ObjectionForm):
    """An objection by phone or in person."""

    channel = forms.ChoiceField(
        label="方式", choices=[(each.value, each.label) for each in Objection.Channel if each != Objection.Channel.WEB]
    )
    received_on = Day(label="收到日期")
    text = forms.CharField(
        label="不同意见和理由",
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="按本人的说法记录，不写身份证号、银行卡号。",
        error_messages={"min_length": f"请写明不同意见和理由，至少 {SHORTEST} 个字。"},
    )
    name = forms.CharField(label="姓名", required=False, max_length=40, help_text="本人不愿意留的可以不填。")
    phone = Phone(required=False)

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = notice.lines.filter(entry__state="listed").order_by("position")
        offered = [
            (str(line.position), f"{line.position}. {line.head_name or line.masked_name}（{line.group_name}）")
            for line in lines
        ]
        self.offer(offered)
        self.fields["received_on"].initial = clock.today()
        self.order_fields(["channel", "received_on", "line", "missed", "text", "name", "phone"])


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
        help_text="异议成立的，取消该户或退回该户重新核实，漏评的补报该户；其他农户继续办理。",
    )
    household = forms.CharField(
        label="漏评的户（户编号）", required=False, max_length=40, help_text="补报的填写；还没有登记的户，请先登记。"
    )
    reason = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明决定的理由。"},
    )


class DecideOnListForm(DecideForm):
    """A decision on an objection to somebody who is on the list."""

    household = None  # type: ignore[assignment]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="答复",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="凭查询号可以看到，请不要写任何人的姓名、电话或病情。",
        error_messages={"required": "请填写答复内容。"},
    )
