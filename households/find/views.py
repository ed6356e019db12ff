"""The list of households: search, filters, columns.

Filters stand in the address as codes only, so that other pages can link here. What is typed into the search box is
posted and kept in the session; the address carries a random key instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from households.eligibility.criteria import BY_CODE
from households.find import filters, panel, selectors
from households.find.asked import Asked, asked, keep
from households.find.columns import COLUMNS, NO_HEAD, ON_PAGE, USUAL, Column, Show, address, chosen, prepare
from households.find.facets import SHOWN, facets
from households.find.forms import SearchForm
from households.find.gone import people_gone
from households.find.listing import ORDERS, list_page, rows_of_page
from households.find.paged import ListPage
from households.find.printing import households_paper
from households.models import SavedFilter
from households.register import years
from povreg.kit.pages.printed import PRINT_PARAM, print_page
from povreg.kit.scopes import TOWNSHIP, township_of
from povreg.kit.views import holds, require
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.places.selectors import search_places
from villages.rights import Right

MOST_DIGITS = 7  # of the number of a page


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def households(request: SignedInRequest) -> HttpResponse:
    """The households the reader may see, filtered and paged."""
    year = years.year_of(request)
    wanted = asked(request)
    saved = [*selectors.saved_filters(request.user), *selectors.shared_filters(request.user)]
    columns = columns_shown(request, saved, ON_PAGE)
    opened = request.GET.get("saved", "")
    if PRINT_PARAM in request.GET:
        back, place_name = wanted.url(year=year, saved=opened), str(_place(wanted) or "")
        return print_page(request, households_paper(request.user, wanted, columns, year, place_name, back))
    also = ("phone",) if any(column.code == "phone" for column in columns) else ()
    page = list_page(request.user, wanted.filters, year, _number(request), also=also)
    place = _place(wanted)
    context = {
        "asked": wanted,
        "page": page,
        "year": year,
        "place": place,
        "place_text": str(place or ""),
        "may_enter": holds(request.user, Right.HOUSEHOLD_EDIT),
        **_table(request, page, columns, year, wanted),
        **_controls(request, wanted, place, year),
        **_kept(request.user, wanted, saved, columns, year),
        "back": wanted.query(year=year, saved=opened),
        "print_url": wanted.url(year=year, saved=opened, print="1") if page.rows else "",
        "gone": people_gone(request.user, wanted, year) if page.number == 1 else [],
        "places_meant": _places_meant(request, wanted, year) if not page.rows else [],
        "remind_url": _remind_url(request, wanted, page, str(place or ""), year),
    }
    return render(request, "households/find/list.html", context)


def _place(wanted: Asked) -> Place | None:
    return Place.objects.filter(pk=wanted.codes["place"]).first() if "place" in wanted.codes else None


def _number(request: SignedInRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else 1


def columns_shown(
    request: SignedInRequest, saved: list[SavedFilter] | None = None, usual: Sequence[str] = USUAL
) -> tuple[Column, ...]:
    """The columns of the saved filter that was opened, else those the reader chose, else the ``usual`` ones."""
    opened = request.GET.get("saved", "")
    if saved is None:
        saved = [*selectors.saved_filters(request.user), *selectors.shared_filters(request.user)] if opened else []
    row = next((each for each in saved if str(each.pk) == opened and each.columns), None)
    return chosen(row.columns if row else selectors.chosen_columns(request.user), usual)


def _table(
    request: SignedInRequest, page: ListPage, columns: tuple[Column, ...], year: int, wanted: Asked
) -> dict[str, Any]:
    opened = request.GET.get("saved", "")
    may_export, may_judge = holds(request.user, Right.EXPORT), holds(request.user, Right.RECOMPUTE)
    prepare(page.rows, columns)
    show = Show(year, wide=len(wanted.codes.get("place", "")) < TOWNSHIP and _is_wide(request))
    return {
        "rows": [
            {
                "pk": row.pk,
                "url": address("household", row.pk, year),
                "head": row.head_name or NO_HEAD,
                "no": row.household_no,
                "values": [column.shown(row, show) for column in columns],
            }
            for row in page.rows
        ],
        "columns": columns,
        "column_codes": [column.code for column in columns],
        "squares": " ".join(_judged(page.rows)),
        "may_export": may_export,
        "may_judge": may_judge,
        "shown": ",".join(str(row.pk) for row in page.rows),
        "pages": {
            "previous": wanted.url(page=page.number - 1, year=year, saved=opened) if page.has_previous else "",
            "next": wanted.url(page=page.number + 1, year=year, saved=opened) if page.has_next else "",
            "before": _walk_url(wanted, year, page.number - 1, "before") if page.has_previous else "",
            "after": _walk_url(wanted, year, page.number + 1, "after") if page.has_next else "",
        },
    }


def _walk_url(wanted: Asked, year: int, number: int, end: str) -> str:
    return f"{reverse('households-walk')}?{wanted.query(page=number, year=year, end=end)}"


def _judged(rows: Sequence[Any]) -> list[str]:
    """What the squares of these rows stand for, in their order."""
    codes = next((row.assessment.criteria_set.criteria for row in rows if row.assessment), ())
    return [criterion.short for code, criterion in BY_CODE.items() if code in codes]


def _is_wide(request: SignedInRequest) -> bool:
    """Whether the reader's places hold more than one township."""
    places = request.user.places_with(Right.HOUSEHOLD_VIEW)  # type: ignore[union-attr]
    return len({township_of(code) for code in places}) > 1 or any(len(code) < TOWNSHIP for code in places)


