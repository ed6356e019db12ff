"""The edit pages of partners and the buttons of links."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from assistance.models import Partner, PartnerLink
from assistance.partners import services
from assistance.partners.forms import EndForm, PartnerForm, PayForm
from povreg.kit.pages.edit import Edit, home, posted
from villages.models import User
from villages.rights import Right


def partner_form(request: HttpRequest, row: Partner | None) -> PartnerForm:
    return PartnerForm(posted(request), user=request.user, partner=row)


def save_partner(by: User, row: Partner | None, form: PartnerForm) -> Partner:
    facts = dict(form.cleaned_data)
    return services.save_partner(by=by, partner=row, version=facts.pop("version", 0), **facts)


def links() -> Any:
    return PartnerLink.objects.select_related("partner")


PARTNER = Edit(
    code="partner",
    title=lambda row: row.name if row else "登记带贫主体",
    right=Right.PARTNER_EDIT,
    rows=lambda: Partner.objects.select_related("place"),
    form=partner_form,
    save=save_partner,
    done=lambda row: f"已保存“{row.name}”。",
    after=lambda request, row: reverse("partner", args=[row.pk]),
    crumbs=home("带贫主体", "partners"),
    wide=("note",),
)
PAY = Edit(
    code="partner-pay",
    title=lambda row: "登记带动收入",
    right=Right.PARTNER_EDIT,
    rows=links,
    form=lambda request, row: PayForm(posted(request), link=row),
    save=lambda by, row, form: services.pay(by=by, link=row, **form.cleaned_data),
    done=lambda row: f"已登记收入 {row.amount:,.2f} 元。",
    after=lambda request, row: reverse("partner-links"),
)
END = Edit(
    code="partner-end",
    title=lambda row: "结束带动",
    right=Right.PARTNER_EDIT,
    rows=links,
    form=lambda request, row: EndForm(posted(request), link=row),
    save=lambda by, row, form: services.end_link(by=by, link=row, **form.cleaned_data),
    done=lambda row: "已结束带动。",
    after=lambda request, row: reverse("partner-links"),
)
