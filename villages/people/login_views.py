"""Login, logout, password: the pages outside the frame."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from povreg.kit.throttle import address_of
from povreg.kit.views import refusals_into, require
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.people.forms import LoginForm, PasswordForm
from villages.people.second_factor.services import factor_of
from villages.people.second_factor.views import let_in, wait_for_code
from villages.people.sign_in import change_password, sign_in


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login_page(request: HttpRequest) -> HttpResponse:
    """Sign in, or (header ``X-Relogin``) sign in again from a page whose session has run out."""
    target = safe_next(request)
    if request.method == "GET" and request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = LoginForm(request.POST or None)
    if form.is_valid():
        with refusals_into(form):
            account = sign_in(form.cleaned_data["username"], form.cleaned_data["password"], address_of(request))
            if factor_of(account):
                return second_step(request, account, form, target)
            login(request, account)
            return signed_in(request, account, target)
    return render(request, "villages/people/login.html", {"form": form, "next": target if target != "/" else ""})


def second_step(request: HttpRequest, account: User, form: LoginForm, target: str) -> HttpResponse:
    """The code: of the dialog on a page it comes with the password, else a page of its own asks for it. Raises
    ValidationError for a wrong one."""
    if not request.headers.get("X-Relogin"):
        return wait_for_code(request, account, target)
    if code := form.cleaned_data["code"]:
        let_in(request, account, code)
        return signed_in(request, account, target)
    form.add_error(None, "请再输入验证码：手机验证器上的 6 位数字，或一个恢复码。")
    answer = render(request, "villages/people/login.html", {"form": form, "next": ""})
    answer.headers["X-Code-Wanted"] = "1"
    return answer


def signed_in(request: HttpRequest, account: User, target: str) -> HttpResponse:
    """On to the page asked for. A login dialog gets the account's number instead: when it is another than the page
    was made for, the page loads itself anew."""
    if not request.headers.get("X-Relogin"):
        return HttpResponseRedirect(target)
    return HttpResponse(status=204, headers={"X-Logged-In": str(account.pk), "X-CSRFToken": get_token(request)})


def safe_next(request: HttpRequest) -> str:
    """Where to go after the login: an address of this site, else the workbench."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if asked and safe else settings.LOGIN_REDIRECT_URL


@never_cache
@require_POST
def logout_page(request: HttpRequest) -> HttpResponse:
    """Ends the session; nothing of it stays on the computer."""
    logout(request)
    return redirect("login")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@require()
def password_page(request: SignedInRequest) -> HttpResponse:
    """Change one's own password; the first thing after the first login."""
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        with refusals_into(form):
            data = form.cleaned_data
            account = change_password(by=request.user, old=data["old_password"], new=data["new_password1"])
            update_session_auth_hash(request, account)
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(
        request,
        "villages/people/password_change.html",
        {"form": form, "forced": request.user.must_change_password},
    )
