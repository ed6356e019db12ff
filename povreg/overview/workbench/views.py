"""The first page of everybody: what is due, in order, one click away from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from povreg.kit.views import require


@require_GET
@require()
def workbench(request: HttpRequest) -> HttpResponse:
    """What is due for the roles this person holds today."""
    return render(request, "overview/workbench.html", {})
