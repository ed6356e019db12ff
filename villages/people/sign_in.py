"""Signing in and changing one's password: five wrong passwords lock for half an hour (policy.md 11.11)."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone

from povreg.kit.history import act
from povreg.kit.prepared import Ready
from villages.models import User
from villages.people.attempts import note_attempt

MAX_FAILURES = 5
LOCK_FOR = timedelta(minutes=30)
CHANGE_AFTER_DAYS = 90
REMIND_DAYS_BEFORE = 7
ACCOUNT = Ready(lambda pk: User.objects.filter(pk=pk).order_by(), int)
audit = logging.getLogger("povreg.audit")


class Accounts(ModelBackend):
    """Session backend: accounts that were closed, or locked by an administrator, are out at their next request."""

    def get_user(self, user_id: int) -> User | None:
        """Every request of a session asks for its account."""
        account = ACCOUNT.first(user_id)
        return account if account and self.user_can_authenticate(account) else None

    def user_can_authenticate(self, user: User) -> bool:  # type: ignore[override]
        return user.is_active and not user.is_shut_out


def sign_in(username: str, password: str) -> User:
    """The account these belong to.

    Raises ValidationError in plain words: how many tries are left, or until when the account is locked. A name that
    does not exist is answered, counted and locked like one that does. The row is locked while the password is checked,
    so a hundred guesses at once are still only five.
    """
    with act(by=None, verb="sign_in"):
        account = User.objects.select_for_update().filter(username=username.strip()).first()
        refusal = _refusal_of(account, password) if account else _refusal_of_nobody(username, password)
    note_attempt(account, username, refused=bool(refusal))
    audit.info("sign_in user=%s outcome=%s", account.pk if account else "-", "refused" if refusal else "ok")
    if refusal:
        raise ValidationError(refusal, code="sign_in")
    assert account is not None
    return account


def _refusal_of(account: User, password: str) -> str:
    """Why the account is not let in; empty if it is. Counts the failure or clears the count."""
    if account.is_locked:
        return locked_words(account.locked_until)
    if not check_password(password, account.password):
        return _count_failure(account)
    if not account.is_active:
        return "这个账号已经停用。如需恢复，请联系本单位的账号管理员。"
    if account.failed_logins or account.locked_until:
        account.failed_logins, account.locked_until = 0, None
        account.save(update_fields=["failed_logins", "locked_until"])
    return ""


def _count_failure(account: User) -> str:
    served = account.locked_until is not None  # an earlier lock has run out: counting starts anew
    account.failed_logins = 1 if served else account.failed_logins + 1
    account.locked_until = timezone.now() + LOCK_FOR if account.failed_logins >= MAX_FAILURES else None
    account.save(update_fields=["failed_logins", "locked_until"])
    return failure_words(account.failed_logins, account.locked_until)


def _refusal_of_nobody(username: str, password: str) -> str:
    """The same answers, in the same time, for a name nobody has."""
    key = f"sign-in:{hashlib.sha256(username.strip().encode()).hexdigest()}"
    locked_until = cache.get(f"{key}:until")
    if locked_until:
        return locked_words(locked_until)
    make_password(password)
    cache.add(key, 0, LOCK_FOR.total_seconds())
    failures = cache.incr(key)
    if failures < MAX_FAILURES:
        return failure_words(failures, None)
    until = timezone.now() + LOCK_FOR
    cache.delete(key)
    cache.set(f"{key}:until", until, LOCK_FOR.total_seconds())
    return failure_words(failures, until)


def failure_words(failures: int, locked_until: datetime | None) -> str:
    if locked_until:
        return f"连续 {MAX_FAILURES} 次输入错误。{locked_words(locked_until)}"
    return f"用户名或密码不正确，请核对后重新输入；还可以再试 {MAX_FAILURES - failures} 次。"


def locked_words(until: datetime | None) -> str:
    assert until is not None
    local, today = timezone.localtime(until), timezone.localdate()
    # Rounded up: at the minute named the account is open again.
    local += timedelta(seconds=-local.second % 60)
    when = f"{local:%H:%M}" if local.date() == today else f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"账号已锁定，{when} 以后可以再登录；着急时请联系本单位的账号管理员解锁。"


def change_password(*, by: User, old: str, new: str) -> User:
    """Set one's own password.

    Raises ValidationError for a wrong old password, one that breaks the rules, or the same once more.
    """
    with act(by=by, verb="change_password"):
        account = User.objects.select_for_update().get(pk=by.pk)
        if not check_password(old, account.password):
            raise ValidationError({"old_password": "原密码不正确，请重新输入。"})
        if old == new:
            raise ValidationError({"new_password1": "新密码不能与原密码相同，请换一个。"})
        try:
            validate_password(new, account)
        except ValidationError as fault:
            raise ValidationError({"new_password1": fault.messages}) from fault
        account.set_password(new)
        account.must_change_password = False
        account.password_changed_at = timezone.now()
        account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    return account


def password_days_left(account: User) -> int | None:
    """Days until the password should be changed, below zero when overdue; None while it is not yet time to say so."""
    if account.password_changed_at is None:
        return None
    left = CHANGE_AFTER_DAYS - (timezone.now() - account.password_changed_at).days
    return left if left <= REMIND_DAYS_BEFORE else None
