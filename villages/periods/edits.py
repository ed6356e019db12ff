"""The edit pages of what a county sets: something is added, or taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from povreg.kit.pages.edit import Edit, home, posted
from povreg.kit.scopes import COUNTY
from villages.models import OfficeName, Programme, User, WorkingYear
from villages.models.period import CountyRow
from villages.periods import services
from villages.periods.forms import CountyForm, OfficeForm, ProgrammeForm, WorkingYearForm
from villages.rights import Right

CRUMBS = home("年度与机构", "working-years")


def own_county(user: User) -> str:
    """The county a new setting is most likely for."""
    return next((code for code in user.places_with(Right.STANDARD_EDIT) if len(code) == COUNTY), "")


def form_of(kind: type[CountyForm]) -> Callable[[Any, Any], CountyForm]:
    return lambda request, row: kind(posted(request), user=request.user, initial={"county": own_county(request.user)})


def to_list(request: HttpRequest, row: Any) -> str:
    return reverse("working-years")


def made(
    code: str, title: str, kind: type[CountyForm], verb: Callable[..., CountyRow], done: Callable[[Any], str], note: str
) -> Edit:
    return Edit(
        code=code,
        title=lambda row: title,
        note=lambda row: note,
        right=Right.STANDARD_EDIT,
        form=form_of(kind),
        save=lambda by, row, form: verb(by=by, **form.cleaned_data),
        done=done,
        after=to_list,
        crumbs=CRUMBS,
        wide=("source", "procedures"),
    )


NEW_YEAR = made(
    "working-year", "设定工作年度", WorkingYearForm, services.set_working_year,
    lambda row: f"{row.county}的工作年度已设为 {row.year} 年，一分钟内对全县生效。",
    "全县的人打开页面时显示这一年。其他年度的记录不受影响，随时可以在右上角换年度查看。",
)  # fmt: skip
NEW_OFFICE = made(
    "office-name", "登记机构名称", OfficeForm, services.name_office,
    lambda row: f"已登记机构名称“{row.name}”，{row.since:%Y-%m-%d}起使用。",
    "页面、公示和表格按当时的名称显示；以前的名单仍用以前的名称。",
)  # fmt: skip
NEW_PROGRAMME = made(
    "programme", "启用省定项目", ProgrammeForm, services.start_programme,
    lambda row: f"已启用省定项目“{row.name}”。有关年度的评定将重新计算。",
    "2021 年起国家不再办理识别、退出、返贫和规模分解。省里另有规定的，在这里启用并选择评定所用的标准。",
)  # fmt: skip


class WhyForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(required=False)


def taken_back(code: str, model: type[CountyRow]) -> Edit:
    return Edit(
        code=f"{code}-withdraw",
        title=str,
        right=Right.STANDARD_EDIT,
        rows=lambda: model._default_manager.select_related("county"),
        place="county_id",
        form=lambda request, row: WhyForm(request.POST),
        save=lambda by, row, form: services.withdraw_setting(by=by, row=row, reason=form.cleaned_data["reason"]),
        done=lambda row: f"已撤回“{row}”。",
        after=to_list,
    )


WITHDRAWALS = {
    code: taken_back(code, model)
    for code, model in (("working-year", WorkingYear), ("office-name", OfficeName), ("programme", Programme))
}
