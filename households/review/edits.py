"""The edit pages of 分类管理: the assessment, the decision, taking a decision back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from households.models import Household, Review, SupportDecision
from households.review import services
from households.review.forms import DecisionForm, ReviewForm, WhyForm
from households.review.selectors import current_year
from povreg.kit.pages.edit import Edit, posted
from villages.models import User
from villages.rights import Right


def back(request: HttpRequest, row: Any) -> str:
    """To the household's page."""
    return reverse("household-review", args=[getattr(row, "household_id", row.pk)])


def crumbs(request: HttpRequest, row: Any) -> list[dict[str, str]]:
    return [{"label": "分类管理", "url": reverse("reviews")}, {"label": "本户", "url": back(request, row)}]


def head_of(row: Household) -> str:
    return row.members.heads().values_list("name", flat=True).first() or row.household_no


def households() -> Any:
    return Household.objects.select_related("village")


def review_form(request: HttpRequest, household: Household) -> ReviewForm:
    row = Review.objects.filter(household=household, year=current_year()).first()
    shown = {name: getattr(row, name) for name in (*services.FACTS, "version")} if row else {"version": 0}
    return ReviewForm(posted(request), user=request.user, initial=shown)


def save_review(by: User, household: Household, form: Any) -> Review:
    facts = {name: form.cleaned_data[name] for name in services.FACTS}
    version = form.cleaned_data["version"] or 0
    return services.record_review(by=by, household=household, year=current_year(), version=version, **facts)


def save_decision(by: User, household: Household, form: Any) -> SupportDecision:
    names = ("outcome", "document", "decided_on", "since", "note")
    facts = {name: form.cleaned_data[name] for name in names}
    return services.decide_support(by=by, household=household, policies=form.runs(), **facts)


REVIEW = Edit(
    code="review",
    title=lambda row: f"{head_of(row)}户综合评估",
    subtitle=lambda row: f"{current_year()}年",
    right=Right.HOUSEHOLD_EDIT,
    rows=households,
    place="village_id",
    form=review_form,
    save=save_review,
    done=lambda row: "综合评估已保存。",
    after=back,
    crumbs=crumbs,
    wide=("evidence",),
    draft=True,
)
DECISION = Edit(
    code="support",
    title=lambda row: f"{head_of(row)}户分类管理决定",
    note=lambda row: "由县级主管部门按文件登记。登记后从执行日期起生效，前一个决定到那天为止。",
    right=Right.COUNTY_REVIEW,
    rows=households,
    place="village_id",
    form=lambda request, row: DecisionForm(posted(request)),
    save=save_decision,
    done=lambda row: f"已登记：{row}。",
    after=back,
    crumbs=crumbs,
    wide=("note",),
)
WITHDRAWAL = Edit(
    code="support-withdraw",
    title=str,
    right=Right.COUNTY_REVIEW,
    rows=lambda: SupportDecision.objects.select_related("household", "village"),
    place="village_id",
    form=lambda request, row: WhyForm(request.POST),
    save=lambda by, row, form: services.withdraw_support(by=by, decision=row, reason=form.cleaned_data["reason"]),
    done=lambda row: "已撤回该决定，前一个决定（如有）恢复执行。",
    after=back,
)
