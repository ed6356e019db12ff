"""The columns that a person chose for the print of a list: remembered, and told to the lists."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from povreg.kit.pages.printed import is_printed
from povreg.kit.views import referring_path, require
from villages.models import PrintColumns, User
from villages.models.signed_in import SignedInRequest

MOST, LONGEST = 60, 40


def print_columns_of(user: User, code: str) -> list[str]:
    """Codes of the columns; empty for the page's own."""
    row = PrintColumns.objects.visible_to(user).filter(listing=code).first()
    return row.columns if row else []


def choose_print_columns(*, by: User, code: str, columns: Sequence[str]) -> list[str]:
    """Remember the columns; none brings back the page's own."""
    known = [each for each in dict.fromkeys(columns) if 0 < len(each) <= LONGEST][:MOST]
    if known:
        PrintColumns.objects.update_or_create(owner=by, listing=code, defaults={"columns": known})
    else:
        PrintColumns.objects.visible_to(by).filter(listing=code).delete()
    return known


@require_POST
@require()
def print_columns(request: SignedInRequest, code: str) -> HttpResponse:
    """Remember what was ticked above the paper, and go back there."""
    if not is_printed(code):
        raise Http404(code)
    wanted = [] if request.POST.get("usual") else request.POST.getlist("column")
    choose_print_columns(by=request.user, code=code, columns=wanted)
    return redirect(referring_path(request))
