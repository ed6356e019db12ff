"""The edit page of a source, and the taking back of a payment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from assistance.funds.ledger import services
from assistance.funds.ledger.forms import SourceForm
from assistance.models import Disbursement, FundSource
from povreg.kit.pages.edit import Edit, home, posted
from villages.models import User
from villages.rights import Right


def source_form(request: HttpRequest, row: FundSource | None) -> SourceForm:
    return SourceForm(posted(request), user=request.user, source=row)


def save_source(by: User, row: FundSource | None, form: SourceForm) -> FundSource:
    facts = dict(form.cleaned_data)
    return services.save_source(by=by, source=row, version=facts.pop("version", 0), **facts)


class ReverseForm(forms.Form):
    reason = forms.CharField(max_length=200, error_messages={"required": "请写明冲正的原因。"})


def reverse_form(request: HttpRequest, row: Disbursement) -> ReverseForm:
    return ReverseForm(posted(request))


def take_back(by: User, row: Disbursement, form: Any) -> Disbursement:
    on = timezone.localdate()
    return services.reverse_payment(by=by, payment=row, on=on, voucher="", reason=form.cleaned_data["reason"])


SOURCE = Edit(
    code="fund",
    title=lambda row: str(row) if row else "登记资金",
    right=Right.FUND_MANAGE,
    rows=lambda: FundSource.objects.select_related("place"),
    form=source_form,
    save=save_source,
    done=lambda row: f"已保存“{row}”。",
    after=lambda request, row: reverse("fund", args=[row.pk]),
    crumbs=home("资金来源", "funds"),
    wide=("note",),
)
REVERSE = Edit(
    code="disbursement-reverse",
    title=lambda row: "冲正",
    right=Right.FUND_MANAGE,
    rows=lambda: Disbursement.objects.select_related("project"),
    place="project__place_id",
    form=reverse_form,
    save=take_back,
    done=lambda row: f"已冲正 {-row.amount:,.2f} 元。",
    after=lambda request, row: reverse("disbursements"),
)
