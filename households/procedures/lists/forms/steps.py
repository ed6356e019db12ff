"""Forms with a line for every household of a list: results, consents, votes, samples and exceptions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse

from households.models import BatchEntry, Indicator
from households.models.codes import EDGE, OUT_OF_POVERTY, UNSTABLE
from households.models.template import Level, StepKind
from households.procedures.engine import clock, village_exit
from households.procedures.engine.cells import cell, number, pick
from households.procedures.engine.checks import needed_present
from households.procedures.engine.duties import TIER
from households.procedures.engine.forms import (
    BatchForm,
    choice_field,
    day_field,
    long_text,
    text_field,
)
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.templates import steps_of
from households.procedures.lists import meetings, reviews, steps
from povreg.kit.idnumber import half_width
from povreg.kit.values import digits_of
from villages.codes.controls import Number, Whole
from villages.codes.selectors import choices

HOLDS = (("", "—"), ("pass", "相符"), ("fail", "不符"))
AGREES = (("", "—"), ("yes", "认可"), ("no", "不认可"))
ASKS = {
    "hx-trigger": "change, keyup changed delay:400ms",
    "hx-target": "#quorum",
    "hx-sync": "closest form:replace",
    "hx-include": "[name=representatives], [name=present]",
    "data-quiet": True,
}
OFF = (("", "—"), ("out", "取消"), ("back", "退回村级"))


class ResultsForm(BatchForm):
    """What the step found of each household; lines left open are not recorded."""

    supplies = True

    rest = forms.BooleanField(label="没有选结果的户都相符", required=False)
    columns = ("结果", "情况")

    def build(self) -> None:
        for entry in self.entries:
            self.fields[f"result-{entry.pk}"] = pick("结果", HOLDS)
            self.fields[f"note-{entry.pk}"] = cell("情况", 300)

    def results(self) -> dict[int, steps.Result]:
        found = _results(self, "result", "note")
        rest = self.entries if self.cleaned_data["rest"] else []
        return {entry.pk: steps.Result(True) for entry in rest} | found


def _results(form: BatchForm, result: str, note: str) -> dict[int, steps.Result]:
    values = form.cleaned_data
    return {
        entry.pk: steps.Result(values[f"{result}-{entry.pk}"] == "pass", values[f"{note}-{entry.pk}"])
        for entry in form.entries
        if values.get(f"{result}-{entry.pk}")
    }


class DescribeForm(BatchForm):
    """Every household of the list described at once: class and main risk, or the way a risk was removed. A former poor
    household is proposed as unstable, another one as on the edge; what is proposed is confirmed by saving it."""

    def build(self) -> None:
        for entry in self.entries:
            for name, label, table in self.asked():
                self.fields[f"{name}-{entry.pk}"] = pick(label, [("", "—"), *choices(table)], _described(entry, name))

    def asked(self) -> list[tuple[str, str, str]]:
        """Field, label and code table of what this kind describes a household with."""
        described = procedure_of(self.batch.kind).describes
        return [(name, *BY_LIST[name]) for name in described if name in BY_LIST]

    @property
    def columns(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(label for _name, label, _table in self.asked())

    def described(self) -> dict[int, dict[str, Any]]:
        """Entry id to what was chosen for it, where something is new; other risks of a household stay."""
        found = {}
        for entry in self.entries:
            said = {name: self.cleaned_data.get(f"{name}-{entry.pk}", "") for name, *_ in self.asked()}
            if "risks" in said:
                main = [said["risks"]] if said["risks"] else []
                said["risks"] = [*main, *(risk for risk in entry.risks if risk not in main)]
            if said != {name: getattr(entry, name) for name in said}:
                found[entry.pk] = said
        return found


BY_LIST = {
    "monitor_type": ("监测对象类型", "monitor_type"),
    "risks": ("主要风险", "risk"),
    "clear_way": ("风险消除方式", "clear_way"),
}


def _described(entry: BatchEntry, name: str) -> str:
    known = getattr(entry, name)
    if name == "risks":
        return str(known[0]) if known else ""
    if name == "monitor_type" and not known:
        return UNSTABLE if entry.household.exit_status == OUT_OF_POVERTY else EDGE
    return str(known)


class ConsentsForm(BatchForm):
    """Each household's own word."""

    supplies = True

    on = day_field("农户签字日期")
    columns = ("是否认可", "签字人", "不认可的原因")

    def build(self) -> None:
        self.fields["on"].initial = clock.today()
        for entry in self.entries:
            known = {True: "yes", False: "no"}.get(entry.consent, "")  # type: ignore[arg-type]
            self.fields[f"agrees-{entry.pk}"] = pick("是否认可", AGREES, known)
            self.fields[f"name-{entry.pk}"] = cell("签字人", 40, getattr(entry, "head_name", "") or "")
            self.fields[f"reason-{entry.pk}"] = cell("不认可的原因", 200)

    def answers(self) -> dict[int, steps.Answer]:
        values = self.cleaned_data
        return {
            entry.pk: steps.Answer(
                agreed=values[f"agrees-{entry.pk}"] == "yes",
                on=values["on"],
                name=values[f"name-{entry.pk}"],
                reason=values[f"reason-{entry.pk}"],
            )
            for entry in self.entries
            if values.get(f"agrees-{entry.pk}")
        }


