"""Comparisons of a county: the households that were named, explaining one, a new result."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from households.models import ComparisonHit
from households.procedures.comparisons.services import explain_hit, read_lines, record_comparison
from households.procedures.engine import clock
from households.procedures.engine.forms import choice_field, day_field, long_text, text_field
from households.procedures.engine.kinds import drafted
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction
from povreg.kit.scopes import COUNTY
from povreg.kit.views import refusals_into, require, scoped_or_404
from villages.codes.controls import Whole
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.places.filters import InPlace
from villages.rights import Right

REVIEWS = (Right.TOWNSHIP_REVIEW, Right.COUNTY_REVIEW)


def hits(user: User) -> QuerySet[ComparisonHit]:
    """Households named by comparisons in the person's places, those not explained first."""
    rows = ComparisonHit.objects.visible_to(user).select_related("household", "village__parent", "comparison")
    return rows.order_by("-state", "village_id", "pk")


class HitFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="乡镇或村")
    state = filters.Choice(choices=ComparisonHit.State.choices, label="状态")
    what = filters.Choice(choices=ComparisonHit.What.choices, label="情形")


def may_explain(row: ComparisonHit, user: User) -> bool:
    return row.state == ComparisonHit.State.OPEN and any(user.can(right, row.village_id) for right in REVIEWS)


def named(row: ComparisonHit) -> str:
    return f"{row.household.household_no}，{row.get_what_display()}。"


HITS = Listing(
    code="hits",
    title="比对疑点",
    subtitle="比对发现车辆、商品房、经商办企业、财政供养等情形的户，说明以前不能列入纳入类名单",
    heading="比对疑点",
    unit="条",
    rights=(Right.BATCH_VIEW,),
    rows=hits,
    columns=(
        Column("household", "户编号", along("household__household_no"),
               link=lambda row, user: reverse("household", args=[row.household_id]), api="", phone=TITLE, width=22),
        Column("village", "村", lambda row: str(row.village), under=along("village__parent"), api="", phone=UNDER),
        Column("what", "情形", lambda row: row.get_what_display(), under=along("detail"), api=""),
        Column("comparison", "比对", along("comparison__document"), under=along("comparison__source"), api=""),
        Column("state", "状态", lambda row: row.get_state_display(), under=along("explanation"),
               tone=lambda row: "warn" if row.state == "open" else "pass", api="", phone=FIGURE),
    ),
    filters=HitFilters,
    bar=("place", "state", "what"),
    actions=(Action("登记比对结果", "comparison-new", (Right.COUNTY_REVIEW,), main=True),),
    row_actions=(
        RowAction("explain", "说明", lambda row: reverse("hit-explain", args=[row.pk]), may_explain,
                  Ask("核实说明", named, "核实情况和依据")),
    ),
    empty=Empty("没有比对疑点", lambda user: "登记比对结果后，比对发现的户列在这里。"),
)  # fmt: skip


class ComparisonForm(forms.Form):
    kind = choice_field("程序", drafted)
    year = Whole(label="年度", min_value=2014, max_value=2100)
    compared_on = day_field("比对日期")
    source = text_field("比对单位", length=120, help_text="例如：县大数据局，公安、不动产、市场监管、人社数据")
    document = text_field("文号或批次", length=80)
    lines = long_text(
        "比对发现的户", required=False, length=200_000,
        help_text="每行一条：户编号 情形 情况；情形为车辆、商品房、经商办企业、财政供养人员、其他。没有发现的留空",
    )  # fmt: skip


@require(Right.COUNTY_REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def new_comparison(request: SignedInRequest) -> HttpResponse:
    """One result for the whole county."""
    own = sorted(code for code in request.user.places_with(Right.COUNTY_REVIEW) if len(code) == COUNTY)
    if not own:
        raise PermissionDenied
    first = {"compared_on": clock.today(), "year": clock.today().year, "kind": request.GET.get("kind", "")}
    form = ComparisonForm(request.POST or None, initial=first)
    if form.is_valid():
        facts: dict[str, Any] = dict(form.cleaned_data)
        with refusals_into(form):
            found = read_lines(facts.pop("lines"))
            record_comparison(by=request.user, place=own[0], hits=found, **facts)
            messages.success(request, f"比对结果已登记，发现 {len(found)} 条；名单在“县级比对”一栏批量办结。")
            return redirect("comparisons")
    status = 422 if form.errors else 200
    return render(request, "households/procedures/comparison_new.html", {"form": form}, status=status)


@require(*REVIEWS)
@require_POST
def explain(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why what was found does not stand against the household."""
    row = scoped_or_404(ComparisonHit, request.user, pk)
    try:
        explain_hit(by=request.user, hit=row, explanation=request.POST.get("reason", ""))
        messages.success(request, "已说明。")
    except ValidationError as fault:
        messages.warning(request, "".join(fault.messages))
    return redirect("comparisons")