def _controls(request: SignedInRequest, wanted: Asked, place: Place | None, year: int) -> dict[str, Any]:
    """Search box, filters, and what the list is narrowed to, each with the address without it."""
    search, now = wanted.search, wanted.codes.get("order", "")
    chips = [
        {"text": text, "url": wanted.url((name, value), year=year)}
        for name, value, text in filters.words(wanted.codes, str(place or ""))
    ]
    if search:
        chips.insert(0, {"text": search.words, "url": wanted.url(searched=False, year=year)})
    return {
        "facets": facets(request.user, wanted, year),
        "counts_url": f"{reverse('household-counts')}?{wanted.query(year=year)}",
        "find_url": f"{reverse('households-find')}?{wanted.query(searched=False, year=year)}",
        "search": search,
        "chips": chips,
        **_panel(request, wanted, year),
        "orders": [
            {"label": text, "url": wanted.url(("order", now), order=code, year=year), "here": code == (now or "place")}
            for code, text in ORDERS.items()
        ],
    }


def _panel(request: SignedInRequest, wanted: Asked, year: int) -> dict[str, Any]:
    """The further conditions: drawn where one of them holds or they are asked for."""
    count = panel.chosen(wanted.codes)
    is_open = count > 0 or request.GET.get("more") == "1"
    blocks, others = panel.further(wanted.codes) if is_open else ([], list(wanted.codes.get("figure", ())))
    return {
        "blocks": blocks,
        "others": others,
        "panel_count": count,
        "more_url": wanted.url(more="1", year=year),
        "kept": [(name, wanted.codes[name]) for name in (*SHOWN, "order", "household_no") if name in wanted.codes],
    }


def _places_meant(request: SignedInRequest, wanted: Asked, year: int) -> list[dict[str, str]]:
    """Somebody who types the name of a village into the search box wants its list."""
    if wanted.search is None or wanted.search.kind not in ("name", "pinyin"):
        return []
    found = search_places(request.user, wanted.search.value, limit=3)
    return [
        {"label": f"{each.path} {each.name}".strip(), "url": wanted.url(searched=False, place=each.code, year=year)}
        for each in found
    ]


def _remind_url(request: SignedInRequest, wanted: Asked, page: ListPage, place: str, year: int) -> str:
    """Where an office asks those who enter to see to the households of the list; a typed search is nobody's task."""
    if wanted.typed or not set(wanted.codes) - {"order"} or not page.rows or not holds(request.user, Right.NOTE_SEND):
        return ""
    named = {name: value for name, value in wanted.codes.items() if name not in ("household_no", "order")}
    words = filters.sentence(named, place)[:150]
    asked_for = {
        "place": wanted.codes.get("place", ""),
        "text": f"请核实并补录名单中的农户（{words}）。",
        "url": wanted.url(year=year),
    }
    return f"{reverse('note-new')}?{urlencode(asked_for)}"


def _kept(
    user: User, wanted: Asked, saved: list[SavedFilter], columns: tuple[Column, ...], year: int
) -> dict[str, Any]:
    """Saved filters as tabs, and the columns to choose from."""
    shown = {column.code for column in columns}
    plain = Asked({})
    tabs = [
        {
            "name": row.name,
            "url": Asked(row.query).url(saved=row.pk, year=year),
            "here": wanted == Asked(row.query),
            "from": "" if row.owner_id == user.pk else row.owner.name,
        }
        for row in saved
    ]
    return {
        "tabs": [{"name": "全部", "url": plain.url(year=year), "here": not wanted.narrowed}, *tabs] if tabs else [],
        "may_save": bool(set(wanted.codes) - {"order"}) and not any(tab["here"] for tab in tabs),
        "offered": [(code, column.label, code in shown) for code, column in COLUMNS.items()],
    }


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def counts(request: SignedInRequest) -> HttpResponse:
    """How many households each choice beside the list leaves: asked for by the page after it is shown."""
    found = facets(request.user, asked(request), years.year_of(request), counted=True)
    return render(request, "households/find/facets.html", {"facets": found, "counted": True})


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def walk(request: SignedInRequest) -> JsonResponse:
    """The households of a page of the list, for who walks through it from one to the next, and where to ask on."""
    year, wanted = years.year_of(request), asked(request)
    found = rows_of_page(request.user, wanted.filters, year, _number(request))
    before = _walk_url(wanted, year, found.number - 1, "before") if found.number > 1 else ""
    after = _walk_url(wanted, year, found.number + 1, "after") if found.number < found.pages else ""
    return JsonResponse({"rows": found.ids, "before": before, "after": after})


@require(Right.HOUSEHOLD_VIEW)
@require_POST
def find(request: SignedInRequest) -> HttpResponse:
    """Keep what was typed in the session and send the reader to an address that does not hold it."""
    wanted = Asked(filters.codes_of(request.GET))
    year = request.GET.get("year", "")
    form = SearchForm(request.POST)
    typed = form.cleaned_data["search"] if form.is_valid() else ""
    return redirect(wanted.url(year=year, found=keep(request, typed)) if typed else wanted.url(year=year))
