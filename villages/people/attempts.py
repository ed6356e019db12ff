"""The record of who tried to sign in (villages.models.attempt)."""

from __future__ import annotations

from datetime import datetime

from povreg.kit.crypto import token_hash
from povreg.kit.logs import request_id
from povreg.kit.trail import address
from villages.models import SignInAttempt, User

Outcome = SignInAttempt.Outcome


def note_attempt(account: User | None, tried: str, outcome: str) -> None:
    """Keep one try, whatever becomes of the request around it."""
    SignInAttempt.objects.create(
        user=account,
        tried_hash=hash_of(tried),
        address=address.get()[:45],
        outcome=outcome,
        request=request_id.get()[:32],
    )


def hash_of(tried: str) -> str:
    """What a tried name is found by."""
    return token_hash("sign-in", tried.strip())


def forget_attempts(*, before: datetime) -> int:
    """Delete the tries made before a time; returns how many."""
    count, _ = SignInAttempt.objects.filter(at__lt=before).delete()
    return count
