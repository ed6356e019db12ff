"""Accounts administration: who may sign in, and who is what where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from povreg.kit.views import holds, paged, refusals_into, require, scoped_or_404
from villages.models import Posting, User
from villages.models.signed_in import SignedInRequest
from villages.people import postings, selectors, services
from villages.people.forms import (
    AccountFilter,
    AccountForm,
    EndForm,
    LockForm,
    PostingForm,
    ReasonForm,
    TownshipForm,
)
from villages.rights import Right, Role

TONES = {"open": "pass", "initial": "warn", "locked": "fail", "unposted": "warn", "closed": "missing"}


def account_or_404(request: SignedInRequest, pk: int, right: Right | None = None) -> User:
    """An account the person may see, with its postings of today; 403 when ``right`` does not hold at its place."""
    rows = User.objects.select_related("place", "unit").prefetch_related(selectors.current_postings())
    return scoped_or_404(rows, request.user, pk, right, place="place_id")


@require_GET
@require(Right.ACCOUNT_VIEW)
def account_list(request: SignedInRequest) -> HttpResponse:
    """Accounts inside one's places, searched and narrowed."""
    form = AccountFilter(request.GET)
    page = paged(request, selectors.accounts(request.user, request.GET))
    rows = [(account, selectors.state_of(account)) for account in page]
    return render(
        request,
        "villages/people/accounts.html",
        {
            "form": form,
            "page": page,
            "rows": [(account, selectors.STATES[state], TONES[state]) for account, state in rows],
            "may_open": request.user.can(Right.ACCOUNT_MANAGE),
            "may_grant": request.user.can(Right.POSTING_GRANT),
        },
    )


@require_GET
@require(Right.ACCOUNT_VIEW)
def account_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """One account: its facts, its postings, and what this administrator may do about it."""
    return show_account(request, account_or_404(request, pk))


def show_account(request: SignedInRequest, account: User, status: int = 200, **forms: Any) -> HttpResponse:
    """The account's page; ``forms`` are refused ones, shown again with what was typed."""
    state = selectors.state_of(account)
    own = account.pk == request.user.pk
    context = {
        "account": account,
        "state": selectors.STATES[state],
        "state_key": state,
        "tone": TONES[state],
        "postings": selectors.postings_of(request.user, account),
        "today": timezone.localdate(),
        "lock_until": timezone.localdate() + timedelta(days=30),
        "own": own,
        "may_manage": not own and holds(request.user, Right.ACCOUNT_MANAGE, account.place_id or ""),
        "may_grant": not own and request.user.can(Right.POSTING_GRANT),
        "may_reset": not own and holds(request.user, services.right_to_reset(account), account.place_id or ""),
        "posting_form": PostingForm(user=request.user, initial={"place": account.place_id}),
        **forms,
    }
    return render(request, "villages/people/account.html", context, status=status)


@require_http_methods(["GET", "POST"])
@require(Right.ACCOUNT_MANAGE)
def account_new(request: SignedInRequest) -> HttpResponse:
    """Open one account; its initial password is on the answer and nowhere else."""
    form = AccountForm(request.POST or None, user=request.user)
    if form.is_valid():
        with refusals_into(form):
            made = services.open_account(by=request.user, **form.cleaned_data)
            return show_passwords(request, [made], "账号已开通")
    return render(request, "villages/people/account_form.html", {"form": form}, status=422 if form.errors else 200)


def show_passwords(request: SignedInRequest, made: list[tuple[User, str]], heading: str) -> HttpResponse:
    """Initial passwords, once: they are kept nowhere, so the page is the answer itself and is not cached."""
    return render(request, "villages/people/passwords.html", {"made": made, "heading": heading})


