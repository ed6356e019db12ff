"""What the pages of the second factor show: the state, the picture to scan, who signed in lately."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import segno
from django.db.models import QuerySet

from villages.models import RecoveryCode, SecondFactor, SignInAttempt, User
from villages.people.second_factor import services

ISSUER = "povreg"
SHOWN = 20  # attempts


def security_context(user: User) -> dict[str, Any]:
    """State of one's own factor and the last attempts at one's account."""
    factor = SecondFactor.objects.filter(user=user).first()
    waiting = factor if factor and not factor.confirmed_at else None
    return {
        "factor": factor if factor and factor.confirmed_at else None,
        "demanded": services.is_demanded_of(user),
        "codes_left": RecoveryCode.objects.filter(user=user, used_at=None).count(),
        "picture": picture(user, waiting) if waiting else "",
        "secret": " ".join(waiting.secret[at : at + 4] for at in range(0, len(waiting.secret), 4)) if waiting else "",
        "attempts": attempts_at(user),
    }


def attempts_at(user: User) -> QuerySet[SignInAttempt]:
    """The last tries at the person's own account, newest first."""
    return SignInAttempt.objects.filter(user=user).order_by("-at", "-pk")[:SHOWN]


def picture(user: User, factor: SecondFactor) -> str:
    """The QR code that an authenticator scans, as SVG."""
    words = urlencode({"secret": factor.secret, "issuer": ISSUER, "digits": 6, "period": services.STEP})
    address = f"otpauth://totp/{quote(f'{ISSUER}:{user.username}')}?{words}"
    return segno.make(address, error="m").svg_inline(scale=4, border=2)