class MeetingForm(BatchForm):
    """The meeting and the votes on every household; the outcome is computed from them."""

    supplies = True

    held_on = day_field("会议日期")
    venue = text_field("会议地点", length=80, initial="村委会会议室")
    chair = text_field("主持人", length=40)
    recorder = text_field("记录人", required=False, length=40)
    representatives = Whole(label="应到代表", min_value=1, error_messages={"required": "请填写应到代表人数。"})
    present = Whole(label="实到代表", min_value=0, error_messages={"required": "请填写实到代表人数。"})
    teller = text_field("计票人", required=False, length=40)
    scrutineer = text_field("监票人", required=False, length=40)
    attended = long_text("到会代表", required=False, length=4000, help_text="姓名用顿号或空格分开；也可以上传签到表")
    minutes = long_text("会议记录", required=False, length=5000)
    columns = ("同意", "不同意", "弃权")

    def build(self) -> None:
        self.fields["held_on"].initial = clock.today()
        roll = meetings.roll_of(self.batch.place_id, clock.today())
        if roll is not None:
            self.fields["representatives"].initial = len(roll.names)
            self.fields["representatives"].help_text = f"{roll.term}村民代表"
        if self.batch.step and self.batch.step.quorum:
            self.fields["present"].help_text = f"到会不少于应到的 {self.batch.step.quorum}，评议才有效"
        for name in ("representatives", "present"):
            self.fields[name].widget.attrs |= {**ASKS, "hx-get": reverse("procedure-quorum", args=[self.batch.pk])}
        for entry in self.entries:
            for name, label in (("in_favour", "同意"), ("against", "不同意"), ("abstained", "弃权")):
                self.fields[f"{name}-{entry.pk}"] = number(label)

    def quorum_text(self) -> str:
        """How many must be there, and whether as many were, for what is typed at this moment."""
        step, told = self.batch.step, _counted(self["representatives"].value())
        if step is None or not told:
            return ""
        least, there = needed_present(told, step.quorum_share), _counted(self["present"].value())
        if there is None:
            return f"应到 {told} 人，至少 {least} 人到会有效"
        enough = "达到法定人数" if there >= least else f"还差 {least - there} 人，评议无效"
        return f"应到 {told} 人，至少 {least} 人到会有效；实到 {there} 人，{enough}"

    def facts(self) -> dict[str, Any]:
        """What ``hold_meeting`` takes; a line left empty is no vote, which the verb refuses."""
        values = self.cleaned_data
        votes = {
            entry.pk: meetings.Votes(*(values[f"{name}-{entry.pk}"] or 0 for name in _VOTES))
            for entry in self.entries
            if any(values.get(f"{name}-{entry.pk}") is not None for name in _VOTES)
        }
        plain = (
            "held_on",
            "venue",
            "chair",
            "recorder",
            "representatives",
            "present",
            "minutes",
            "teller",
            "scrutineer",
        )
        names = re.split(r"[、，,;；\s]+", values["attended"])
        return {**{name: values[name] for name in plain}, "attended": names, "votes": votes}


_VOTES = ("in_favour", "against", "abstained")


