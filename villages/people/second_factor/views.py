"""The code after the password, and the page where one looks after one's own signing in."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from povreg.kit.throttle import address_of
from povreg.kit.views import refusals_into, require
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.people.second_factor import pages, services
from villages.people.second_factor.first import PASSED
from villages.people.second_factor.forms import CodeForm, FirstCodeForm
from villages.people.sign_in import confirm_code

WAITING = "waits_for_code"
WAITS_SECONDS = 10 * 60


def wait_for_code(request: HttpRequest, account: User, target: str) -> HttpResponse:
    """The password was right: on to the page that asks for the code."""
    request.session[WAITING] = {"user": account.pk, "at": int(time.time()), "next": target}
    return redirect("login-code")


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    waiting = request.session.get(WAITING)
    account = User.objects.filter(pk=waiting["user"], is_active=True).first() if waiting else None
    if waiting is None or account is None or time.time() - waiting["at"] > WAITS_SECONDS:
        messages.warning(request, "登录没有在 10 分钟内完成，请重新输入用户名和密码。")
        return redirect("login")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        with refusals_into(form):
            let_in(request, account, form.cleaned_data["code"])
            return HttpResponseRedirect(waiting["next"])
    return render(request, "villages/people/code.html", {"form": form}, status=422 if form.errors else 200)


def let_in(request: HttpRequest, account: User, code: str) -> None:
    """Open a session for who gave password and code. Raises ValidationError as ``confirm_code``."""
    confirm_code(account=account, code=code, address=address_of(request))
    request.session.pop(WAITING, None)
    login(request, account)
    request.session[PASSED] = True


def show_security(request: SignedInRequest, status: int = 200, **shown: Any) -> HttpResponse:
    state = pages.security_context(request.user)
    context = {"form": FirstCodeForm() if state["picture"] else CodeForm(), "codes": [], **state, **shown}
    return render(request, "villages/people/security.html", context, status=status)


@never_cache
@require_GET
@require()
def security_page(request: SignedInRequest) -> HttpResponse:
    """One's own second factor, recovery codes and sign-ins."""
    return show_security(request)


@never_cache
@require_POST
@require()
def begin(request: SignedInRequest) -> HttpResponse:
    """A new secret to be scanned."""
    try:
        services.begin(by=request.user)
    except ValidationError as refusal:
        messages.warning(request, "；".join(refusal.messages))
    return redirect("sign-in-security")


def with_code(verb: str) -> Any:
    """A view of one of the three buttons that send a code."""

    @never_cache
    @sensitive_post_parameters("code")
    @require_POST
    @require()
    def view(request: SignedInRequest) -> HttpResponse:
        form = (FirstCodeForm if verb == "confirm" else CodeForm)(request.POST)
        if form.is_valid():
            with refusals_into(form):
                return DEEDS[verb](request, form.cleaned_data["code"])
        return show_security(request, status=422, form=form)

    return view


def confirmed(request: SignedInRequest, code: str) -> HttpResponse:
    codes = services.confirm(by=request.user, code=code)
    request.session[PASSED] = True
    return show_security(request, codes=codes)


def renewed(request: SignedInRequest, code: str) -> HttpResponse:
    codes = services.renew_codes(by=request.user, code=code, address=address_of(request))
    return show_security(request, codes=codes)


def removed(request: SignedInRequest, code: str) -> HttpResponse:
    services.remove(by=request.user, code=code, address=address_of(request))
    request.session.pop(PASSED, None)
    return redirect("sign-in-security")


DEEDS = {"confirm": confirmed, "codes": renewed, "remove": removed}
