"""Forms of samples; every rule is the verbs'."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from audits.models import Sample, SampleCase
from audits.samples.measures import Measure, measures_of
from audits.samples.plans import Wanted
from audits.samples.services import asked_of
from households.leads.forms import words
from povreg.kit.controls import Day
from povreg.kit.pages.forms import VersionedForm
from povreg.kit.views import ScopedForm
from villages.codes.controls import Number, PlainSelect, Whole
from villages.models import Place
from villages.places.fields import PlaceField

CONFIDENCES = (("0.9", "90%"), ("0.95", "95%"), ("0.99", "99%"))
YES, NO, UNSURE = "yes", "no", "unsure"
MEANING: dict[str, bool | None] = {YES: True, NO: False, UNSURE: None}
HUNDRED = Decimal(100)


class DrawForm(ScopedForm, forms.Form):
    """Conditions of a draw."""

    name = forms.CharField(
        label="名称", max_length=60, help_text="如：四季度入户。", error_messages={"required": "请填写名称。"}
    )
    place = PlaceField(label="范围", levels=[Place.Level.COUNTY, Place.Level.TOWNSHIP, Place.Level.VILLAGE])
    measures = forms.MultipleChoiceField(
        label="指标", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请至少选择一个指标。"}
    )
    design = forms.ChoiceField(label="抽法", choices=Sample.Design.choices, widget=PlainSelect, initial="townships")
    confidence = forms.ChoiceField(label="置信度", choices=CONFIDENCES, widget=PlainSelect, initial="0.95")
    margin = Number(label="允许误差（%）", max_digits=4, decimal_places=1, initial=Decimal(3))
    expected = Number(
        label="预计比例（%）", max_digits=4, decimal_places=1, initial=Decimal(5),
        help_text="问题户大约占多少；不知道的填 50，抽得最多。",
    )  # fmt: skip
    least = Whole(label="每村至少（户）", required=False, max_value=50, help_text="按村分层时。")
    risk_weight = Number(
        label="异常村加密倍数", max_digits=3, decimal_places=1, required=False, help_text="按异常程度加密时，如 3。"
    )
    villages_drawn = Whole(label="抽多少个村", required=False, max_value=500, help_text="先抽村再抽户时，至少 2 个。")
    seed = forms.RegexField(
        r"^[0-9A-Za-z-]{1,32}$", label="公开的种子", required=False,
        help_text="当众摇号得到的数字或字母；不填的由系统产生。",
        error_messages={"invalid": "种子只能是数字、字母和短横，最多 32 个。"},
    )  # fmt: skip

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        chosen: Any = self.fields["measures"]
        chosen.choices = [(each.code, each.label) for each in measures_of(year)]
        chosen.initial = [each.code for each in measures_of(year)]

    def wanted(self) -> Wanted:
        """What the verb takes."""
        data = self.cleaned_data
        return Wanted(
            place=data["place"],
            year=self.year,
            design=data["design"],
            measures=data["measures"],
            confidence=Decimal(data["confidence"]),
            margin=data["margin"] / HUNDRED,
            expected=data["expected"] / HUNDRED,
            least=data["least"] or 0,
            risk_weight=data["risk_weight"] or Decimal(1),
            villages_drawn=data["villages_drawn"] or 0,
        )


class CaseForm(VersionedForm):
    """What was found in a household: a question for each measure, two buttons and a way out."""

    seen_on = Day(label="入户日期")
    note = words("情况", 500, rows=3, required=False, help_text="认定有问题的，写明看到、问到什么；不写身份证号。")

    def __init__(self, *args: Any, case: SampleCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked_of(case)
        self.fields["seen_on"].initial = case.seen_on or timezone.localdate()
        self.fields["note"].initial = case.note
        self.fields["version"].initial = case.version
        for each in self.asked:
            self.fields[each.code] = question(each, case.answers.get(each.code, "") if case.answers else "")
        self.order_fields([*(each.code for each in self.asked), "seen_on", "note", "version"])

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        answers = {each.code: MEANING[data[each.code]] for each in self.asked}
        return {"answers": answers, **{name: data[name] for name in ("seen_on", "note", "version")}}


def question(measure: Measure, answer: Any) -> forms.ChoiceField:
    yes, no = ("是", "不是") if measure.wrong else ("认可", "不认可")
    said = {True: YES, False: NO, None: UNSURE}.get(answer, "")
    return forms.ChoiceField(
        label=measure.ask, choices=[(NO if measure.wrong else YES, no if measure.wrong else yes),
                                    (YES if measure.wrong else NO, yes if measure.wrong else no), (UNSURE, "说不清")],
        widget=forms.RadioSelect, initial=said, error_messages={"required": "请选一个；说不清的选“说不清”。"},
    )  # fmt: skip


class PhotoForm(forms.Form):
    """A photo taken in the household."""

    file = forms.FileField(label="照片", error_messages={"required": "请先拍照或选择一张照片。"})


class UnreachedForm(VersionedForm):
    """Nobody was met."""

    reason = words("原因", 500, rows=3, help_text="去了几次、什么时候去的、邻居怎么说。")

    def __init__(self, *args: Any, case: SampleCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = case.version


class ConfirmForm(forms.Form):
    """Nothing is asked: the button says it."""
