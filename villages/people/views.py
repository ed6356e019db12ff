"""The page of an account, and accounts and postings for a township's villages at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from povreg.kit.pages.shown import ShownList
from povreg.kit.views import holds, refusals_into, require, scoped_or_404
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.people import lists, postings, selectors, services
from villages.people.edits import accounts, show_passwords
from villages.people.forms import PostingForm, TownshipForm
from villages.people.second_factor.services import factor_of
from villages.rights import Right, Role


def account_or_404(request: SignedInRequest, pk: int) -> User:
    """An account the person may see, with its postings of today."""
    account: User = scoped_or_404(accounts(), request.user, pk)
    return account


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
        "tone": lists.TONES[state],
        "postings": ShownList(lists.POSTINGS, request, selectors.postings_of(request.user, account)),
        "today": timezone.localdate(),
        "lock_until": timezone.localdate() + timedelta(days=30),
        "own": own,
        "may_manage": not own and holds(request.user, Right.ACCOUNT_MANAGE, account.place_id or ""),
        "may_grant": not own and request.user.can(Right.POSTING_GRANT),
        "may_reset": not own and holds(request.user, services.right_to_reset(account), account.place_id or ""),
        "has_factor": not own and request.user.can(Right.POSTING_GRANT) and factor_of(account) is not None,
        "posting_form": PostingForm(user=request.user, initial={"place": account.place_id}),
        **forms,
    }
    return render(request, "villages/people/account.html", context, status=status)


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
    context = {
        "form": form,
        "township": township,
        "villages": ShownList(lists.VILLAGES_WITHOUT_ACCOUNT, request, villages),
        "townships": ShownList(lists.TO_OPEN, request, [] if township else selectors.by_township(villages, "code")),
    }
    return render(request, "villages/people/village_accounts.html", context, status=422 if form.errors else 200)


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
    context = {
        "form": form,
        "township": township,
        "waiting": ShownList(lists.ACCOUNTS_UNPOSTED, request, waiting),
        "townships": ShownList(lists.TO_POST, request, [] if township else selectors.by_township(waiting, "place_id")),
    }
    return render(request, "villages/people/village_postings.html", context, status=422 if form.errors else 200)
