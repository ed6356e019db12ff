"""Signing in and changing one's password: wrong passwords are counted in villages.people.tries."""

from __future__ import annotations

import logging
from datetime import datetime

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from povreg.kit.history import act
from povreg.kit.prepared import Ready
from povreg.kit.redis_gone import is_gone
from villages.models import User
from villages.people.attempts import Outcome, note_attempt
from villages.people.second_factor.services import check, factor_of
from villages.people.tries import Tries, moment, wait_words

CHANGE_AFTER_DAYS = 90
REMIND_DAYS_BEFORE = 7
ACCOUNT = Ready(lambda pk: User.objects.filter(pk=pk).order_by(), int)
UNCOUNTED = "系统暂时不能核对密码，请过几分钟再试；一直不行时，请联系系统管理员。"
audit = logging.getLogger("povreg.audit")
log = logging.getLogger(__name__)


class Accounts(ModelBackend):
    """Session backend: accounts that were closed, or locked by an administrator, are out at their next request."""

    def get_user(self, user_id: int) -> User | None:
        """Every request of a session asks for its account."""
        account = ACCOUNT.first(user_id)
        return account if account and self.user_can_authenticate(account) else None

    def user_can_authenticate(self, user: User) -> bool:  # type: ignore[override]
        return user.is_active and not user.is_locked


def sign_in(username: str, password: str, address: str = "") -> User:
    """The account these belong to; ``address`` is where the request came from (povreg.kit.throttle.address_of).

    Raises ValidationError in plain words: how many tries are left, or when one may try again. A name that nobody has is
    answered, counted and delayed like one that exists, in the same time.
    """
    name = username.strip()
    tries = Tries(name, address)
    with act(by=None, verb="sign_in"):
        account = User.objects.filter(username=name).first()
        refusal = _refusal(tries, account, password)
    awaited = not refusal and account is not None and factor_of(account) is not None
    outcome = Outcome.REFUSED if refusal else Outcome.AWAITED if awaited else Outcome.LET_IN
    note_attempt(account, username, outcome)
    audit.info("sign_in user=%s outcome=%s", account.pk if account else "-", "refused" if refusal else "ok")
    if refusal:
        raise ValidationError(refusal, code="sign_in")
    assert account is not None
    return account


def confirm_code(*, account: User, code: str, address: str) -> None:
    """The second step for an account with a second factor. Raises ValidationError for a code that does not open."""
    try:
        check(account=account, code=code, address=address)
    except ValidationError:
        note_attempt(account, account.username, Outcome.REFUSED)
        raise
    note_attempt(account, account.username, Outcome.LET_IN)


def _refusal(tries: Tries, account: User | None, password: str) -> str:
    """Why nobody is let in; empty for the right password of an account that may. While tries cannot be counted nobody
    is: passwords could be guessed without end."""
    try:
        return _counted_refusal(tries, account, password)
    except Exception as fault:
        if not is_gone(fault):
            raise
        log.exception("sign-in: tries cannot be counted")
        return UNCOUNTED


def _counted_refusal(tries: Tries, account: User | None, password: str) -> str:
    if seconds := tries.wait():
        return wait_words(seconds)
    left = tries.count()
    if seconds := tries.wait():  # the fifth of many at once closed it meanwhile
        return wait_words(seconds)
    if left < 0 or not _right(account, password):
        seconds = tries.failed(left)
        return wait_words(seconds) if seconds else f"用户名或密码不正确，请核对后重新输入；还可以再试 {left} 次。"
    assert account is not None
    tries.succeeded()
    if account.is_locked:
        return locked_words(account.locked_until)
    return "" if account.is_active else "这个账号已经停用。如需恢复，请联系本单位的账号管理员。"


def _right(account: User | None, password: str) -> bool:
    """As slow for a name nobody has."""
    if account is None:
        make_password(password)
        return False
    return check_password(password, account.password)


def locked_words(until: datetime | None) -> str:
    assert until is not None
    return f"账号已由管理员锁定，{moment(until)} 以后可以再登录；着急时请联系本单位的账号管理员解锁。"


def _refuse_wrong_old(by: User, account: User, old: str) -> None:
    """Raise ValidationError; guesses at the old password of an open session count like those of the login page."""
    tries = Tries(f"change-password:{by.pk}", "")
    seconds = tries.wait()
    left = tries.count() if not seconds else 0
    if not seconds and left >= 0 and check_password(old, account.password):
        tries.succeeded()
        return
    seconds = seconds or tries.failed(left)
    words = wait_words(seconds) if seconds else f"原密码不正确，请重新输入；还可以再试 {left} 次。"
    raise ValidationError({"old_password": words})


def change_password(*, by: User, old: str, new: str) -> User:
    """Set one's own password.

    Raises ValidationError for a wrong old password, one that breaks the rules, or the same once more.
    """
    with act(by=by, verb="change_password"):
        account = User.objects.select_for_update().get(pk=by.pk)
        _refuse_wrong_old(by, account, old)
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