def _counted(typed: Any) -> int | None:
    """A number of people while it is being typed."""
    return digits_of(half_width(str(typed or "")).strip())


class ReviewForm(BatchForm):
    """A decision on the whole list, with what was looked at again and who is excepted."""

    supplies = True

    outcome = forms.ChoiceField(
        label="决定",
        choices=[("passed", "通过"), ("returned", "整份退回村级")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择通过或退回。"},
    )
    on = day_field("办理日期")
    remark = long_text("意见", required=False, length=500, help_text="退回的，写明原因")
    return_to = choice_field("退回到", [], required=False)
    columns = ("抽查", "抽查情况", "例外", "例外原因")

    def build(self) -> None:
        self.fields["on"].initial = clock.today()
        below = [
            (step.code, step.label)
            for step in steps_of(self.batch.template)
            if TIER.get(step.level) == Level.VILLAGE  # type: ignore[call-overload]
            and self.batch.step
            and step.position < self.batch.step.position
        ]
        self.fields["return_to"].choices = [("", "第一步"), *below]  # type: ignore[attr-defined]
        for entry in self.entries:
            self.fields[f"sample-{entry.pk}"] = pick("抽查", HOLDS)
            self.fields[f"found-{entry.pk}"] = cell("抽查情况", 300)
            self.fields[f"off-{entry.pk}"] = pick("例外", OFF)
            self.fields[f"why-{entry.pk}"] = cell("例外原因", 200)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for entry in self.entries:
            if values.get(f"off-{entry.pk}") and not values.get(f"why-{entry.pk}"):
                self.add_error(f"why-{entry.pk}", "请写明取消或退回这一户的原因。")
        return values

    def decision(self) -> dict[str, Any]:
        values = self.cleaned_data
        exceptions = {
            entry.pk: reviews.Off(values[f"why-{entry.pk}"], back=values[f"off-{entry.pk}"] == "back")
            for entry in self.entries
            if values.get(f"off-{entry.pk}")
        }
        return {
            **{name: values[name] for name in ("outcome", "on", "remark", "return_to")},
            "exceptions": exceptions,
            "sample": _results(self, "sample", "found"),
        }


class ValuesForm(BatchForm):
    """The indicators of a village's exit: what the village declares, or what a reviewer confirms."""

    head = "指标"
    columns = ("要求", "系统计算", "村填报", "审核认定", "数值", "说明")

    def build(self) -> None:
        self.judged = village_exit.judge(self.batch)
        declares = self.batch.step is None or self.batch.step.kind == StepKind.APPLICATION
        for each in self.judged:
            row = each.value
            known, note = (row.declared, row.declared_note) if declares else (row.confirmed, row.confirmed_note)
            self.fields[f"value-{row.pk}"] = _value_field(row.indicator, known)
            self.fields[f"note-{row.pk}"] = cell("说明", 200, note)

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "label": each.value.indicator.label,
                "sub": {True: "达标", False: "未达标", None: "还没有数值"}[each.met],
                "facts": list(zip(self.columns, _known(each), strict=False)),
                "cells": [self[f"value-{each.value.pk}"], self[f"note-{each.value.pk}"]],
                "fault": "",
            }
            for each in self.judged
        ]

    def values(self) -> dict[str, tuple[Decimal, str]]:
        """Indicator code to value and note; what was left open is not recorded."""
        found = {}
        for each in self.judged:
            value = self.cleaned_data.get(f"value-{each.value.pk}")
            if value not in (None, ""):
                found[each.value.indicator.code] = (Decimal(value), self.cleaned_data[f"note-{each.value.pk}"])
        return found


def _value_field(indicator: Indicator, known: Decimal | None) -> forms.Field:
    if indicator.value == Indicator.Value.YES_NO:
        return pick("数值", (("", "—"), ("1", "是"), ("0", "否")), "" if known is None else str(int(known)))
    field = Number(label="数值", required=False, max_digits=14, decimal_places=2, initial=known)
    field.widget.attrs["aria-label"] = "数值"
    return field


def _known(each: village_exit.Judged) -> list[str]:
    """What is asked, then what was computed, declared and confirmed, in words."""
    return [village_exit.asked_words(each), *village_exit.value_words(each)]
