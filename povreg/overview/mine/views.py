"""我的: everything a person may open, in groups; the password; the switch for large type (适老化)."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from povreg.kit.views import referring_path, require
from povreg.overview.nav import LARGE_TYPE
from villages.models.signed_in import SignedInRequest

KEEP = 5 * 366 * 24 * 3600  # seconds


@require_GET
@require()
def mine(request: SignedInRequest) -> HttpResponse:
    """The groups come with the frame of the page."""
    return render(request, "overview/mine.html")


@require_POST
@require()
def type_size(request: SignedInRequest) -> HttpResponse:
    """Turns large type on or off for this device: a cookie that says nothing about the person."""
    answer = redirect(referring_path(request))
    if request.POST.get("size") == "large":
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(LARGE_TYPE, "large", max_age=KEEP, secure=secure, httponly=True, samesite="Lax")
    else:
        answer.delete_cookie(LARGE_TYPE, samesite="Lax")
    return answer
