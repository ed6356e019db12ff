"""The edit pages of accounts, and what the buttons on an account's page do."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from povreg.kit.pages.edit import Edit, home, posted
from villages.models import Posting, User
from villages.people import postings, selectors, services
from villages.people.forms import AccountForm, EndForm, LockForm, ReasonForm
from villages.people.second_factor import services as second_factor
from villages.rights import Right

Opened = tuple[User, str]


def accounts() -> QuerySet[User]:
    """Accounts with their postings of today."""
    return User.objects.select_related("place", "unit").prefetch_related(selectors.current_postings())


def show_passwords(request: HttpRequest, made: list[Opened], heading: str) -> HttpResponse:
    """Initial passwords, once: they are kept nowhere, so the page is the answer itself and is not cached."""
    return render(request, "villages/people/passwords.html", {"made": made, "heading": heading})


def account_form(request: HttpRequest, account: User | None) -> AccountForm:
    return AccountForm(posted(request), user=request.user, account=account)


def open_account(by: User, account: None, form: AccountForm) -> Opened:
    return services.open_account(by=by, **form.cleaned_data)


def edit_account(by: User, account: User, form: AccountForm) -> User:
    return services.edit_account(by=by, account=account, **form.cleaned_data)


def to_account(request: HttpRequest, account: User) -> str:
    return reverse("account", args=[account.pk])


NEW_ACCOUNT = Edit(
    code="account",
    title=lambda account: "开户",
    subtitle=lambda account: "初始密码由系统生成，只显示一次",
    right=Right.ACCOUNT_MANAGE,
    form=account_form,
    save=open_account,
    done=lambda made: "",
    after=lambda request, made: show_passwords(request, [made], "账号已开通"),
    crumbs=home("账号", "accounts"),
    label="开户",
    state="开户后由安全管理员授予任职，才能办理业务。",
    draft=True,
)
ACCOUNT = Edit(
    code="account",
    title=lambda account: "修改账号资料",
    subtitle=lambda account: account.username,
    right=Right.ACCOUNT_MANAGE,
    rows=accounts,
    place="place_id",
    form=account_form,
    save=edit_account,
    done=lambda account: "账号资料已保存。",
    after=to_account,
    crumbs=home("账号", "accounts"),
    draft=True,
)


# What the buttons on an account's page send.


def nothing_asked(request: HttpRequest, row: Any) -> forms.Form:
    return forms.Form(posted(request))


def reset(by: User, account: User, form: forms.Form) -> Opened:
    return account, services.reset_password(by=by, account=account)


def after_reset(request: HttpRequest, done: Opened | User) -> str | HttpResponse:
    """The new password, or back to the account when it was refused."""
    return show_passwords(request, [done], "密码已重置") if isinstance(done, tuple) else to_account(request, done)


def lock(by: User, account: User, form: LockForm) -> User:
    until = timezone.make_aware(datetime.combine(form.cleaned_data["until"], time.max))
    return services.lock(by=by, account=account, until=until, reason=form.cleaned_data["reason"])


def unlock(by: User, account: User, form: forms.Form) -> User:
    return services.unlock(by=by, account=account)


def close(by: User, account: User, form: ReasonForm) -> User:
    return services.close(by=by, account=account, reason=form.cleaned_data["reason"])


def reopen(by: User, account: User, form: forms.Form) -> User:
    return services.reopen(by=by, account=account)


def reset_factor(by: User, account: User, form: forms.Form) -> User:
    return second_factor.reset(by=by, account=account)


def end_posting(by: User, posting: Posting, form: EndForm) -> Posting:
    postings.end(by=by, posting=posting, last_day=form.cleaned_data["last_day"])
    return posting


def deed(code: str, form: Any, save: Any, done: str) -> Edit:
    """Something done to an account from its page."""
    return Edit(
        code=code,
        title=str,
        right=Right.ACCOUNT_MANAGE,
        rows=accounts,
        place="place_id",
        form=form,
        save=save,
        done=lambda account: done,
        after=to_account,
    )


LOCK = deed("account-lock", lambda request, account: LockForm(request.POST), lock,
            "账号已锁定，正在使用的会话会在下一次操作时退出。")  # fmt: skip
UNLOCK = deed("account-unlock", nothing_asked, unlock, "账号已解锁，可以登录了。")
CLOSE = deed("account-close", lambda request, account: ReasonForm(request.POST), close,
             "账号已停用。它办理过的事项仍然保留，需要时可以恢复。")  # fmt: skip
REOPEN = deed("account-reopen", nothing_asked, reopen, "账号已恢复。")
RESET = Edit(
    code="account-reset",
    title=str,
    rights=(Right.ACCOUNT_MANAGE, Right.POSTING_GRANT),
    rows=accounts,
    form=nothing_asked,
    save=reset,
    done=lambda made: "",
    after=after_reset,
)
RESET_FACTOR = Edit(
    code="account-factor",
    title=str,
    right=Right.POSTING_GRANT,
    rows=accounts,
    form=nothing_asked,
    save=reset_factor,
    done=lambda account: "二次验证已取消。本人下次登录时重新设置。",
    after=to_account,
)
END_POSTING = Edit(
    code="posting-end",
    title=str,
    right=Right.POSTING_GRANT,
    rows=Posting.objects.all,
    form=lambda request, posting: EndForm(request.POST),
    save=end_posting,
    done=lambda posting: "任职的截止日期已登记。",
    after=lambda request, posting: reverse("account", args=[posting.user_id]),
)
