"""The list of people. Filters stand in the address as codes only; names and numbers never do."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.figures.labels import choices, figure_label
from households.figures.parts import OF_PERSON
from households.people.columns import shown
from households.people.listing import PeopleFilters, people_page
from households.register.years import year_of
from povreg.kit.views import require
from villages.models import Place
from villages.people.rights import Right

LONGEST, MOST_FIGURES = 40, 12
SELECTS = (
    "age",
    "sex",
    "health",
    "labour",
    "education",
    "school",
    "schooling",
    "work_place",
    "ins_resident",
    "relation",
)
AT_HOME = ("household_attr", "exit_status", "verdict", "poor_village", "cause")


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people of registered households who count in the year, filtered and paged."""
    year, filters = year_of(request), filters_of(request)
    number = request.GET.get("page", "1")
    page = people_page(request.user, filters, year, int(number) if number.isdigit() else 1)
    place = Place.objects.filter(pk=filters.place).first() if filters.place else None
    context = {
        "page": page,
        "rows": [shown(person, year) for person in page.rows],
        "year": year,
        "place": place,
        "filters": filters,
        "chips": _chips(request, filters),
        "selects": _selects(filters),
        "unlisted": [text for text in filters.figures if text.partition(".")[0] not in (*SELECTS, *AT_HOME)],
        "pages": _pages(request, page),
        "narrowed": bool(filters.figures or filters.place),
    }
    return render(request, "households/people/list.html", context)


def filters_of(request: HttpRequest) -> PeopleFilters:
    """Place and figures of the address; an empty figure filters nothing."""
    figures = [text.strip()[:LONGEST] for text in request.GET.getlist("figure")]
    known = tuple(dict.fromkeys(text for text in figures if text))[:MOST_FIGURES]
    return PeopleFilters(request.GET.get("place", "").strip()[:LONGEST], known)


def query(request: HttpRequest, *without: str) -> list[tuple[str, str]]:
    """The parts of the address in their order, some left out: names of parts, or ``figure=text`` for one figure."""
    pairs = [(name, value) for name, values in request.GET.lists() for value in values if value]
    return [(name, value) for name, value in pairs if name not in without and f"{name}={value}" not in without]


def _chips(request: HttpRequest, filters: PeopleFilters) -> list[dict[str, str]]:
    """What the list is narrowed to, each with the address that no longer is."""
    return [
        {"label": figure_label(text), "url": f"?{urlencode(query(request, f'figure={text}', 'page'))}"}
        for text in filters.figures
    ]


def _selects(filters: PeopleFilters) -> list[dict[str, Any]]:
    """The selects of the filter bar; each is another ``figure``."""
    found = []
    for label, options in (*choices(OF_PERSON, SELECTS), *choices("household", AT_HOME)):
        value = next((code for code, _label in options if code in filters.figures), "")
        found.append({"id": options[0][0].partition(".")[0], "label": label, "choices": options, "value": value})
    return found


def _pages(request: HttpRequest, page: Any) -> dict[str, str]:
    base = urlencode(query(request, "page"))
    return {
        "previous": f"?{base}&page={page.number - 1}" if page.has_previous else "",
        "next": f"?{base}&page={page.number + 1}" if page.has_next else "",
    }
