"""What is typed on a list's page, read and named; every rule about it is the verbs'."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from households.models import Application, Batch, BatchEntry, BoardPhoto, Survey
from households.models.template import Capacity, PaperKind
from households.procedures.engine import checks, clock
from households.procedures.engine.duties import POSTING
from households.procedures.engine.offers import on_offer
from households.procedures.engine.procedure import procedure_of
from povreg.kit.controls import Day
from povreg.kit.values import digits_of
from villages.codes.controls import (
    Code,
    Codes,
    PlainSelect,
    Whole,
)
from villages.models import User
from villages.periods.selectors import era_of

Choices = Sequence[tuple[str, str]] | Callable[[], Sequence[tuple[str, str]]]
MOMENTS = (("", "按上传日期"), *BoardPhoto.Moment.choices)
MULTI = forms.CheckboxSelectMultiple


def day_field(label: str, required: bool = True) -> Day:
    return Day(label=label, required=required, error_messages={"required": f"请填写{label}。"})


def text_field(label: str, required: bool = True, length: int = 200, **more: Any) -> forms.CharField:
    wanted = {"required": f"请填写{label}。", "max_length": f"{label}不超过 {length} 字，请缩短。"}
    return forms.CharField(label=label, required=required, max_length=length, error_messages=wanted, **more)


def long_text(label: str, required: bool = True, length: int = 200, **more: Any) -> forms.CharField:
    return text_field(label, required, length, widget=forms.Textarea(attrs={"rows": 2}), **more)


def choice_field(label: str, choices: Choices, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=PlainSelect,
        error_messages={"required": f"请选择{label}。", "invalid_choice": "没有这个选项，请从列表中选择。"},
    )


def hotline_field() -> forms.CharField:
    """The telephone on a notice: at first that of the day's era."""
    return text_field("监督电话", required=False, length=40, initial=lambda: era_of(clock.today()).hotline)


def offer_kinds(form: forms.Form, kinds: Sequence[tuple[str, str]], user: User) -> None:
    """Let the field ``kind`` show what is carried out in the form's year; what is sent besides is the verb's to
    refuse, which says why."""
    year = str(form["year"].value() or "")
    shown = on_offer(kinds, digits_of(year) or clock.today().year, user, str(form["kind"].value() or ""))
    field = form.fields["kind"]
    field.widget.choices = [("", "请选择"), *shown]  # type: ignore[attr-defined]
    field.help_text = f"{year}年可以办理的事项；办理其他年度的，请先在右上角换年度"


PAPER, SIGN = "paper_", "sign_"


def supply_fields(batch: Batch) -> dict[str, forms.Field]:
    """Scans and signatures that the current step asks for and does not have yet, each to be given with what is done."""
    step = batch.step
    if step is None:
        return {}
    papers, capacities = checks.lacking(batch, step)
    found: dict[str, forms.Field] = {
        f"{PAPER}{kind}": forms.FileField(label=PaperKind(kind).label, required=False) for kind in papers
    }
    for capacity in capacities:
        found[f"{SIGN}{capacity}"] = text_field(f"{Capacity(capacity).label}签字（姓名）", required=False, length=40)
    return found


