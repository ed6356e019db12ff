"""The edit pages of needs and offers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from assistance.models import SocialNeed
from assistance.partners.social import services
from assistance.partners.social.forms import NeedForm, NothingAsked, OfferForm
from povreg.kit.pages.edit import Edit, home, posted
from villages.models import User
from villages.rights import Right


def need_form(request: HttpRequest, row: None) -> NeedForm:
    return NeedForm(posted(request), user=request.user)


def publish(by: User, row: None, form: Any) -> SocialNeed:
    given = {name: value for name, value in form.cleaned_data.items() if name != "household_no"}
    return services.publish_need(by=by, household=form.household, **given)


NEED = Edit(
    code="social-need",
    title=lambda row: "发布帮扶需求",
    right=Right.NEED_EDIT,
    form=need_form,
    save=publish,
    done=lambda row: f"已发布“{row.title}”。",
    after=lambda request, row: reverse("social-need", args=[row.pk]),
    crumbs=home("需求对接", "social-needs"),
    wide=("content",),
    note=lambda row: "标题和说明会公开，不要写姓名、电话、证件号和病情。",
)
CLOSE = Edit(
    code="social-need-close",
    title=lambda row: "关闭需求",
    right=Right.NEED_EDIT,
    rows=SocialNeed.objects.all,
    form=lambda request, row: NothingAsked(posted(request)),
    save=lambda by, row, form: services.close_need(by=by, need=row),
    done=lambda row: "已关闭这项需求。",
    after=lambda request, row: reverse("social-needs"),
)
OFFER = Edit(
    code="social-offer",
    title=lambda row: "登记帮扶意向",
    right=Right.PARTNER_EDIT,
    form=lambda request, row: OfferForm(posted(request), user=request.user),
    save=lambda by, row, form: services.note_offer(by=by, **form.cleaned_data),
    done=lambda row: f"已登记{row.donor}的帮扶意向。",
    after=lambda request, row: reverse("social-offers"),
    crumbs=home("帮扶意向", "social-offers"),
    wide=("content",),
    secret=("contact",),
)
