"""The page of an income test, its sum while typing, and its print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.leads.income import services
from households.leads.income.forms import IncomeForm
from households.leads.income.services import Subject, suggested
from households.leads.income.shown import ShownTest, shown_test
from households.models import Application, Assessment, Household, IncomeTest, Lead
from households.register import income_range as rules
from povreg.kit.stale import Conflict
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.models import PovertyLine
from villages.models.signed_in import SignedInRequest
from villages.rights import Right
from villages.standards.rules import Thresholds
from villages.standards.selectors import criteria_set_for, line_for

VIEW, CHECK = Right.LEAD_VIEW, Right.LEAD_CHECK
KINDS: dict[str, type[Lead | Application]] = {"lead": Lead, "application": Application}


def about_or_404(request: SignedInRequest, kind: str, pk: int) -> Subject:
    """The lead or application, with its household. Raises Http404 where it names none yet."""
    rows = KINDS[kind]._default_manager.select_related("household", "village__parent")
    row: Subject = scoped_or_404(rows, request.user, pk, VIEW)
    if row.household is None:
        raise Http404("no household")
    return row


def test_of(about: Subject) -> IncomeTest | None:
    return getattr(about, "income_test", None)


def asked_on(about: Subject) -> Any:
    return about.found_on if isinstance(about, Lead) else about.applied_on


def back_url(about: Subject) -> str:
    name = "lead" if isinstance(about, Lead) else "procedure-application"
    return reverse(name, args=[about.pk])


def form_of(about: Subject, household: Household, data: Any = None) -> IncomeForm:
    """The form with what was saved, or the suggestion."""
    day = asked_on(about)
    amounts, year = suggested(household, day.year)
    rule = criteria_set_for(day.year, about.village_id)
    before = Assessment.objects.filter(household=household, year__lt=day.year, per_head__isnull=False).order_by("-year")
    return IncomeForm(
        data, household=household, test=test_of(about), asked_on=day, suggested=amounts, suggested_year=year,
        thresholds=Thresholds.of(rule.params if rule else None),
        before=before.values_list("per_head", flat=True).first(),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@require(VIEW)
def income(request: SignedInRequest, pk: int, kind: str = "lead") -> HttpResponse:
    """The test of a lead or an application: typed, saved, judged."""
    about = about_or_404(request, kind, pk)
    if request.method != "POST":
        return show(request, about, form_of(about, household_of(about)))
    demand(request.user, CHECK, about.village_id)
    form = form_of(about, household_of(about), request.POST)
    conflict = None
    if form.is_valid():
        try:
            with refusals_into(form):
                version = form.cleaned_data["version"]
                services.save_income_test(by=request.user, about=about, facts=form.facts(), version=version)
                messages.success(request, "收入测算已保存。")
                return redirect(back_url(about))
        except Conflict as found:
            conflict = found
            form.data = {**dict(form.data.items()), "version": found.versions[""]}
    return show(request, about, form, status=409 if conflict else 422, conflict=conflict)


def household_of(about: Subject) -> Household:
    assert about.household is not None
    return about.household


def show(request: SignedInRequest, about: Subject, form: IncomeForm, status: int = 200, **more: Any) -> HttpResponse:
    day = asked_on(about)
    test = test_of(about)
    may = not services.is_over(about) and request.user.can(CHECK, about.village_id)
    context = {
        "about": about, "form": form, "household": about.household, "may_edit": may, "back": back_url(about),
        "period": rules.period_of(day), "asked_on": day, "is_lead": isinstance(about, Lead),
        "suggested_year": form.suggested_year if test is None else None,
        "head_name": head_of(household_of(about)), "test": shown(about) if test else None,
        "total_url": reverse(f"{url_of(about)}-total", args=[about.pk]), **more,
    }  # fmt: skip
    return render(request, "households/leads/income.html", context, status=status)


def url_of(about: Subject) -> str:
    return "lead-income" if isinstance(about, Lead) else "application-income"


def head_of(household: Household) -> str:
    return household.members.heads().values_list("name", flat=True).first() or household.household_no


def shown(about: Subject) -> ShownTest | None:
    test = test_of(about)
    return shown_test(test, household_of(about)) if test else None


@require_POST
@require(VIEW)
def total(request: SignedInRequest, pk: int, kind: str = "lead") -> HttpResponse:
    """What the test would say for what is typed so far; nothing is saved."""
    about = about_or_404(request, kind, pk)
    form = form_of(about, household_of(about), request.POST)
    form.is_valid()
    day = asked_on(about)
    since, until = rules.period_of(day)
    row = IncomeTest(household=about.household, village_id=about.village_id, asked_on=day, since=since, until=until)
    for name, value in form.facts().items():
        setattr(row, name, value)
    line = line_for(PovertyLine.Kind.MONITOR, day.year, about.village_id)
    row.line_amount = line.amount if line else None
    context = {"test": shown_test(row, household_of(about))}
    return render(request, "households/leads/_outcome.html", context)


@require_GET
@require(VIEW)
def print_income(request: SignedInRequest, pk: int, kind: str = "lead") -> HttpResponse:
    """The test on A4, to be read to the household and signed."""
    about = about_or_404(request, kind, pk)
    test = shown(about)
    if test is None:
        raise Http404("not tested yet")
    context = {
        "test": test, "about": about, "household": about.household, "head_name": head_of(household_of(about)),
        "back": reverse(url_of(about), args=[pk]),
    }  # fmt: skip
    return render(request, "households/leads/income_print.html", context)
