"""Plans: the section of the household page, the survey of needs, one plan with its measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from assistance.models import NeedsSurvey, Plan, PlanLine
from assistance.needs.selectors import latest_survey, need_words, path_words
from assistance.needs.services import record_needs
from assistance.plans import selectors, services
from assistance.plans.forms import AIMS, AgreeForm, LineForm, NeedsForm, NewPlanForm, PlanForm, WhyForm
from assistance.plans.path import facts_of, propose
from households.entry.page import section_url
from households.entry.sections.views import opened
from households.models import Household
from povreg.kit.pages.edit import Edit, posted
from povreg.kit.views import holds, require, scoped_or_404
from villages.codes.selectors import labels_of
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

EDIT = Right.PLAN_EDIT


@require_safe
@require(Right.HOUSEHOLD_VIEW)
def section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """Needs, the plan of the year and what came of it."""
    page = opened(request, pk, section)
    survey = latest_survey(pk)
    plan = selectors.plan_of(pk, page.year)
    context = {
        "survey": survey,
        "plan": plan,
        "lines": selectors.lines_of(plan) if plan else [],
        "may_edit": holds(request.user, EDIT, page.household.village_id) and not page.household.removed_on,
        **survey_words(survey),
        "others": Plan.objects.filter(household_id=pk).exclude(year=page.year).order_by("-year"),
    }
    return render(request, "assistance/plans/section.html", {"page": page, **context})


def survey_words(survey: NeedsSurvey | None) -> dict[str, str]:
    if survey is None:
        return {}
    return {"needs": need_words(survey.needs), "will": path_words(survey.will)}


@require_GET
@require(Right.HOUSEHOLD_VIEW)
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One plan: where it leads, its measures beside what was delivered, what is missing before it can be agreed."""
    row: Plan = scoped_or_404(selectors.plans(request.user), request.user, pk)
    may_edit = holds(request.user, EDIT, row.village_id)
    drafting = row.state == Plan.State.DRAFT
    context = {
        "plan": row,
        "lines": selectors.lines_of(row),
        "other_paths": path_words(row.other_paths),
        "risks": labels_of("risk", row.risks),
        "causes": labels_of("cause", row.causes),
        "may_edit": may_edit,
        "drafting": drafting,
        "lacking": services.lacking(row) if drafting else [],
        "agree": AgreeForm(initial={"agreed_on": timezone.localdate()}),
        **survey_words(row.survey),
    }
    return render(request, "assistance/plans/plan.html", context)


def plan_url(request: Any, row: Any) -> str:
    """The page of a plan, from it or one of its lines."""
    return reverse("plan", args=[row.plan_id if isinstance(row, PlanLine) else row.pk])


def household_url(request: Any, row: Any) -> str:
    return section_url(row.pk if isinstance(row, Household) else row.household_id, "plan")


def new_form(request: Any, household: Household) -> NewPlanForm:
    """The form with the path that fits, and why."""
    proposed = propose(facts_of(household, latest_survey(household.pk)))
    initial = {
        "path": proposed.path,
        "path_reason": proposed.reason,
        "other_paths": list(proposed.others),
        "year": timezone.localdate().year,
    }
    return NewPlanForm(posted(request), user=request.user, initial=initial)


def plan_form(request: Any, row: Plan) -> PlanForm:
    stored = {name: getattr(row, name) for name in AIMS}
    return PlanForm(posted(request), user=request.user, initial={**stored, "version": row.version})


def record(by: User, row: Household, form: Any) -> NeedsSurvey:
    return record_needs(by=by, household=row, **form.cleaned_data)


def draw(by: User, row: Household, form: Any) -> Plan:
    return services.draw_plan(by=by, household=row, year=form.cleaned_data["year"], aims=form.aims)


def revise(by: User, row: Plan, form: Any) -> Plan:
    return services.revise_plan(by=by, plan=row, aims=form.aims, version=form.cleaned_data["version"])


def add_line(by: User, row: Plan, form: Any) -> PlanLine:
    return services.add_line(by=by, plan=row, **form.facts)


def agree(by: User, row: Plan, form: Any) -> Plan:
    return services.agree_plan(by=by, plan=row, **form.cleaned_data)


def reopen(by: User, row: Plan, form: Any) -> Plan:
    return services.reopen_plan(by=by, plan=row, **form.cleaned_data)


def drop(by: User, row: PlanLine, form: Any) -> Plan:
    return services.drop_line(by=by, line=row)


def households() -> Any:
    return Household.objects.select_related("village")


def plans() -> Any:
    return Plan.objects.select_related("household", "village")


def back_home(request: Any, row: Household) -> list[dict[str, str]]:
    return [{"label": "一户一策", "url": household_url(request, row)}]


def back_to_plan(request: Any, row: Any) -> list[dict[str, str]]:
    return [{"label": "帮扶计划", "url": plan_url(request, row)}]


NEEDS = Edit(
    code="needs",
    title=lambda row: "需求调查",
    note=lambda row: "先问清楚需要什么、愿意做什么，再拟定计划。",
    right=EDIT,
    rows=households,
    form=lambda request, row: NeedsForm(posted(request)),
    save=record,
    done=lambda row: "需求已登记，可以拟定计划。",
    after=household_url,
    crumbs=back_home,
    wide=("situation", "difficulty"),
)
DRAW = Edit(
    code="plan-new",
    title=lambda row: "拟定帮扶计划",
    note=lambda row: "主要路子和理由按这一户的劳动力和意愿推荐，可以改。",
    right=EDIT,
    rows=households,
    form=new_form,
    save=draw,
    done=lambda row: "计划已建立，请加上措施。",
    after=plan_url,
    crumbs=back_home,
    wide=("path_reason", "target"),
)
REVISE = Edit(
    code="plan-edit",
    title=lambda row: f"修改{row}",
    right=EDIT,
    rows=plans,
    form=plan_form,
    save=revise,
    done=lambda row: "已修改。",
    after=plan_url,
    crumbs=back_to_plan,
    wide=("path_reason", "target"),
)
LINE = Edit(
    code="plan-line",
    title=lambda row: "计划增加措施",
    right=EDIT,
    rows=plans,
    form=lambda request, row: LineForm(posted(request), plan=row, initial={"due_on": f"{row.year}-12-31"}),
    save=add_line,
    done=lambda row: f"已增加：{row.item}。",
    after=plan_url,
    crumbs=back_to_plan,
    label="增加措施",
)
AGREE = Edit(
    code="plan-agree",
    title=lambda row: "商定计划",
    right=EDIT,
    rows=plans,
    form=lambda request, row: AgreeForm(request.POST),
    save=agree,
    done=lambda row: "计划已商定。",
    after=plan_url,
)
REOPEN = Edit(
    code="plan-reopen",
    title=lambda row: "重新拟定",
    right=EDIT,
    rows=plans,
    form=lambda request, row: WhyForm(request.POST),
    save=reopen,
    done=lambda row: "可以修改了，改好后请再商定。",
    after=plan_url,
)
DROP = Edit(
    code="plan-line-drop",
    title=lambda row: "去掉措施",
    right=EDIT,
    rows=lambda: PlanLine.objects.select_related("plan__household"),
    form=lambda request, row: forms.Form(request.POST),
    save=drop,
    done=lambda row: "已去掉。",
    after=plan_url,
)
