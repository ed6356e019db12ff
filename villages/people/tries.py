"""How often a password may be tried: by account and address together, so that nobody can lock somebody else out.

Counted in Redis under keyed digests, alike for names that exist and names that do not. Five wrong passwords of one
address close the account to that address for half an hour (policy.md 11.11), twice as long each further time. Many
addresses together only slow an account down, seconds that grow to a minute, and never for an address from which its
owner came in before. One address that fails at many names waits, too.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

MOST = 5
FIRST_WAIT, LONGEST_WAIT = 30 * 60, 24 * 3600  # seconds
REMEMBERED = 24 * 3600  # seconds that failures count
KNOWN_FOR = 90 * 24 * 3600  # seconds that an owner's address is known
SLOW_AFTER, SLOWEST = 20, 60  # failures of all addresses; seconds between two tries
SPRAYED, SPRAY_TIME = 30, 600  # failures of one address at whatever names, and seconds


@dataclass(frozen=True)
class Tries:
    """The tries at one name (or, for the page to change a password, one account) from one address."""

    name: str
    address: str

    def key(self, kind: str, *parts: str) -> str:
        text = "\n".join((kind, *parts))
        return f"tries:{kind}:{salted_hmac('povreg.tries', text, algorithm='sha256').hexdigest()[:32]}"

    @property
    def pair(self) -> str:
        return self.key("pair", self.name, self.address, str(cache.get(self.key("epoch", self.name), 0)))

    def wait(self) -> int:
        """Seconds until the next try; 0: now. Asked before a password is looked at, right or wrong."""
        now = time.time()
        until = cache.get_many([f"{self.pair}:until", self.key("spray-until", self.address)])
        ends = max(until.values(), default=0)
        if not cache.get(self.key("known", self.name, self.address)):
            ends = max(ends, cache.get(self.key("slow-until", self.name), 0))
        return max(int(ends - now + 0.999), 0)

    def count(self) -> int:
        """Count a try before its password is checked, so that a hundred at once are no more than five; how many are
        left after this one, below zero when it is one too many."""
        return MOST - added(self.pair, REMEMBERED)

    def failed(self, left: int) -> int:
        """What a wrong password costs; seconds until the next try."""
        now = time.time()
        if left == 0:
            rounds = added(f"{self.pair}:rounds", REMEMBERED) - 1
            seconds = min(FIRST_WAIT * 2**rounds, LONGEST_WAIT)
            cache.set(f"{self.pair}:until", now + seconds, seconds)
            cache.delete(self.pair)
        if added(self.key("spray", self.address), SPRAY_TIME) >= SPRAYED:
            cache.set(self.key("spray-until", self.address), now + SPRAY_TIME, SPRAY_TIME)
        over = added(self.key("all", self.name), REMEMBERED) - SLOW_AFTER
        if over >= 0:
            slow = min(2 ** min(over, 10), SLOWEST)
            cache.set(self.key("slow-until", self.name), now + slow, slow)
        return self.wait() or int(left < 0)

    def succeeded(self) -> None:
        cache.delete_many([self.pair, f"{self.pair}:rounds", self.key("all", self.name)])
        cache.set(self.key("known", self.name, self.address), 1, KNOWN_FOR)

    def forgive(self) -> None:
        """Whatever was tried from anywhere no longer counts: an administrator looked at it."""
        added(self.key("epoch", self.name), 10 * REMEMBERED)
        cache.delete_many([self.key("all", self.name), self.key("slow-until", self.name)])


def added(key: str, seconds: int) -> int:
    """One more under the key, which lives so long from its first."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ended between the two
        cache.set(key, 1, seconds)
        return 1


def wait_words(seconds: int) -> str:
    """Of one's own address only: the account itself is open to its owner elsewhere."""
    again = "；着急时请联系本单位的账号管理员重置密码。"
    if seconds < 120:
        return f"尝试过于频繁，请 {seconds} 秒后再试{again}"
    return (
        f"从您的网络连续 {MOST} 次输入错误，{moment(timezone.now() + timedelta(seconds=seconds))} 以后可以再试{again}"
    )


def moment(until: datetime) -> str:
    """Rounded up: at the minute named one may try."""
    local, today = timezone.localtime(until), timezone.localdate()
    local += timedelta(seconds=-local.second % 60)
    return f"{local:%H:%M}" if local.date() == today else f"{local.month}月{local.day}日 {local:%H:%M}"
