"""Saved filters, and the columns of the list."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from households.find import filters, selectors, services
from households.find.asked import Asked, asked
from households.find.columns import chosen
from households.find.forms import SaveForm
from households.find.saved.lists import SAVED, SHARED
from households.models import SavedFilter
from households.register.years import year_of
from povreg.kit.pages.shown import ShownList
from povreg.kit.views import refusals_into, require, scoped_or_404
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require(Right.HOUSEHOLD_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def saved_filters(request: SignedInRequest) -> HttpResponse:
    """The reader's filters, to be renamed and deleted. A POST saves the filter of the address under a name; one that is
    refused comes back with the reason."""
    wanted = asked(request)
    form = SaveForm(request.POST or None)
    if form.is_valid():
        with refusals_into(form):
            columns = [column.code for column in chosen(selectors.chosen_columns(request.user))]
            row = services.save_filter(by=request.user, query=wanted.codes, columns=columns, **form.cleaned_data)
            messages.success(request, f"已保存筛选“{row.name}”。")
            return redirect(Asked(row.query).url(saved=row.pk, year=year_of(request)))
    place = Place.objects.filter(pk=wanted.codes.get("place", "")).first()
    context = {
        "form": form if request.method == "POST" else None,
        "wanted": wanted,
        "wanted_words": filters.sentence(wanted.codes, str(place or "")),
        "back": wanted.query(year=year_of(request)),
        "list": ShownList(SAVED, request),
        "shared": ShownList(SHARED, request, SHARED.rows(request.user), "shared"),
        "share_place": Place.objects.filter(pk=selectors.place_to_share(request.user)).first(),
    }
    return render(request, "households/register/saved.html", context, status=422 if form.errors else 200)


@require(Right.HOUSEHOLD_VIEW)
@require_POST
def rename(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a saved filter another name."""
    row = scoped_or_404(SavedFilter, request.user, pk)
    try:
        services.rename_filter(by=request.user, saved=row, name=request.POST.get("name", ""))
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
    else:
        messages.success(request, f"已改名为“{row.name}”。")
    return redirect("saved-filters")


@require(Right.HOUSEHOLD_VIEW)
@require_POST
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forget a saved filter."""
    row = scoped_or_404(SavedFilter, request.user, pk)
    services.drop_filter(by=request.user, saved=row)
    messages.success(request, f"已删除筛选“{row.name}”，农户数据不受影响。")
    return redirect("saved-filters")


@require(Right.HOUSEHOLD_VIEW)
@require_POST
def share(request: SignedInRequest, pk: int) -> HttpResponse:
    """Share a filter with the people of one's place, or end that."""
    row = scoped_or_404(SavedFilter, request.user, pk)
    row = services.share_filter(by=request.user, saved=row, on="1" in (request.POST.get("on"), request.GET.get("on")))
    said = "已共享，范围内的人在农户名单上方就能用" if row.shared_in else "已停止共享，只有您自己看得到"
    messages.success(request, f"筛选“{row.name}”{said}。")
    return redirect("saved-filters")


@require(Right.HOUSEHOLD_VIEW)
@require_POST
def columns(request: SignedInRequest) -> HttpResponse:
    """Remember which columns the list shows."""
    wanted = [] if request.POST.get("usual") else request.POST.getlist("column")
    services.choose_columns(by=request.user, columns=wanted)
    return redirect(asked(request).url(year=year_of(request)))
