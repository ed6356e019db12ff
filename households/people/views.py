"""The list of people. Filters stand in the address as codes only; what is typed into the search box is posted and kept
in the session, and the address carries a random key instead (households.find.asked)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.figures.labels import choices, figure_label
from households.figures.parts import OF_HOUSEHOLD, OF_PERSON
from households.find.asked import FOUND, keep
from households.find.forms import SearchForm
from households.find.search import LONGEST as LONGEST_TYPED, read
from households.people import services
from households.people.columns import shown
from households.people.doubles import MOST, beside, doubles, marked_apart, pair_of
from households.people.forms import ApartForm, PairForm
from households.people.listing import PeopleFilters, people_page
from households.people.lists import DOUBLES
from households.people.printing import people_paper
from households.register import persons
from households.register.apart import mark_not_same, mark_of
from households.register.years import year_of
from povreg.kit.pages.printed import PRINT_PARAM, print_page
from povreg.kit.pages.shown import ShownList
from povreg.kit.views import holds, refusals_into, require
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right
from villages.standards.rules import COUNT_DAY

LONGEST, MOST_FIGURES = 40, 12
FIRST = ("age", "sex", "health")
MORE = ("labour", "education", "school", "schooling", "work_place", "work_months", "ins_resident", "relation", "party")
AT_HOME = ("household_attr", "exit_status", "verdict", "poor_village", "cause")
Pairs = list[tuple[str, str]]


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """The people of registered households who count in the year, filtered and paged."""
    year, filters = year_of(request), filters_of(request)
    place = Place.objects.filter(pk=filters.place).first() if filters.place else None
    back = _address("people", query(request, PRINT_PARAM))
    if PRINT_PARAM in request.GET:
        return print_page(request, people_paper(request.user, filters, year, str(place or ""), back))
    number = request.GET.get("page", "1")
    page = people_page(
        request.user, filters, year, int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    )
    context = {
        "page": page,
        "rows": [shown(person, year) for person in page.rows],
        "year": year,
        "count_day": COUNT_DAY,
        "place": place,
        "filters": filters,
        "search": read(filters.search),
        "found": request.GET.get("found", "") if filters.search else "",
        "print_url": _address("people", [*query(request, "page"), (PRINT_PARAM, "1")]) if page.rows else "",
        "find_url": _address("people-find", query(request, "found", "page")),
        "export_url": _address("people-export", query(request, "found", "page")),
        "may_export": holds(request.user, Right.EXPORT, filters.place or None),
        "chips": _chips(request, filters),
        **_controls(filters),
        "pages": _pages(request, page),
    }
    return render(request, "households/people/list.html", context)


@require(Right.HOUSEHOLD_VIEW)
@require_POST
def find(request: SignedInRequest) -> HttpResponse:
    """Keep what was typed in the session and send the reader to an address that does not hold it."""
    form = SearchForm(request.POST)
    typed = form.cleaned_data["search"] if form.is_valid() else request.POST.get("search", "")[:LONGEST_TYPED]
    kept = query(request, "found", "page")
    return redirect(_address("people", [*kept, ("found", keep(request, typed))] if typed else kept))


@require(Right.EXPORT)
@require_POST
def export(request: SignedInRequest) -> HttpResponse:
    """Start writing the filtered list; the job's page then offers the file."""
    filters = PeopleFilters(*_codes(request))
    try:
        job = services.request_export(by=request.user, filters=filters, year=year_of(request))
    except ValidationError as fault:
        messages.warning(request, "；".join(fault.messages))
        return redirect(_address("people", query(request)))
    return redirect("job", pk=job.pk)


@require(Right.HOUSEHOLD_MOVE)
@require_safe
def people_doubles(request: SignedInRequest) -> HttpResponse:
    """People who may be registered twice, likeliest first."""
    found = doubles(request.user)
    context = {
        "list": ShownList(DOUBLES, request, found.pairs),
        "capped": found.capped,
        "most": MOST,
        "apart": marked_apart(request.user).in_force().count(),
    }
    return render(request, "households/people/doubles.html", context)


