"""The list of objections to posted projects, and what its button asks."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from assistance.funds.notices.objecting import LONGEST, SHORTEST, answer_objection
from assistance.models import ProjectObjection
from povreg.kit.controls import Phone
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, short_day_text
from povreg.kit.pages.edit import Edit, posted
from povreg.kit.pages.listing import Ask, Empty, Listing, RowAction
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right


class ObjectForm(forms.Form):
    """What anybody writes. ``website`` is a trap for machines: people do not see it."""

    text = forms.CharField(
        label="不同意见和理由", min_length=SHORTEST, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"请写明情况和理由，{SHORTEST} 到 {LONGEST} 个字。请不要写身份证号、银行卡号。",
        error_messages={
            "required": "请写明不同意见和理由。",
            "min_length": f"写得太短，请至少写 {SHORTEST} 个字，说清情况和理由。",
            "max_length": f"最多 {LONGEST} 个字，请删减后再提交。",
        },
    )  # fmt: skip
    name = forms.CharField(label="您的姓名", required=False, max_length=40, help_text="可以不填。")
    phone = Phone(required=False, help_text="可以不填。填写后只用于核实情况，加密保存，不对外公开。")
    website = forms.CharField(
        label="此栏请留空", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("这一栏是防止机器提交的，请清空后再提交。")
        return ""


class AnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label="是否成立", choices=(("", "请选择"), ("yes", "成立"), ("no", "不成立")),
        coerce=lambda value: value == "yes", empty_value=None, error_messages={"required": "请选择异议是否成立。"},
    )  # fmt: skip
    answer = forms.CharField(
        label="核查情况和处理结果", max_length=300, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明核查情况和处理结果。"},
    )  # fmt: skip

    def __init__(self, *args: Any, objection: ProjectObjection, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"answer-{objection.pk}-%s"})


def objections(user: User) -> QuerySet[ProjectObjection]:
    """Objections to projects of the person's places, the open ones first."""
    rows = ProjectObjection.objects.visible_to(user).select_related("notice__project__place__parent", "answered_by")
    return rows.order_by("answered_on", "due_on", "pk")


def may_answer(row: ProjectObjection, user: User) -> bool:
    mine = row.notice.project.proposed_by_id == user.pk
    return row.answered_on is None and not mine and user.can(Right.NOTICE_POST, row.place_id)


def text_of(row: ProjectObjection) -> str:
    return row.text


def state(row: ProjectObjection) -> str:
    if row.answered_on:
        return "成立" if row.upheld else "不成立"
    return "待答复"


def is_late(row: ProjectObjection) -> bool:
    return row.answered_on is None and row.due_on < timezone.localdate()


class ObjectionFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="实施地点")
    open = filters.YesNo(label="待答复", method="is_open", help_text="true 只列没有答复的")

    def is_open(self, rows: QuerySet[ProjectObjection], name: str, value: bool) -> QuerySet[ProjectObjection]:
        return rows.filter(answered_on__isnull=value)


OBJECTIONS = Listing(
    code="project-objections",
    title="项目公示异议",
    subtitle="群众对项目公示的不同意见；没有答复的，公示不能结束",
    heading="异议",
    unit="条",
    rights=(Right.FUND_VIEW,),
    rows=objections,
    columns=(
        Column("project", "项目", lambda row: row.notice.project.name, phone=TITLE, width=26,
               link=lambda row, user: reverse("project", args=[row.notice.project_id]),
               under=lambda row: str(row.notice.project.place)),
        Column("text", "意见", text_of, under=along("name"), width=40,
               for_whom=lambda user: user.can(Right.NOTICE_POST)),
        Column("received_on", "收到", text=short_day_text, css="tabular"),
        Column("due_on", "答复期限", text=short_day_text, late=is_late, phone=UNDER, css="tabular"),
        Column("state", "结果", state, tone=lambda row: "" if row.answered_on else "warn", phone=FIGURE),
        Column("answer", "答复", under=lambda row: row.answered_by.name if row.answered_by else "", width=40),
    ),
    filters=ObjectionFilters,
    bar=("place", "open"),
    row_actions=(
        RowAction("answer", "答复", lambda row: reverse("project-objection-answer", args=[row.pk]), may=may_answer,
                  ask=Ask("答复异议", text_of, form=lambda row: AnswerForm(objection=row))),
    ),
    empty=Empty("没有收到异议", "群众在项目公示页面提出的意见列在这里。"),
)  # fmt: skip


def answer(by: User, row: ProjectObjection, form: Any) -> ProjectObjection:
    return answer_objection(by=by, objection=row, **form.cleaned_data)


def answer_form(request: HttpRequest, row: ProjectObjection) -> AnswerForm:
    return AnswerForm(posted(request), objection=row)


ANSWER = Edit(
    code="project-objection-answer",
    title=lambda row: "答复异议",
    right=Right.NOTICE_POST,
    rows=lambda: ProjectObjection.objects.select_related("notice__project"),
    form=answer_form,
    save=answer,
    done=lambda row: "已答复，提出人凭查询号能看到。",
    after=lambda request, row: reverse("project-objections"),
)
LISTS = (OBJECTIONS,)
