"""The county at a glance, and every level below it down to the list (design.md section 4)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from households.closed.selectors import closing_of, is_closed, late_count
from households.eligibility.selectors import covers, job_touching
from households.register.years import year_of
from povreg.jobs.models import Job
from povreg.kit.pages.shown import ShownList
from povreg.kit.scopes import ancestors
from povreg.kit.views import require
from povreg.overview.dashboard import notices as notice_board
from povreg.overview.dashboard.behind import Behind
from povreg.overview.dashboard.below import place_or_404, places_below
from povreg.overview.dashboard.helping import helping_of
from povreg.overview.dashboard.lists import NOTICES
from povreg.overview.dashboard.page import page_of
from povreg.overview.dashboard.tallies import Counts, counts_of
from povreg.overview.jobs.selectors import visible_jobs
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require(Right.DASHBOARD_VIEW)
@require_safe
def dashboard(request: SignedInRequest) -> HttpResponse:
    """The dashboard of the widest place the person may look at."""
    places = sorted(request.user.places_with(Right.DASHBOARD_VIEW), key=len)
    if not places:
        raise PermissionDenied
    return _page(request, places[0])


@require(Right.DASHBOARD_VIEW)
@require_safe
def dashboard_place(request: SignedInRequest, code: int) -> HttpResponse:
    """The dashboard of one place inside the person's postings."""
    return _page(request, _covered(request, code))


@require(Right.DASHBOARD_VIEW)
@require_safe
def progress(request: SignedInRequest, code: int) -> HttpResponse:
    """How far the running recompute is, with the figures when a part of it has ended since the page was drawn (``at``);
    the last answer asks for no more."""
    place = place_or_404(_covered(request, code))
    year = year_of(request)
    counts = counts_of(place.pk, year)
    shown = request.GET.get("at", "")
    if counts.rows and not shown:  # the page has no frame for figures yet
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = _state(request, place, year, counts)
    if context["job"] is None or shown != _stamp(counts):
        context |= {"parts": True, **page_of(request.user, place, year, counts)}
    return render(request, "overview/dashboard_live.html", context)


@require(Right.BATCH_VIEW)
@require_safe
def notices(request: SignedInRequest, code: int) -> HttpResponse:
    """The public notices that run under a place."""
    place = place_or_404(_covered(request, code, Right.BATCH_VIEW))
    shown = ShownList(NOTICES, request, notice_board.running(request.user, place.pk))
    return render(request, "overview/dashboard_notices.html", {"place": place, "list": shown})


def _covered(request: SignedInRequest, code: int, right: Right = Right.DASHBOARD_VIEW) -> str:
    place = str(code)
    if not covers(request.user, right, place):
        raise Http404
    return place


def _page(request: SignedInRequest, code: str) -> HttpResponse:
    place = place_or_404(code)
    year = year_of(request)
    counts, children = counts_of(code, year), places_below(place)
    context = {
        **_state(request, place, year, counts),
        "crumbs": _crumbs(request, place, year),
        "flips_url": f"{reverse('flips')}?place={code}&year={year}",
        "closing": closing_of(code, year),
        "late": late_count(code, year),
        "late_url": f"{reverse('late-facts')}?{urlencode({'place': code, 'year': year})}",
        "remind_url": _remind_url(request, counts, Behind(code, year)),
        "helping": helping_of(request.user, place, year, children),
        **page_of(request.user, place, year, counts, children),
    }
    return render(request, "overview/dashboard.html", context)


def _state(request: SignedInRequest, place: Place, year: int, counts: Counts) -> dict[str, Any]:
    """What the head of the page says: when it was counted, what runs, what has just ended."""
    job = job_touching(place.pk, year)
    watched = str(job.pk) if job else request.GET.get("job", "")
    asked = {"year": year, "at": _stamp(counts), "job": watched}
    return {
        "place": place,
        "year": year,
        "counts": counts,
        "job": job,
        "ended": None if job else _ended(request, watched),
        "progress_url": f"{reverse('dashboard-progress', args=[place.pk])}?{urlencode(asked)}",
        "may_recompute": request.user.can(Right.RECOMPUTE, place.pk) and not is_closed(place.pk, year),
        "is_free": not (job and place.pk.startswith(job.place_code)),
    }


def _remind_url(request: SignedInRequest, counts: Counts, behind: Behind) -> str:
    """Where an office writes to those who enter, about the households that are not complete; nowhere without any."""
    if not counts.households("incomplete", "yes") or not request.user.can(Right.NOTE_SEND, behind.place):
        return ""
    about = {"place": behind.place, "url": behind.rows(figure="incomplete.yes")}
    return f"{reverse('note-new')}?{urlencode(about)}"


def _stamp(counts: Counts) -> str:
    return counts.as_of.isoformat() if counts.as_of else ""


def _ended(request: SignedInRequest, watched: str) -> Job | None:
    """The job that the page watched, if the person may see it."""
    try:
        return visible_jobs(request.user).filter(pk=UUID(watched)).first() if watched else None
    except ValueError:
        return None


def _crumbs(request: SignedInRequest, place: Place, year: int) -> list[dict[str, str]]:
    """The places above, as far as the person may look at them."""
    codes = [code for code in ancestors(place.pk) if covers(request.user, Right.DASHBOARD_VIEW, code)]
    names = Place.objects.in_bulk(codes)
    return [{"label": str(names[code]), "url": Behind("", year).dashboard(code)} for code in codes if code in names]