@require(Right.HOUSEHOLD_MOVE)
@require_http_methods(["GET", "HEAD", "POST"])
def people_pair(request: SignedInRequest, one: int, other: int) -> HttpResponse:
    """Two rows side by side; whoever finds that they are one person says which of them stays, who finds that they are
    two says how he knows."""
    found = pair_of(request.user, one, other)
    if found is None:
        raise Http404(one)
    parting = "part" in request.POST
    form, apart = PairForm(None if parting else request.POST or None), ApartForm(request.POST if parting else None)
    if apart.is_valid():
        with refusals_into(apart):
            mark_not_same(by=request.user, one=found[0], other=found[1], reason=apart.cleaned_data["reason"])
            messages.success(request, f"已标记{found[0].name}的两条登记不是同一人，不再列入疑似重复。")
            return redirect("people-doubles")
    if form.is_valid():
        kept, double = found if form.cleaned_data["kept"] == "one" else found[::-1]
        with refusals_into(form):
            persons.merge_persons(by=request.user, kept=kept, double=double, reason=form.cleaned_data["reason"])
            messages.success(request, f"{kept.name}的两条登记已合并，另一条的经历并入后撤销。")
            return redirect("household-members", kept.household_id)
    context = {"pair": found, "lines": beside(*found), "form": form, "apart": apart, "mark": mark_of(*found)}
    return render(request, "households/people/pair.html", context, status=422 if form.errors or apart.errors else 200)


def filters_of(request: HttpRequest) -> PeopleFilters:
    """Place and figures of the address, and the search that its key stands for in this session."""
    key = request.GET.get("found", "")
    typed = request.session.get(FOUND, {}).get(key, {}).get("search", "") if key else ""
    return PeopleFilters(*_codes(request), typed)


def _codes(request: HttpRequest) -> tuple[str, tuple[str, ...]]:
    """Place and figures of the address; what is no code is left out."""
    figures = [text.strip()[:LONGEST] for text in request.GET.getlist("figure")]
    known = tuple(dict.fromkeys(text for text in figures if text and text.isascii() and text.isprintable()))
    place = request.GET.get("place", "").strip()[:LONGEST]
    return place if place.isascii() and place.isdigit() else "", known[:MOST_FIGURES]


def query(request: HttpRequest, *without: str) -> Pairs:
    """The parts of the address in their order, some left out: names of parts, or ``figure=text`` for one figure."""
    pairs = [(name, value) for name, values in request.GET.lists() for value in values if value]
    return [(name, value) for name, value in pairs if name not in without and f"{name}={value}" not in without]


def _address(name: str, pairs: Pairs) -> str:
    return f"{reverse(name)}?{urlencode(pairs)}" if pairs else reverse(name)


def _chips(request: HttpRequest, filters: PeopleFilters) -> list[dict[str, str]]:
    """What the list is narrowed to, each with the address that no longer is."""
    typed = read(filters.search)
    found = [(figure_label(text), f"figure={text}") for text in filters.figures]
    found = [(typed.words, "found"), *found] if typed else found
    return [{"text": text, "url": _address("people", query(request, part, "page"))} for text, part in found]


def _controls(filters: PeopleFilters) -> dict[str, Any]:
    """The selects of the filter bar, each another ``figure``; what they do not hold stays in hidden fields."""
    offered = {*FIRST, *MORE, *AT_HOME}
    more = [*_selects(OF_PERSON, MORE, filters), *_selects(OF_HOUSEHOLD, AT_HOME, filters)]
    return {
        "first": _selects(OF_PERSON, FIRST, filters),
        "more": more,
        "more_count": sum(bool(select["value"]) for select in more),
        "unlisted": [text for text in filters.figures if text.partition(".")[0] not in offered],
    }


def _selects(of: str, codes: tuple[str, ...], filters: PeopleFilters) -> list[dict[str, Any]]:
    found = []
    for code, (label, options) in zip(codes, choices(of, codes), strict=True):
        value = next((figure for figure, _label in options if figure in filters.figures), "")
        found.append({"id": code, "label": label, "choices": options, "value": value})
    return found


def _pages(request: HttpRequest, page: Any) -> dict[str, str]:
    kept = query(request, "page")
    return {
        "previous": _address("people", [*kept, ("page", page.number - 1)]) if page.has_previous else "",
        "next": _address("people", [*kept, ("page", page.number + 1)]) if page.has_next else "",
    }
