"""How often one address may ask a page that needs no login, counted in Redis in fixed stretches of time.

While Redis does not answer nothing can be counted: public notices are read and objected to all the same.

The address is kept as a keyed digest and only as long as the stretch lasts: it is personal data too (policy.md 11.8).
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from povreg.kit.redis_gone import is_gone

log = logging.getLogger(__name__)
DAY = 24 * 3600  # seconds


@dataclass(frozen=True)
class Limit:
    """At most ``most`` requests of one address in ``seconds``. ``name`` keeps different limits apart."""

    name: str
    most: int
    seconds: int


def address_of(request: HttpRequest) -> str:
    """Whoever asks: what the outermost of ``TRUSTED_PROXIES`` proxies noted, else the other end of the connection.

    Each proxy adds, on the right, the address it was asked from; what stands farther left the client wrote himself.
    """
    near = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES < 1:
        return near
    noted = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
    return valid(noted[-min(settings.TRUSTED_PROXIES, len(noted))]) or near


def valid(text: str) -> str:
    """The address, in one spelling; empty for anything else."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def wait(limit: Limit, request: HttpRequest, uncounted: int = 0) -> int:
    """Count this request; 0 when it may go on, else the seconds until the address may ask again. ``uncounted`` are the
    seconds to wait while nothing can be counted: 0 lets everybody in."""
    now = time.time()
    stretch = int(now // limit.seconds)
    digest = salted_hmac("povreg.throttle", address_of(request), algorithm="sha256").hexdigest()[:32]
    try:
        count = counted(f"throttle:{limit.name}:{stretch}:{digest}", limit.seconds)
    except Exception as fault:
        if not is_gone(fault):
            raise
        log.warning("limit %s is not counted: %s", limit.name, type(fault).__name__)
        return uncounted
    return 0 if count <= limit.most else max(int((stretch + 1) * limit.seconds - now), 1)


def counted(key: str, seconds: int) -> int:
    """One more under the key, which lives so long from its first."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # the stretch ended between the two
        cache.set(key, 1, seconds)
        return 1


def asked_today(name: str, whom: str) -> int:
    """How often ``whom`` asked since midnight, this time included; 0 while nothing can be counted."""
    digest = salted_hmac("povreg.throttle", whom, algorithm="sha256").hexdigest()[:32]
    try:
        return counted(f"throttle:{name}:{timezone.localdate():%Y%m%d}:{digest}", DAY)
    except Exception as fault:
        if not is_gone(fault):
            raise
        log.warning("limit %s is not counted: %s", name, type(fault).__name__)
        return 0