@require_http_methods(["GET", "POST"])
@require(Right.ACCOUNT_MANAGE)
def account_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    account = account_or_404(request, pk, Right.ACCOUNT_MANAGE)
    form = AccountForm(request.POST or None, user=request.user, account=account)
    if form.is_valid():
        with refusals_into(form):
            services.edit_account(by=request.user, account=account, **form.cleaned_data)
            messages.success(request, "账号资料已保存。")
            return redirect("account", pk=pk)
    context = {"form": form, "account": account}
    return render(request, "villages/people/account_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(Right.ACCOUNT_MANAGE)
def village_accounts(request: SignedInRequest) -> HttpResponse:
    """One account for every village of a township that has none: first the list, then the accounts."""
    form = TownshipForm(request.POST or request.GET or None, user=request.user)
    township = form.cleaned_data["township"] if form.is_valid() else None
    if request.method == "POST" and township:
        made = services.open_village_accounts(by=request.user, township=township)
        return show_passwords(request, made, f"{township}：已开通 {len(made)} 个村级账号")
    places = [township.code] if township else request.user.places_with(Right.ACCOUNT_MANAGE)
    villages = selectors.villages_without_cadre(*places)
    townships = [] if township else selectors.by_township(villages, "code")
    context = {"form": form, "township": township, "villages": villages, "townships": townships}
    return render(request, "villages/people/village_accounts.html", context, status=422 if form.errors else 200)


@require_POST
@require(Right.ACCOUNT_MANAGE, Right.POSTING_GRANT)
def account_reset(request: SignedInRequest, pk: int) -> HttpResponse:
    account = account_or_404(request, pk)
    try:
        password = services.reset_password(by=request.user, account=account)
    except ValidationError as refusal:
        return refused(request, pk, refusal)
    return show_passwords(request, [(account, password)], "密码已重置")


def refused(request: SignedInRequest, pk: int, refusal: ValidationError) -> HttpResponse:
    """Back to the account, with the reason in plain words."""
    for text in refusal.messages:
        messages.error(request, text)
    return redirect("account", pk=pk)


def done_or_refused(request: SignedInRequest, pk: int, verb: Callable[[], Any], said: str) -> HttpResponse:
    """Run a verb on the account ``pk`` and go back to it, with what was done or why it was not."""
    try:
        verb()
    except ValidationError as refusal:
        return refused(request, pk, refusal)
    messages.success(request, said)
    return redirect("account", pk=pk)


def first_errors(form: Any) -> ValidationError:
    return ValidationError([text for texts in form.errors.values() for text in texts])


@require_POST
@require(Right.ACCOUNT_MANAGE)
def account_lock(request: SignedInRequest, pk: int) -> HttpResponse:
    account = account_or_404(request, pk, Right.ACCOUNT_MANAGE)
    form = LockForm(request.POST)
    if not form.is_valid():
        return refused(request, pk, first_errors(form))
    until = timezone.make_aware(datetime.combine(form.cleaned_data["until"], time.max))
    return done_or_refused(
        request,
        pk,
        lambda: services.lock(by=request.user, account=account, until=until, reason=form.cleaned_data["reason"]),
        "账号已锁定，正在使用的会话会在下一次操作时退出。",
    )


@require_POST
@require(Right.ACCOUNT_MANAGE)
def account_unlock(request: SignedInRequest, pk: int) -> HttpResponse:
    account = account_or_404(request, pk, Right.ACCOUNT_MANAGE)
    return done_or_refused(
        request, pk, lambda: services.unlock(by=request.user, account=account), "账号已解锁，可以登录了。"
    )


@require_POST
@require(Right.ACCOUNT_MANAGE)
def account_close(request: SignedInRequest, pk: int) -> HttpResponse:
    account = account_or_404(request, pk, Right.ACCOUNT_MANAGE)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return refused(request, pk, first_errors(form))
    return done_or_refused(
        request,
        pk,
        lambda: services.close(by=request.user, account=account, reason=form.cleaned_data["reason"]),
        "账号已停用。它办理过的事项仍然保留，需要时可以恢复。",
    )


@require_POST
@require(Right.ACCOUNT_MANAGE)
def account_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    account = account_or_404(request, pk, Right.ACCOUNT_MANAGE)
    return done_or_refused(request, pk, lambda: services.reopen(by=request.user, account=account), "账号已恢复。")


@require_POST
@require(Right.POSTING_GRANT)
def posting_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Grant a posting to an account."""
    account = account_or_404(request, pk)
    form = PostingForm(request.POST, user=request.user)
    if form.is_valid():
        data = form.cleaned_data
        with refusals_into(form):
            postings.grant(by=request.user, account=account, **{**data, "role": Role(data["role"])})
            messages.success(request, f"已授予{account.name}“{Role(data['role']).label}（{data['place']}）”的任职。")
            return redirect("account", pk=pk)
    return show_account(request, account, status=422, posting_form=form)


@require_POST
@require(Right.POSTING_GRANT)
def posting_end(request: SignedInRequest, pk: int) -> HttpResponse:
    posting = scoped_or_404(Posting, request.user, pk, Right.POSTING_GRANT)
    form = EndForm(request.POST)
    if not form.is_valid():
        return refused(request, posting.user_id, first_errors(form))
    last_day = form.cleaned_data["last_day"]
    return done_or_refused(
        request,
        posting.user_id,
        lambda: postings.end(by=request.user, posting=posting, last_day=last_day),
        "任职的截止日期已登记。",
    )


@require_http_methods(["GET", "POST"])
@require(Right.POSTING_GRANT)
def village_postings(request: SignedInRequest) -> HttpResponse:
    """Post the accounts that were opened for a township's villages, all at once."""
    form = TownshipForm(request.POST or request.GET or None, user=request.user)
    township = form.cleaned_data["township"] if form.is_valid() else None
    if request.method == "POST" and township:
        count = postings.grant_villages(by=request.user, township=township)
        messages.success(request, f"{township}：已授予 {count} 个账号村干部任职。")
        return redirect("accounts")
    places = [township.code] if township else request.user.places_with(Right.POSTING_GRANT)
    waiting = selectors.village_accounts_unposted(request.user, *places)
    townships = [] if township else selectors.by_township(waiting, "place_id")
    context = {"form": form, "township": township, "waiting": waiting, "townships": townships}
    return render(request, "villages/people/village_postings.html", context, status=422 if form.errors else 200)
