"""Verbs on tokens of the API: get one with one's password, give it back (policy.md 11.11).

A token is 256 random bits, kept as a SHA-256 only, and ends after twelve hours, when it is revoked, when the password
changes, and when the account is closed or locked by an administrator.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone

from povreg.kit.history import act
from villages.models import ApiToken, User
from villages.people.second_factor.services import factor_of, is_demanded_of
from villages.people.sign_in import confirm_code, sign_in

LIVES = timedelta(hours=12)
KEPT = timedelta(days=90)
TOKEN_BYTES = 32
PASSWORD_FIRST = "password_change_required"  # noqa: S105  an error code
CODE_WANTED, FACTOR_FIRST = "second_factor", "second_factor_required"
audit = logging.getLogger("povreg.audit")


def issue_token(*, username: str, password: str, code: str = "", address: str = "") -> tuple[str, ApiToken]:
    """A new token for who gives the right password, and its row. Nobody can read the token again.

    Raises ValidationError as :func:`sign_in` does (tries left, lock), and with the code ``password_change_required``
    while the password is an initial one, ``second_factor`` where the account has one and the code is missing or wrong,
    ``second_factor_required`` where its role demands one that is not set up.
    """
    account = sign_in(username, password, address)
    if account.must_change_password:
        raise ValidationError("请先在网页上修改初始密码，再领取令牌。", code=PASSWORD_FIRST)
    if factor_of(account):
        if not code:
            raise ValidationError("这个账号启用了二次验证，请在 code 中填写手机验证器上的 6 位数字。", code=CODE_WANTED)
        confirm_code(account=account, code=code, address=address)
    elif is_demanded_of(account):
        raise ValidationError("您的岗位须先在网页“登录安全”中设置二次验证，再领取令牌。", code=FACTOR_FIRST)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with act(by=account, verb="issue_token"):
        row = ApiToken.objects.create(user=account, digest=digest_of(token), expires_at=timezone.now() + LIVES)
    audit.info("issue_token user=%s token=%s", account.pk, row.pk)
    return token, row


def revoke_token(*, by: User, token: ApiToken) -> ApiToken:
    """End one's own token at once; a second time changes nothing."""
    with act(by=by, verb="revoke_token"):
        ApiToken.objects.filter(pk=token.pk, user=by, revoked_at__isnull=True).update(revoked_at=timezone.now())
    audit.info("revoke_token user=%s token=%s", by.pk, token.pk)
    token.refresh_from_db()
    return token


def forget_tokens(*, ended_before: datetime | None = None) -> int:
    """Delete tokens that ended before a time (by default :data:`KEPT` ago), for the clean-up job; returns how many.
    Until then the log of the API can be read against them; a token that ended opens nothing either way."""
    limit = ended_before or timezone.now() - KEPT
    rows = ApiToken.objects.filter(Q(expires_at__lt=limit) | Q(revoked_at__lt=limit))
    count, _ = rows.delete()
    audit.info("forget_tokens count=%s", count)
    return count


def bearer(token: str) -> ApiToken | None:
    """The living token, with its account; None when it is unknown or has ended. One query."""
    now = timezone.now()
    unchanged = Q(user__password_changed_at__isnull=True) | Q(user__password_changed_at__lte=F("created_at"))
    row = (
        ApiToken.objects.filter(
            unchanged, digest=digest_of(token), expires_at__gt=now, revoked_at__isnull=True, user__is_active=True
        )
        .select_related("user")
        .first()
    )
    return None if row is None or row.user.is_locked else row


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
