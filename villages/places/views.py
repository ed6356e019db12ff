"""Browsing places, the page of a place, and the search behind every place picker."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from povreg.kit.pages.shown import ShownList
from povreg.kit.views import holds, refusals_into, require, scoped_or_404
from villages.codes.selectors import label
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.places import lists, selectors, services
from villages.places.cards import cards_of
from villages.places.edits import at_level, crumbs_above
from villages.places.forms import GroupForm
from villages.rights import Right

LONGEST_QUERY = 40


def place_or_404(request: SignedInRequest, code: int, *levels: int, right: Right | None = None) -> Place:
    """A place inside the person's postings, of one of ``levels`` if given; 403 when ``right`` does not hold there."""
    place: Place = scoped_or_404(at_level(*levels), request.user, str(code), right, place="code")
    return place


@require_GET
@require()
def search(request: SignedInRequest) -> JsonResponse:
    """Hits for the place picker: ``{"results": [{"code", "name", "path"}]}``."""
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    level, under = request.GET.get("level", ""), request.GET.get("under", "")
    found = selectors.search_places(request.user, text, level, under)
    return JsonResponse({"results": [{"code": one.code, "name": one.name, "path": one.path} for one in found]})


@require_GET
@require()
def browse(request: SignedInRequest) -> HttpResponse:
    """Where the person's places begin: the place itself, or the list of them when there are several."""
    roots = selectors.roots(request.user)
    if len(roots) == 1:
        return redirect("place", code=roots[0].code)
    shown = ShownList(lists.ROOTS, request)
    return render(request, "pages/list.html", {"list": shown})


@require_GET
@require()
def place_page(request: SignedInRequest, code: int) -> HttpResponse:
    """One place: what lies below it; for a village its facts, groups and changes."""
    return show_place(request, place_or_404(request, code))


def show_place(request: SignedInRequest, place: Place, status: int = 200, **more: Any) -> HttpResponse:
    """The place's page; ``more`` may hold a refused form."""
    lines = selectors.lines_of(place, only_poor=request.GET.get("poor") == "1")
    context = {
        "place": place,
        "crumbs": crumbs_above(request, place),
        "children": ShownList(lists.CHILDREN, request, lines, less=lists.columns_not_of(place)),
        "changes": ShownList(lists.CHANGES, request, selectors.changes_of(place), "changes"),
        "may_edit": holds(request.user, Right.PLACE_EDIT, place.code) and not place.retired_on,
        **(village_facts(request, place) if place.level == Place.Level.VILLAGE else {}),
        **more,
    }
    return render(request, "villages/places/place.html", context, status=status)


def village_facts(request: SignedInRequest, village: Place) -> dict[str, Any]:
    """What the page of a village shows beside its name."""
    profile = selectors.profile_of(village)
    return {
        "profile": profile,
        "attr": label("village_attr", profile.village_attr) if profile else "",
        "groups": ShownList(lists.GROUPS, request, selectors.groups_of(village), "groups"),
        "group_form": GroupForm(),
        "cards": cards_of(request.user, village),
    }


@require_POST
@require(Right.PLACE_EDIT)
def group_new(request: SignedInRequest, code: int) -> HttpResponse:
    village = place_or_404(request, code, Place.Level.VILLAGE, right=Right.PLACE_EDIT)
    form = GroupForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            group = services.add_group(by=request.user, village=village.code, **form.cleaned_data)
            messages.success(request, f"已新增{group}。")
            return redirect("place", code=village.code)
    return show_place(request, village, status=422, group_form=form)
