"""Browsing places, looking after villages, and the search behind every place picker."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from povreg.kit.views import holds, refusals_into, require, scoped_or_404
from villages.codes.selectors import label
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.places import mergers, selectors, services
from villages.places.forms import GroupForm, MergeForm, ProfileForm, RenameForm, SplitForm, VillageForm
from villages.rights import Right

LONGEST_QUERY = 40


def place_or_404(request: SignedInRequest, code: int, *levels: int, right: Right | None = None) -> Place:
    """A place inside the person's postings, of one of ``levels`` if given; 403 when ``right`` does not hold there."""
    rows = Place.objects.filter(level__in=levels) if levels else Place.objects.all()
    place: Place = scoped_or_404(rows, request.user, str(code), right, place="code")
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
    return render(request, "villages/places/roots.html", {"roots": selectors.with_paths(roots)})


@require_GET
@require()
def place_page(request: SignedInRequest, code: int) -> HttpResponse:
    """One place: what lies below it; for a village its facts, groups and changes."""
    return show_place(request, place_or_404(request, code))


def show_place(request: SignedInRequest, place: Place, status: int = 200, **more: Any) -> HttpResponse:
    """The place's page; ``more`` may hold a refused form."""
    only_poor = request.GET.get("poor") == "1"
    context = {
        "place": place,
        "crumbs": crumbs(request, place),
        "lines": selectors.lines_of(place, only_poor=only_poor),
        "only_poor": only_poor,
        "changes": selectors.changes_of(place),
        "may_edit": holds(request.user, Right.PLACE_EDIT, place.code) and not place.retired_on,
        **(village_facts(place) if place.level == Place.Level.VILLAGE else {}),
        **more,
    }
    return render(request, "villages/places/place.html", context, status=status)


def village_facts(village: Place) -> dict[str, Any]:
    """What the page of a village shows beside its name."""
    profile = selectors.profile_of(village)
    attr = label("village_attr", profile.village_attr) if profile else ""
    return {"profile": profile, "attr": attr, "groups": selectors.groups_of(village), "group_form": GroupForm()}


def crumbs(request: SignedInRequest, place: Place) -> list[dict[str, str]]:
    """The places above, as links where the person may open them."""
    above = selectors.breadcrumbs(place.code)[:-1]
    open_ = set(Place.objects.visible_to(request.user).filter(pk__in=[one.pk for one in above]).values_list("pk"))
    return [
        {"label": str(one), "url": reverse("place", args=[one.code]) if (one.pk,) in open_ else ""} for one in above
    ]


def edit_page(
    request: SignedInRequest,
    place: Place,
    form: forms.Form,
    title: str,
    verb: str,
    save: Callable[[], str],
    notice: str = "",
) -> HttpResponse:
    """A form about a place. ``save`` runs the verb and says what was done; a refusal comes back beside the fields."""
    if form.is_valid():
        with refusals_into(form):
            messages.success(request, save())
            return redirect("place", code=place.code)
    context = {
        "place": place, "form": form, "title": title, "verb": verb,
        "crumbs": [*crumbs(request, place), {"label": str(place), "url": reverse("place", args=[place.code])}],
        "notice": notice,
    }  # fmt: skip
    return render(request, "villages/places/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(Right.PLACE_EDIT)
def profile_edit(request: SignedInRequest, code: int) -> HttpResponse:
    village = place_or_404(request, code, Place.Level.VILLAGE, right=Right.PLACE_EDIT)
    form = ProfileForm(request.POST or None, profile=selectors.profile_of(village))

    def save() -> str:
        services.save_profile(
            by=request.user, village=village.code, version=form.cleaned_data["version"], facts=form.facts
        )
        return f"{village}的基本情况已保存。"

    return edit_page(request, village, form, "村基本情况", "保存", save)


@require_http_methods(["GET", "POST"])
@require(Right.PLACE_EDIT)
def village_new(request: SignedInRequest, code: int) -> HttpResponse:
    township = place_or_404(request, code, Place.Level.TOWNSHIP, right=Right.PLACE_EDIT)
    form = VillageForm(request.POST or None)

    def save() -> str:
        village = services.add_village(by=request.user, township=township.code, **form.cleaned_data)
        return f"已新增{village}。"

    return edit_page(request, township, form, "新增村", "新增", save)


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


@require_http_methods(["GET", "POST"])
@require(Right.PLACE_EDIT)
def rename(request: SignedInRequest, code: int) -> HttpResponse:
    place = place_or_404(request, code, right=Right.PLACE_EDIT)
    form = RenameForm(request.POST or None, initial={"name": place.name})

    def save() -> str:
        services.rename_place(by=request.user, place=place.code, **form.cleaned_data)
        return f"已更名为{services.clean_name(form.cleaned_data['name'])}。"

    return edit_page(request, place, form, "更名", "更名", save)


@require_http_methods(["GET", "POST"])
@require(Right.PLACE_EDIT)
def merge(request: SignedInRequest, code: int) -> HttpResponse:
    village = place_or_404(request, code, Place.Level.VILLAGE, right=Right.PLACE_EDIT)
    form = MergeForm(request.POST or None, user=request.user, target=village)

    def save() -> str:
        data = form.cleaned_data
        changes = mergers.merge_villages(
            by=request.user, sources=form.codes, target=village.code, on=data["on"], document=data["document"]
        )
        moved = sum(change.households_moved for change in changes)
        return f"已把 {len(changes)} 个村并入{village}，随迁 {moved} 户。"

    return edit_page(request, village, form, f"把其他村并入{village}", "合并", save, notice="merge")


@require_http_methods(["GET", "POST"])
@require(Right.PLACE_EDIT)
def split(request: SignedInRequest, code: int) -> HttpResponse:
    village = place_or_404(request, code, Place.Level.VILLAGE, right=Right.PLACE_EDIT)
    form = SplitForm(request.POST or None, user=request.user)

    def save() -> str:
        data = form.cleaned_data
        parts = {data["target"].pk: mergers.Part(groups=form.group_names)}
        (change,) = mergers.split_village(
            by=request.user, source=village.code, parts=parts, on=data["on"], document=data["document"]
        )
        return f"已把 {change.households_moved} 户划入{change.target}。"

    return edit_page(request, village, form, f"从{village}划出几个组", "划出", save, notice="split")
