"""The public page of a posted project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assistance.funds.notices import selectors
from households.procedures.notices.views import missing, public_page


@require_GET
@public_page(keep=True)
def project(request: HttpRequest, token: str) -> HttpResponse:
    """What a project is, what it costs and who pays, for everybody."""
    found = selectors.find(token)
    if found is None:
        return missing(request)
    return render(request, "assistance/funds/public.html", {"notice": found})
