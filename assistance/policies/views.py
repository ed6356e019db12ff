"""Entitlements: the section of the household page, coverage by policy, why somebody is not served, the library."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from assistance.catalogue.selectors import county_of_user
from assistance.models import NotServed, Policy
from assistance.policies import selectors, services
from assistance.policies.conditions import words
from households.entry.page import section_url
from households.entry.sections.views import opened
from households.models import Member
from households.register.years import year_of
from povreg.kit.controls import Day
from povreg.kit.pages.edit import Edit, EditPage, home, posted
from povreg.kit.views import holds, require
from villages.codes.controls import PlainSelect
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require_safe
@require(Right.HOUSEHOLD_VIEW)
def section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """What the household is entitled to in the year."""
    page = opened(request, pk, section)
    may_edit = holds(request.user, Right.MEASURE_EDIT, page.household.village_id) and not page.household.removed_on
    context = {"rows": selectors.of_household(page.household, page.year), "may_edit": may_edit}
    return render(request, "assistance/policies/section.html", {"page": page, **context})


@require_GET
@require(Right.DASHBOARD_VIEW)
def coverage(request: SignedInRequest) -> HttpResponse:
    """应享受, 已享受, 落实率 of every policy."""
    year = year_of(request)
    rows = selectors.coverage(request.user, year)
    listed = [(each, lacking_url(each.policy, year), words(each.policy.who)) for each in rows]
    return render(request, "assistance/policies/coverage.html", {"rows": listed, "year": year})


def lacking_url(policy: Policy, year: int) -> str:
    """Who should have the policy and has it not."""
    return f"{reverse('entitled')}?{urlencode({'policy': policy.code, 'year': year, 'state': 'lacking'})}"


class WhyForm(forms.Form):
    reason = forms.ChoiceField(label="原因", choices=NotServed.Reason.choices, widget=PlainSelect)
    note = forms.CharField(label="说明", max_length=120, required=False)


class PolicyForm(forms.Form):
    """What a county says of a policy."""

    label = forms.CharField(label="政策", max_length=40)
    amount = forms.CharField(label="标准", max_length=60, required=False)
    department = forms.CharField(label="主管部门", max_length=40, required=False)
    document = forms.CharField(label="文件", max_length=120, required=False)
    runs_on = forms.CharField(label="脱贫后怎样接续", max_length=60, required=False)
    starts_on = Day(label="从哪天起执行")
    ends_on = Day(label="停止执行日期", required=False)


class WhyPage(EditPage):
    """Why somebody does not get the policy of the address, in the year of the address."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        request.chosen = (kwargs.pop("policy"), kwargs.pop("year"))
        return super().dispatch(request, *args, **kwargs)


def policy_of(request: Any, member: Member) -> Policy:
    """The policy of the address. Raises Http404 where it holds no more."""
    code, year = request.chosen
    held = selectors.in_force(member.village_id, year)
    found = next((row for row in held if row.code == code), None)
    if found is None:
        raise Http404
    return found


def why_form(request: Any, member: Member) -> WhyForm:
    form = WhyForm(posted(request))
    form.policy, form.year = policy_of(request, member), request.chosen[1]  # type: ignore[attr-defined]
    return form


def say_why(by: User, member: Member, form: Any) -> NotServed:
    return services.note_not_served(by=by, member=member, policy=form.policy, year=form.year, **form.cleaned_data)


def back(request: Any, row: Any) -> str:
    return section_url(row.household_id, "policies", request.chosen[1])


WHY = Edit(
    code="not-served",
    title=lambda row: f"{row.name}：登记未享受原因",
    right=Right.MEASURE_EDIT,
    rows=lambda: Member.objects.select_related("household"),
    form=why_form,
    save=say_why,
    done=lambda row: "原因已登记。",
    after=back,
    crumbs=lambda request, row: [{"label": "应享政策", "url": back(request, row)}],
)


class PolicyEdit(Edit):
    """A policy belongs to everybody below its place: it is found by the county, not by a household's scope."""

    def row(self, request: HttpRequest, given: Any) -> Any:
        return get_object_or_404(selectors.library(request.user), pk=given["pk"])  # type: ignore[arg-type]


def revise(by: User, row: Policy, form: Any) -> Policy:
    county = Place.objects.get(pk=county_of_user(by))
    return services.revise_policy(by=by, policy=row, county=county, **form.cleaned_data)


def policy_form(request: HttpRequest, row: Policy) -> PolicyForm:
    stored = model_to_dict(row, fields=services.FACTS)
    return PolicyForm(posted(request), initial={**stored, "starts_on": timezone.localdate()})


REVISE = PolicyEdit(
    code="policy-revise",
    title=lambda row: f"修改{row}",
    note=lambda row: f"谁能享受：{words(row.who)}。新的标准从所填日期起执行，以前的版本保留可查。",
    right=Right.CATALOGUE_EDIT,
    rows=Policy.objects.all,
    form=policy_form,
    save=revise,
    done=lambda row: f"已修改，{row.starts_on:%Y年%m月%d日}起执行。",
    after=lambda request, row: reverse("policies"),
    crumbs=home("政策库", "policies"),
)
