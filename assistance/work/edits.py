"""The edit page of a post, and the end of a spell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from assistance.models import WorkPost, WorkSpell
from assistance.work import services
from assistance.work.forms import EndForm, PostForm
from povreg.kit.pages.edit import Edit, home, posted
from villages.models import User
from villages.rights import Right


def offer(by: User, row: None, form: Any) -> WorkPost:
    return services.offer_post(by=by, **form.cleaned_data)


def spells() -> Any:
    return WorkSpell.objects.select_related("village")


def post_form(request: HttpRequest, row: None) -> PostForm:
    return PostForm(posted(request), user=request.user)


POST = Edit(
    code="work-post",
    title=lambda row: "发布岗位",
    right=Right.PARTNER_EDIT,
    form=post_form,
    save=offer,
    done=lambda row: f"已发布“{row.title}”。",
    after=lambda request, row: reverse("work-post", args=[row.pk]),
    crumbs=home("岗位", "work-posts"),
)
END = Edit(
    code="work-end",
    title=lambda row: "结束务工",
    right=Right.HOUSEHOLD_EDIT,
    rows=spells,
    form=lambda request, row: EndForm(posted(request), spell=row),
    save=lambda by, row, form: services.end_work(by=by, spell=row, **form.cleaned_data),
    done=lambda row: "已登记结束务工。",
    after=lambda request, row: reverse("work"),
)