class BatchForm(forms.Form):
    """A form on a list's page. ``entries`` are the listed households of it that the person sees.

    ``row_faults`` maps an entry's id to what a verb found wrong with it.
    """

    head = "户主"
    columns: tuple[str, ...] = ()
    supplies = False
    """Whether scans and signatures that the step still lacks are asked for on the same form."""

    def __init__(self, *args: Any, batch: Batch, entries: Sequence[BatchEntry] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch, self.entries = batch, list(entries)
        self.row_faults: dict[int, str] = {}
        self.build()
        if self.supplies:
            self.fields.update(supply_fields(batch))

    def build(self) -> None:
        """Add the fields that depend on the list."""

    def said(self) -> dict[str, Any]:
        """What was typed, but for what was supplied with it."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith((PAPER, SIGN))}

    def supplied(self, prefix: str) -> dict[str, Any]:
        """Kind or capacity to the file or the name that came with the form."""
        found = {name.removeprefix(prefix): value for name, value in self.cleaned_data.items() if value}
        return {name: value for name, value in found.items() if f"{prefix}{name}" in self.fields}

    def plain_fields(self) -> list[forms.BoundField]:
        """The fields that stand above the rows."""
        return [field for field in self.visible_fields() if not _is_row(field.name)]

    def rows(self) -> list[dict[str, Any]]:
        """One line a household: its controls under :attr:`columns`."""
        names = [name for name in self.fields if _is_row(name)]
        return [
            {
                "label": getattr(entry, "head_name", "") or "（未登记户主）",
                "sub": " · ".join(filter(None, (entry.household.household_no, entry.household.group_name))),
                "cells": [self[name] for name in names if name.endswith(f"-{entry.pk}")],
                "fault": self.row_faults.get(entry.pk, ""),
            }
            for entry in (self.entries if names else ())
        ]


def _is_row(name: str) -> bool:
    return name.rpartition("-")[2].isdigit()


class StartForm(BatchForm):
    """The day, where the paper came first."""

    on = day_field("日期", required=False)

    def build(self) -> None:
        self.fields["on"].initial = clock.today()
        self.fields["on"].help_text = "按纸质材料补录的，填实际日期"


class CloseForm(StartForm):
    """The end of a notice, with what it still lacks."""

    supplies = True


class ReasonForm(BatchForm):
    reason = long_text("原因")


class PaperForm(BatchForm):
    kind = choice_field("附件类别", [])
    file = forms.FileField(
        label="文件", error_messages={"required": "请选择要上传的照片或扫描件。", "empty": "文件是空的，请重新选择。"}
    )

    def build(self) -> None:
        wanted = list(self.batch.step.attachments) if self.batch.step else []
        if self.batch.step and self.batch.step.kind in POSTING:
            self.fields["moment"] = choice_field("照片的时点", MOMENTS, required=False)
            self.fields["moment"].help_text = "张贴照片里有拍摄时间的，以拍摄时间为准；没有的按这里选的"
        others = [kind for kind in PaperKind.values if kind not in wanted]
        self.fields["kind"].choices = [(kind, PaperKind(kind).label) for kind in (*wanted, *others)]  # type: ignore[attr-defined]


class RemovePaperForm(BatchForm):
    paper = forms.IntegerField(widget=forms.HiddenInput)
    reason = text_field("移除原因")


class SignForm(BatchForm):
    capacity = choice_field("签字身份", [])
    name = text_field("签字人姓名", length=40)
    signed_on = day_field("签字日期")

    def build(self) -> None:
        asked = self.batch.step.signers if self.batch.step else []
        chosen = [(each, Capacity(each).label) for each in asked if each != Capacity.HEAD]
        self.fields["capacity"].choices = chosen or Capacity.choices  # type: ignore[attr-defined]
        self.fields["signed_on"].initial = clock.today()


class CompleteForm(BatchForm):
    supplies = True

    on = day_field("办结日期")
    remark = text_field("意见", required=False, length=500)

    def build(self) -> None:
        self.fields["on"].initial = clock.today()


class PostForm(BatchForm):
    supplies = True

    board = text_field("张贴地点", length=80, initial="村委会公示栏")
    hotline = hotline_field()
    days = Whole(label="公示天数", required=False, min_value=0)
    posted_on = day_field("张贴日期", required=False)

    def build(self) -> None:
        step = self.batch.step
        self.fields["posted_on"].initial = clock.today()
        self.fields["posted_on"].help_text = "补录的，填实际张贴日期"
        if step is not None:
            self.fields["days"].initial = step.days
            ends = clock.end_of(clock.today(), step.days, step.day_rule)
            unit = "个工作日" if step.day_rule == "working" else "天"
            self.fields[
                "days"
            ].help_text = f"不少于 {step.days} {unit}；今天张贴、按 {step.days} {unit}计，公示到 {ends:%Y年%m月%d日}"


class AnnounceForm(BatchForm):
    supplies = True

    board = text_field("张贴地点", length=80, initial="村委会公示栏")
    hotline = hotline_field()


class CorrectForm(BatchForm):
    reason = long_text("更正原因")
    board = text_field("张贴地点", required=False, length=80, help_text="不填则不变")


class ApproveForm(BatchForm):
    supplies = True

    on = day_field("批复日期")
    remark = text_field("批复意见或文号", required=False, length=500)

    def build(self) -> None:
        self.fields["on"].initial = clock.today()


class AcceptForm(BatchForm):
    entries_chosen = forms.MultipleChoiceField(
        label="已查看变更的户", widget=MULTI, error_messages={"required": "请先查看变更内容，再勾选要确认的户。"}
    )
    reason = long_text("确认理由", help_text="例如：已入户核实，不影响退出")

    def build(self) -> None:
        self.fields["entries_chosen"].choices = names_of(self.entries)  # type: ignore[attr-defined]


class OffForm(BatchForm):
    """Take one household out, or send it back."""

    how = choice_field("办理", [("out", "取消"), ("back", "退回村级")])
    reason = long_text("原因")
    stay_reason = Code("not_exit_reason", blank="不登记", label="不脱贫原因", required=False)

    def build(self) -> None:
        if not procedure_of(self.batch.kind).by_verdict:
            del self.fields["stay_reason"]


class EvidenceForm(BatchForm):
    file = forms.FileField(
        label="文件", error_messages={"required": "请选择要上传的照片或扫描件。", "empty": "文件是空的，请重新选择。"}
    )


class ExceptionForm(EvidenceForm):
    """Why a household is taken in that the line alone would not take in, with its evidence."""

    reason = long_text("理由", length=300, help_text="例如：收入略高于标准，但重病自付支出大，实际生活困难")
    field_order = ("reason", "file")


class CorrectionForm(BatchForm):
    """On what and why an approval is put right."""

    document = text_field("上级文件号", length=80)
    reason = long_text("更正原因", length=200)


class DescribeForm(BatchForm):
    """What an inclusion or a risk removal will write, or why a household is struck off."""

    grounds = long_text("清退理由", required=False, length=300, help_text="不符合哪一条、依据什么")

    monitor_type = Code("monitor_type", label="监测对象类型", required=False)
    risks = Codes("risk", label="致贫返贫风险", required=False)
    clear_way = Code("clear_way", label="风险消除方式", required=False)

    def build(self) -> None:
        described = procedure_of(self.batch.kind).describes
        for name in [name for name in self.fields if name not in described]:
            del self.fields[name]


def names_of(entries: Sequence[BatchEntry]) -> list[tuple[str, str]]:
    return [
        (str(entry.pk), f"{getattr(entry, 'head_name', '') or '（未登记户主）'}（{entry.household.household_no}）")
        for entry in entries
    ]


class SurveyForm(BatchForm):
    """A visit by one team on one day to the households chosen."""

    supplies = True

    chosen = forms.MultipleChoiceField(label="调查的户", widget=MULTI, error_messages={"required": "请勾选调查的户。"})
    surveyed_on = day_field("调查日期")
    surveyors = text_field("调查人", help_text="至少两人，用顿号分开；均于当日签字")
    signed_on = day_field("调查人签字日期")
    finding = choice_field("调查结论", Survey.Finding.choices)
    note = long_text("调查情况", required=False, length=500)
    household_signed = forms.BooleanField(label="农户已签字（或按手印）", required=False)
    read_back = forms.BooleanField(label="已向农户宣读", required=False)

    def build(self) -> None:
        self.fields["chosen"].choices = names_of(self.entries)  # type: ignore[attr-defined]
        self.fields["chosen"].initial = [str(entry.pk) for entry in self.entries]
        for name in ("surveyed_on", "signed_on"):
            self.fields[name].initial = clock.today()

    def clean_surveyors(self) -> list[str]:
        text = self.cleaned_data["surveyors"]
        for mark in "，,;； ":
            text = text.replace(mark, "、")
        return [name for name in text.split("、") if name]


class ApplyForm(BatchForm):
    """Applications of households that came on one day."""

    supplies = True

    chosen = forms.MultipleChoiceField(label="申请的户", widget=MULTI, error_messages={"required": "请勾选申请的户。"})
    applied_on = day_field("申请日期")
    reason = long_text("申请理由", length=300)
    authorised_on = day_field("承诺授权日期", required=False)
    proxy_name = text_field("代办人", required=False, length=40, help_text="由他人代办的填写")
    proxy_relation = text_field("代办人与申请人关系", required=False, length=40)
    thumbprint = forms.BooleanField(label="申请书由申请人按手印", required=False)

    def build(self) -> None:
        self.fields["chosen"].choices = names_of(self.entries)  # type: ignore[attr-defined]
        waiting = {"kind": self.batch.kind, "state__in": Application.WAITING}
        homes = [entry.household_id for entry in self.entries]
        applied = set(Application.objects.filter(household__in=homes, **waiting).values_list("household", flat=True))
        self.fields["chosen"].initial = [str(each.pk) for each in self.entries if each.household_id not in applied]
        self.fields["applied_on"].initial = clock.today()
        if not procedure_of(self.batch.kind).authorised:
            del self.fields["authorised_on"]
