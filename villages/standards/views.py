"""Poverty lines and criteria sets: who reads them sees the source, who keeps them corrects without overwriting."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.models import CriteriaSet, PovertyLine
from villages.models.signed_in import SignedInRequest
from villages.rights import Right
from villages.standards import selectors, services
from villages.standards.forms import CorrectionForm, LineForm, SetForm
from villages.standards.hooks import declared_criteria


def line_or_404(request: SignedInRequest, pk: int) -> PovertyLine:
    """A line the person may see; 403 unless he may keep standards at its place (nobody may for the whole country)."""
    line: PovertyLine = scoped_or_404(PovertyLine.objects.select_related("place"), request.user, pk)
    demand(request.user, Right.STANDARD_EDIT, line.place_id or "")
    return line


def set_or_404(request: SignedInRequest, pk: int) -> CriteriaSet:
    row: CriteriaSet = scoped_or_404(CriteriaSet.objects.select_related("place"), request.user, pk)
    return row


def own_place(request: SignedInRequest) -> str:
    """The place a new standard is most likely for."""
    return next(iter(request.user.places_with(Right.STANDARD_EDIT)), "")


@require_GET
@require(Right.STANDARD_VIEW)
def standards(request: SignedInRequest) -> HttpResponse:
    """Lines of one kind by year, what was corrected, and the criteria sets."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in PovertyLine.Kind.values else PovertyLine.Kind.EXIT.value
    labels = declared_criteria()
    may = request.user.places_with(Right.STANDARD_EDIT)
    sets = selectors.sets_for_page(request.user)
    context = {
        "kind": kind,
        "kinds": PovertyLine.Kind.choices,
        "kind_name": PovertyLine.Kind(kind).label,
        "lines": [(line, keeps(may, line.place_id)) for line in selectors.lines_for_page(request.user, kind)],
        "corrections": selectors.corrections(request.user, kind),
        "sets": [(row, [labels.get(code, code) for code in row.criteria], keeps(may, row.place_id)) for row in sets],
        "may_add": bool(may),
    }
    return render(request, "villages/standards/standards.html", context)


def keeps(places: list[str], code: str | None) -> bool:
    """Whether a standard of that place is kept by somebody with these places; the country's by nobody."""
    return bool(code) and any(str(code).startswith(place) for place in places)


def form_page(request: SignedInRequest, form: Any, title: str, verb: str, note: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "verb": verb, "note": note}
    return render(request, "villages/standards/form.html", context, status=422 if form.errors else 200)


def back_to(kind: str) -> HttpResponse:
    return redirect(f"{reverse('standards')}?kind={kind}")


@require_http_methods(["GET", "POST"])
@require(Right.STANDARD_EDIT)
def line_new(request: SignedInRequest) -> HttpResponse:
    initial = {"place": own_place(request), "kind": request.GET.get("kind", PovertyLine.Kind.EXIT)}
    form = LineForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        with refusals_into(form):
            line = services.add_line(by=request.user, **form.cleaned_data)
            messages.success(request, f"已登记{line}。有关年度的评定将重新计算。")
            return back_to(line.kind)
    return form_page(request, form, "登记标准线", "登记")


@require_http_methods(["GET", "POST"])
@require(Right.STANDARD_EDIT)
def line_correct(request: SignedInRequest, pk: int) -> HttpResponse:
    line = line_or_404(request, pk)
    form = CorrectionForm(request.POST or None, line=line)
    if form.is_valid():
        with refusals_into(form):
            services.correct_line(by=request.user, line=line, **form.cleaned_data)
            messages.success(request, f"已更正{line.place}{line.year}年的标准。有关年度的评定将重新计算。")
            return back_to(line.kind)
    note = f"{line.place} {line}。原标准撤回后仍保留在更正记录中。"
    return form_page(request, form, "更正标准线", "更正", note)


@require_POST
@require(Right.STANDARD_EDIT)
def line_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    line = line_or_404(request, pk)
    try:
        services.withdraw_line(by=request.user, line=line, reason=request.POST.get("reason", ""))
        messages.success(request, f"已撤回{line.place}{line.year}年的标准。有关年度的评定将重新计算。")
    except ValidationError as fault:
        messages.error(request, f"没有撤回：{'；'.join(fault.messages)}")
    return back_to(line.kind)


@require_http_methods(["GET", "POST"])
@require(Right.STANDARD_EDIT)
def set_new(request: SignedInRequest) -> HttpResponse:
    """A new version, by default of the set that ``?from=`` names."""
    based_on = set_or_404(request, int(number)) if (number := request.GET.get("from", "")).isdigit() else None
    form = SetForm(request.POST or None, user=request.user, based_on=based_on, initial=set_place(request, based_on))
    if form.is_valid():
        with refusals_into(form):
            row = services.publish_set_version(by=request.user, **form.facts)
            messages.success(request, f"已发布{row}。有关年度的评定将重新计算。")
            return redirect("standards")
    return form_page(request, form, "发布评定标准", "发布", "原有版本保留，已用它作出的评定仍可查到依据。")


def set_place(request: SignedInRequest, based_on: CriteriaSet | None) -> dict[str, Any]:
    """A set of the country is taken over for one's own place."""
    places: list[str] = request.user.places_with(Right.STANDARD_EDIT)
    own = based_on.place_id if based_on and keeps(places, based_on.place_id) else own_place(request)
    return {"place": own}


@require_POST
@require(Right.STANDARD_EDIT)
def set_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    row = set_or_404(request, pk)
    try:
        services.withdraw_set(by=request.user, criteria_set=row, reason=request.POST.get("reason", ""))
        messages.success(request, f"已停用{row}。有关年度的评定将重新计算。")
    except ValidationError as fault:
        messages.error(request, f"没有停用：{'；'.join(fault.messages)}")
    return redirect("standards")
