"""A new order to correct, and what is decided on one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from households.models import CorrectionOrder, Household, Spell
from households.office.corrections.forms import OrderForm, WhyForm
from households.standing import corrections
from povreg.kit.pages.edit import Edit, home, posted
from povreg.kit.values import digits_of
from povreg.kit.views import scoped_or_404
from villages.models import User
from villages.rights import Right

NOTE = (
    "提出后，由另一人批准才改身份。批准时系统核对：同一时间、同一类身份只能有一段。已封存年度的数字不改写。"
    "先选户，再从“被更正的期间”中选错的那一段；从农户页面的“身份”进来，户已选好。"
)


def order_form(request: HttpRequest, row: None) -> OrderForm:
    asked = digits_of(request.GET.get("household", ""))
    chosen = scoped_or_404(Household, request.user, asked, Right.COUNTY_REVIEW) if asked is not None else None
    return OrderForm(posted(request), user=request.user, household=chosen)  # type: ignore[arg-type]


def save_order(by: User, row: None, form: OrderForm) -> CorrectionOrder:
    return corrections.order_correction(by=by, **form.facts())


ORDER = Edit(
    code="correction",
    title=lambda row: "提出更正",
    subtitle=lambda row: "身份登记错了，凭文件更正",
    note=lambda row: NOTE,
    right=Right.COUNTY_REVIEW,
    form=order_form,
    save=save_order,  # type: ignore[arg-type]
    done=lambda row: "更正令已提出，等待另一人批准。",
    after=lambda request, row: reverse("correction", args=[row.pk]),
    crumbs=home("更正令", "corrections"),
    label="提出更正",
    wide=("document", "reason"),
)


def to_order(request: HttpRequest, row: Any) -> str:
    pk = request.resolver_match.kwargs["pk"] if request.resolver_match else row.pk
    return reverse("correction", args=[pk])


def _deed(code: str, form: type[forms.Form], save: Any, done: Any) -> Edit:
    return Edit(
        code=code,
        title=str,
        right=Right.COUNTY_REVIEW,
        rows=lambda: CorrectionOrder.objects.select_related("klass", "spell"),
        form=lambda request, row: form(request.POST),
        save=save,
        done=done,
        after=to_order,
    )


def approve(by: User, row: CorrectionOrder, form: forms.Form) -> Spell | None:
    return corrections.approve_correction(by=by, order=row)


def refuse(by: User, row: CorrectionOrder, form: forms.Form) -> CorrectionOrder:
    return corrections.refuse_correction(by=by, order=row, reason=form.cleaned_data["reason"])


APPROVE = _deed("correction-approve", forms.Form, approve, lambda row: "已批准，身份已更正，有关年度正在重新评定。")
REFUSE = _deed("correction-refuse", WhyForm, refuse, lambda row: "已不予批准，身份没有改动。")
