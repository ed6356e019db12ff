"""Verbs on the second factor: set up, confirm, use, take away (policy.md 11.11).

Six digits of an authenticator (RFC 6238, 30 seconds, one step of clock error either way), or one of ten recovery codes,
each of which opens once. Only a security administrator may take away somebody else's: who resets a password cannot sign
in with it alone.
"""

from __future__ import annotations

import base64
import re
import secrets
import time

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django_otp.oath import TOTP

from povreg.kit.crypto import lookup_hash, token_hash
from povreg.kit.history import act
from villages.models import RecoveryCode, SecondFactor, User
from villages.people.services import inside, postings_to_come
from villages.people.tries import Tries, wait_words
from villages.rights import Right, Role

STEP, DRIFT = 30, 1  # seconds of a code; codes before and after that also open
SECRET_BYTES, RECOVERY_CODES = 20, 10
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # of recovery codes: nothing that looks alike
DEMANDED_OF = frozenset(
    {
        Role.COUNTY_OFFICER, Role.COUNTY_LEADER, Role.DEPARTMENT_OFFICER, Role.AUDITOR, Role.INSPECTOR,
        Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN, Role.LOG_OFFICER,
    }
)  # fmt: skip
"""Who sees a whole county, or looks after accounts."""


def is_demanded_of(user: User) -> bool:
    """Whether a role the person holds today asks for a second factor here."""
    return settings.SECOND_FACTOR and any(role in DEMANDED_OF for role, _ in user.postings_today())


def factor_of(account: User) -> SecondFactor | None:
    """The second factor that holds."""
    return SecondFactor.objects.filter(user=account, confirmed_at__isnull=False).first()


def begin(*, by: User) -> SecondFactor:
    """A new secret to be confirmed; one that holds already stays. Raises ValidationError then."""
    with act(by=by, verb="begin_second_factor"):
        factor, _ = SecondFactor.objects.select_for_update().get_or_create(user=by)
        if factor.confirmed_at:
            raise ValidationError("二次验证已经启用。要换手机，请先用现在的验证码停用，再重新设置。")
        factor.secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
        factor.save()
    return factor


def confirm(*, by: User, code: str) -> list[str]:
    """The first right code makes the factor hold; returns the recovery codes, which nobody can read again."""
    with act(by=by, verb="confirm_second_factor"):
        factor = SecondFactor.objects.select_for_update().filter(user=by, confirmed_at=None).first()
        if factor is None:
            raise ValidationError("没有等待确认的二次验证，请重新开始设置。")
        if not _fits(factor, code):
            raise ValidationError({"code": "验证码不正确。请看手机上最新的 6 位数字，并核对手机时间是否准确。"})
        factor.confirmed_at = timezone.now()
        factor.save()
        return _new_codes(by)


def renew_codes(*, by: User, code: str, address: str) -> list[str]:
    """Ten new recovery codes; the old ones open no more. Raises ValidationError as :func:`check`."""
    check(account=by, code=code, address=address)
    with act(by=by, verb="renew_recovery_codes"):
        return _new_codes(by)


def remove(*, by: User, code: str, address: str) -> None:
    """Go without a second factor. Raises ValidationError as :func:`check`, and where one's role demands it."""
    if is_demanded_of(by):
        raise ValidationError("您的岗位必须使用二次验证，不能停用。换手机请联系安全管理员先取消，再重新设置。")
    check(account=by, code=code, address=address)
    with act(by=by, verb="remove_second_factor"):
        _clear(by)


def reset(*, by: User, account: User) -> User:
    """Take away the factor of somebody who lost it; a role that demands one asks for a new one at the next sign-in.

    Raises PermissionDenied but for a security administrator of its place and of all its postings, ValidationError for
    one's own.
    """
    if by.pk == account.pk:
        raise ValidationError("不能取消自己的二次验证，请找另一位安全管理员。")
    codes = postings_to_come(account).values_list("place_id", flat=True)
    if not inside(by.places_with(Right.POSTING_GRANT), [account.place_id or "", *codes]):
        raise PermissionDenied
    with act(by=by, verb="reset_second_factor"):
        _clear(account)
    return account


def check(*, account: User, code: str, address: str) -> None:
    """Raise ValidationError (field ``code``) unless the code opens; wrong ones count and delay like passwords."""
    tries = Tries(f"second-factor:{account.pk}", address)
    seconds = tries.wait()
    left = tries.count() if not seconds else 0
    if not seconds and left >= 0 and _opens(account, code):
        tries.succeeded()
        return
    seconds = seconds or tries.failed(left)
    words = wait_words(seconds) if seconds else f"验证码不正确，请看手机上最新的 6 位数字；还可以再试 {left} 次。"
    raise ValidationError({"code": words}, code="second_factor")


def _opens(account: User, code: str) -> bool:
    """Whether it is the authenticator's code or an unused recovery code; it is used up."""
    with act(by=account, verb="use_second_factor"):
        factor = SecondFactor.objects.select_for_update().filter(user=account, confirmed_at__isnull=False).first()
        if factor is None:
            return False
        if _fits(factor, code):
            factor.save(update_fields=["last_step"])
            return True
        unused = RecoveryCode.objects.filter(user=account, digest__in=_digests(account, code), used_at=None)
        return unused.update(used_at=timezone.now()) == 1


def _fits(factor: SecondFactor, code: str) -> bool:
    """Whether the authenticator shows this now; remembers the step, so that it does not fit again."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return False
    clock = TOTP(base64.b32decode(factor.secret), STEP)
    clock.time = time.time()
    if not clock.verify(int(digits), tolerance=DRIFT, min_t=factor.last_step + 1):
        return False
    factor.last_step = clock.t()
    return True


def _new_codes(account: User) -> list[str]:
    made = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=account).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=account, digest=_digests(account, code)[0]) for code in made)
    return [f"{code[:5]}-{code[5:]}" for code in made]


def _digests(account: User, code: str) -> list[str]:
    """As a code is kept, and as it was before codes hung on SECRET_KEY."""
    plain = re.sub(r"[\s-]", "", code).upper()
    return [token_hash("recovery", f"{account.pk}:{plain}"), lookup_hash(f"recovery:{account.pk}:{plain}")]


def _clear(account: User) -> None:
    RecoveryCode.objects.filter(user=account).delete()
    SecondFactor.objects.filter(user=account).delete()
