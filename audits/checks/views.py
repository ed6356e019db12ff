"""Doubts: the list, one of them, the rules, the quality of the data; running, exempting, having them put right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits.checks import selectors, services
from audits.checks.catalogue import catalogue, rule_of, words_of
from audits.checks.check import PARAMETERS, Check
from audits.checks.entered import LEAST, cadres
from audits.checks.forms import ExemptForm, OpenAllForm, OpenForm, RuleForm, RunForm
from audits.checks.lists import TONES, state
from audits.checks.needs import needs_of
from audits.models import Doubt, Exemption, RuleSetting
from households.register.years import working_year, year_of
from povreg.kit.scopes import COUNTY, TOWNSHIP, VILLAGE
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.places.selectors import breadcrumbs
from villages.rights import Right

VIEW, OPEN, EXEMPT = Right.CHECK_VIEW, Right.FINDING_OPEN, Right.CHECK_EXEMPT
REFUSED = 422


def own_place(user: User, right: Right = VIEW) -> str:
    """The widest place a person looks after."""
    return min(user.places_with(right), key=len, default="")


@require_GET
@require(VIEW)
def doubt(request: SignedInRequest, pk: int) -> HttpResponse:
    """One doubt with what may be done."""
    return show(request, doubt_or_404(request, pk))


def doubt_or_404(request: SignedInRequest, pk: int, right: Right = VIEW) -> Doubt:
    row: Doubt = scoped_or_404(selectors.doubts(request.user), request.user, pk, right)
    return row


def show(
    request: SignedInRequest, row: Doubt, exempt: forms.Form | None = None, opening: forms.Form | None = None
) -> HttpResponse:
    user, waits = request.user, not row.solved_on and not row.exempted
    may_open = waits and not (row.finding and not row.finding.ended_on) and user.can(OPEN, row.village_id)
    context = {
        "doubt": row,
        "check": rule_of(row.rule),
        "text": words_of(row.rule),
        "subject": selectors.who_is_it(row),
        "facts": selectors.facts_of(row),
        "state": state(row),
        "tone": TONES[row.severity],
        "exempt": (exempt or ExemptForm()) if waits and user.can(EXEMPT, row.village_id) else None,
        "opening": (opening or OpenForm(user=user)) if may_open else None,
    }
    status = REFUSED if exempt or opening else 200
    return render(request, "audits/checks/doubt.html", context, status=status)


@require_POST
@require(EXEMPT)
def exempt_doubt(request: SignedInRequest, pk: int) -> HttpResponse:
    """It is so, and right so."""
    row = doubt_or_404(request, pk, EXEMPT)
    form = ExemptForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            services.exempt_doubt(by=request.user, doubt=row, **form.cleaned_data)
            messages.success(request, "已豁免，到期前不再提示。")
            return redirect("doubt", pk=pk)
    return show(request, row, exempt=form)


@require_POST
@require(OPEN)
def open_doubt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have it put right."""
    row = doubt_or_404(request, pk, OPEN)
    form = OpenForm(request.POST, user=request.user)
    if form.is_valid():
        with refusals_into(form):
            found = services.open_from_doubt(by=request.user, doubt=row, **form.cleaned_data)
            messages.success(request, "已开出。写明要求和期限后，交办给责任地。")
            return redirect("finding", pk=found.pk)
    return show(request, row, opening=form)


