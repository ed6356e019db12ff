"""Where a role demands a second factor, nothing opens before it is set up."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse

from povreg.kit.views import is_fragment
from villages.people.second_factor.services import is_demanded_of

PASSED = "second_factor"  # in the session: it was opened with a code
OPEN = frozenset(
    {
        "password_change", "logout", "login", "login-code", "sign-in-security", "second-factor-begin",
        "second-factor-confirm", "second-factor-codes", "second-factor-remove",
    }
)  # fmt: skip
WORDS = "您的岗位须先设置二次验证，请打开“登录安全”页面设置。"


class SecondFactorFirst:
    """Redirects a session that was opened without a code to the page where the factor is set up; the API refuses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.applies(request):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            answer = {"code": "second_factor_required", "message": WORDS, "fields": {}}
            return JsonResponse(answer, status=403, json_dumps_params={"ensure_ascii": False})
        target = reverse("sign-in-security")
        if is_fragment(request):
            return HttpResponse(WORDS, status=403, headers={"HX-Redirect": target})
        return redirect(target)

    def applies(self, request: HttpRequest) -> bool:
        user = request.user
        if not settings.SECOND_FACTOR or not user.is_authenticated or request.session.get(PASSED):
            return False
        if user.must_change_password or request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
            return False
        return is_demanded_of(user) and resolve(request.path_info).url_name not in OPEN
