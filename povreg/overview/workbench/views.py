"""The first page of everybody: what is due, in order, one click away from it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from households.register.years import year_of
from povreg.kit.views import require
from povreg.kit.workbench import board_of
from povreg.overview.workbench.accounts import access_due, password_due
from povreg.overview.workbench.checks import checks, viewer_of
from villages.models.signed_in import SignedInRequest
from villages.rights import Right, Role


@require_GET
@require()
def workbench(request: SignedInRequest) -> HttpResponse:
    """What is due for the roles this person holds today."""
    sees_households = request.user.can(Right.HOUSEHOLD_VIEW)
    board = board_of(request.user, year_of(request) if sees_households else timezone.localdate().year)
    posted = bool(request.user.postings_today())
    board.dues[:0] = [*password_due(request.user), *(() if posted else access_due(request.user))]
    board.dues.sort(key=lambda due: due.rank)
    context = {
        "board": board,
        "today": timezone.localdate(),
        "posted": posted,
        "is_cadre": any(role == Role.VILLAGE_CADRE for role, _code in request.user.postings_today()),
    }
    return render(request, "overview/workbench.html", context)


@require_GET
@require(Right.HOUSEHOLD_EDIT)
def village_checks(request: SignedInRequest) -> HttpResponse:
    """The logic checks of the cadre's village: a part of the workbench, or a page for who opens the address."""
    viewer = viewer_of(request.user, year_of(request))
    if viewer is None:
        raise PermissionDenied
    part = request.htmx  # type: ignore[attr-defined]
    template = "overview/workbench_list.html" if part else "overview/workbench_checks.html"
    return render(request, template, {"listing": checks(viewer)})