@require_POST
@require(EXEMPT)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an exemption back."""
    row: Exemption = scoped_or_404(Exemption, request.user, pk, EXEMPT)
    try:
        services.withdraw_exemption(by=request.user, exemption=row)
        messages.success(request, "已撤回。")
    except ValidationError as refused:
        messages.error(request, "；".join(refused.messages))
    return redirect("exemptions")


@require_GET
@require(VIEW)
def rules(request: SignedInRequest) -> HttpResponse:
    """Every rule by group, with what it found and how often it was right."""
    place, year = own_place(request.user), year_of(request)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in selectors.by_rule(request.user, place, year):
        url = f"{reverse('doubts')}?rule={row['check'].id}&year={year}&state="
        groups.setdefault(row["check"].group_label, []).append(row | {"url": url})
    context = {
        "groups": groups,
        "total": len(catalogue()),
        "year": year,
        "run": selectors.last_run(place, year),
        "form": RunForm(user=request.user, initial={"place": place, "year": year}),
        "may_run": request.user.can(OPEN),
    }
    return render(request, "audits/checks/rules.html", context)


@require_POST
@require(OPEN)
def run(request: SignedInRequest) -> HttpResponse:
    """Run the rules now."""
    form = RunForm(request.POST, user=request.user)
    if form.is_valid():
        demand(request.user, OPEN, form.cleaned_data["place"].pk)
        with refusals_into(form):
            job = services.start_checks(by=request.user, **form.cleaned_data)
            return redirect("job", pk=job.pk)
    for texts in form.errors.values():
        messages.error(request, "；".join(map(str, texts)))
    return redirect("check-rules")


def rule_or_404(code: str) -> Check:
    found = rule_of(code)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@require(VIEW)
def rule(request: SignedInRequest, code: str) -> HttpResponse:
    """One rule: what it says, its parameters, where it found most; open all of it village by village."""
    check, place = rule_or_404(code), own_place(request.user)
    year = working_year(place)
    may_open = request.user.can(OPEN)
    if request.method == "POST":
        demand(request.user, OPEN)
    form = OpenAllForm(request.POST if request.method == "POST" else None, user=request.user, initial={"place": place})
    if request.method == "POST" and form.is_valid():
        demand(request.user, OPEN, form.cleaned_data["place"].pk)
        with refusals_into(form):
            found = services.open_for_rule(by=request.user, rule=code, year=year, **form.cleaned_data)
            messages.success(request, f"已开出 {len(found)} 件，交办给 {len(found)} 个村。")
            return redirect(f"{reverse('findings')}?state=assigned")
    settings = RuleSetting.objects.visible_to(request.user).filter(rule=code).select_related("county", "by")
    context = {
        "check": check,
        "text": words_of(code),
        "needs": needs_of(check),
        "year": year,
        "form": form if may_open else None,
        "numbers": next(row for row in selectors.by_rule(request.user, place, year) if row["check"].id == code),
        "settings": list(settings[:20]),
        "names": PARAMETERS,
        "may_set": request.user.can(EXEMPT),
    }
    return render(request, "audits/checks/rule.html", context, status=REFUSED if form.errors else 200)


@require_GET
@require(VIEW)
def unjudged(request: SignedInRequest, code: str) -> HttpResponse:
    """Whom a rule could not judge: a county by townships as the last run counted, a township or a village by name."""
    check, own = rule_or_404(code), own_place(request.user)
    asked, year = request.GET.get("place", own), year_of(request)
    if not any(asked.startswith(each) for each in request.user.places_with(VIEW)):
        raise Http404
    place = get_object_or_404(Place, pk=asked)
    run = selectors.last_run(place.pk, year)
    listed = selectors.unjudged(request.user, check, place.pk, year)
    context = {
        "above": [each for each in breadcrumbs(place.pk)[:-1] if request.user.can(VIEW, each.pk)],
        "villages": Place.objects.in_bulk(listed.villages),
        "listed": listed,
        "check": check,
        "text": words_of(code),
        "needs": needs_of(check),
        "place": place,
        "year": year,
        "run": run,
        "below": selectors.unjudged_below(check, run, place.pk) if len(place.pk) < TOWNSHIP else None,
    }
    return render(request, "audits/checks/unjudged.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(EXEMPT)
def set_rule(request: SignedInRequest, code: str) -> HttpResponse:
    """What the county sets about a rule from a year on."""
    check = rule_or_404(code)
    place = own_place(request.user, EXEMPT)
    initial = {"county": place if len(place) == COUNTY else "", "year_from": working_year(place)}
    form = RuleForm(request.POST or None, user=request.user, check=check, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            services.set_rule(by=request.user, rule=code, **form.facts)
            messages.success(request, "已设定，下一次核查起按新的执行。")
            return redirect("check-rule", code=code)
    context = {"check": check, "text": words_of(code), "form": form}
    return render(request, "audits/checks/set_rule.html", context, status=REFUSED if form.errors else 200)


@require_GET
@require(VIEW)
def quality(request: SignedInRequest) -> HttpResponse:
    """Places and villages by what is open for 100 households, cadres for 100 records they entered, and helpers."""
    user, year = request.user, year_of(request)
    asked = request.GET.get("place", "")
    place = Place.objects.visible_to(user).filter(pk=asked).first() if asked else None
    code = place.pk if place and any(place.pk.startswith(own) for own in user.places_with(VIEW)) else own_place(user)
    digits = VILLAGE if len(code) >= TOWNSHIP else TOWNSHIP
    entering, nobodys = cadres(user, code, year)
    context = {
        "place": Place.objects.filter(pk=code).first(),
        "rows": selectors.quality(user, code, year, digits),
        "below": digits == TOWNSHIP,
        "cadres": entering,
        "nobodys": nobodys,
        "least": LEAST,
        "helpers": selectors.helpers(user, code, year),
        "run": selectors.last_run(code, year),
        "year": year,
    }
    return render(request, "audits/checks/quality.html", context)
