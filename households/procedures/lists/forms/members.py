"""Forms that begin, fill and filter lists, and the ones of the board."""

from __future__ import annotations

from typing import Any

from django import forms

from households.models import ProcedureTemplate
from households.procedures.engine.cells import cell, pick
from households.procedures.engine.forms import choice_field, hotline_field, offer_kinds, text_field
from households.procedures.engine.kinds import drafted
from households.procedures.lists.rows import Stayer
from households.register.years import years_offered
from villages.codes.controls import PlainSelect
from villages.codes.selectors import choices
from villages.models import Place, User
from villages.rights import Right

SOURCES = [
    ("eligible", "按评定结果（具备退出条件的户）"),
    ("applications", "按待处理的申请"),
    ("chosen", "拟定后自己选户"),
]
NO_VILLAGE = "请选择行政村：输入村名后从列表中点选。"


class DraftForm(forms.Form):
    """A list of one kind and year for a village."""

    kind = choice_field("种类", drafted)
    village = forms.CharField(label="行政村", error_messages={"required": NO_VILLAGE})
    year = forms.TypedChoiceField(label="年度", coerce=int, widget=PlainSelect)
    source = choice_field("名单来源", SOURCES)
    template = forms.ModelChoiceField(
        label="程序模板",
        queryset=ProcedureTemplate.objects.none(),
        required=False,
        empty_label="按种类默认",
        help_text="一般不用选",
        error_messages={"invalid_choice": "这个模板不适用或已停用，请重新选择。"},
    )
    note = text_field("说明", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["year"].choices = [(year, f"{year}年") for year in years_offered()]  # type: ignore[attr-defined]
        offer_kinds(self, drafted(), user)
        usable = ProcedureTemplate.objects.visible_to(user).active().filter(read_only=False, is_default=False)  # type: ignore[attr-defined]
        self.fields["template"].queryset = usable  # type: ignore[attr-defined]

    def clean_village(self) -> str:
        """A village inside the person's scope; whether he may draft there is the verb's question."""
        code = self.cleaned_data["village"]
        if not Place.objects.visible_to(self.user).filter(pk=code, level=Place.Level.VILLAGE).exists():
            raise forms.ValidationError(NO_VILLAGE)
        return str(code)


class PickForm(forms.Form):
    """Households to put on a list."""

    households = forms.TypedMultipleChoiceField(
        label="农户",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请先勾选要列入的户。", "invalid_choice": "所选的户不能列入，请刷新页面后再选。"},
    )

    def __init__(self, *args: Any, ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["households"].choices = [(pk, str(pk)) for pk in ids]  # type: ignore[attr-defined]


class StayForm(forms.Form):
    """Why each household stays; lines left open are not recorded."""

    def __init__(self, *args: Any, stayers: list[Stayer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stayers = stayers
        reasons = [("", "—"), *choices("not_exit_reason")]
        for each in stayers:
            pk, noted = each.household.pk, each.reason
            self.fields[f"reason-{pk}"] = pick("不脱贫原因", reasons, noted.reason if noted else each.suggested)
            self.fields[f"note-{pk}"] = cell("说明", 200, noted.note if noted else "")

    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "stayer": each,
                "reason": self[f"reason-{each.household.pk}"],
                "note": self[f"note-{each.household.pk}"],
                "is_suggested": each.reason is None and bool(each.suggested),
            }
            for each in self.stayers
        ]

    def reasons(self) -> dict[int, tuple[str, str]]:
        values = self.cleaned_data
        return {
            each.household.pk: (values[f"reason-{each.household.pk}"], values[f"note-{each.household.pk}"])
            for each in self.stayers
            if values.get(f"reason-{each.household.pk}")
        }


class BulkPostForm(forms.Form):
    """Every list of a kind and year under a place that waits for its notice; ``numbers`` say how much that is."""

    numbers: dict[str, int]
    place = forms.CharField(label="地区", error_messages={"required": "请选择地区。"})
    kind = choice_field("种类", drafted)
    year = forms.IntegerField(label="年度")
    board = text_field("张贴地点", length=80, initial="村委会公示栏")
    hotline = hotline_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_place(self) -> str:
        code = self.cleaned_data["place"]
        if not Place.objects.visible_to(self.user).filter(pk=code).exists():
            raise forms.ValidationError("请选择您负责范围内的地区。")
        return str(code)


def posting_place(user: User, place: str) -> str:
    """The place of the filter, or the widest one where the person may post."""
    widest = sorted(user.places_with(Right.NOTICE_POST), key=len)
    return place or (widest[0] if widest else "")
