"""What is deleted every night: files nobody needs any more, ended tokens and sessions. Evidence is never touched.

How long things are kept is set by KEEP_RESULTS_DAYS, KEEP_UPLOADS_DAYS, KEEP_IMPORTED_DAYS and KEEP_TOKENS_DAYS
(docs/architecture.md); 0 keeps them for ever.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from households.sheets.cleanup import forget_uploads
from povreg.jobs.services import forget_results
from villages.people.attempts import forget_attempts
from villages.people.once import forget_sent
from villages.people.tokens import forget_tokens

log = logging.getLogger(__name__)


def clean_up() -> dict[str, int]:
    """One night's work; returns how many of each were deleted. Safe to run twice, and after nights left out."""
    gone = {"results": 0, "uploads": 0, "tokens": 0, "requests": forget_sent(), "sign_ins": 0}
    if results := _before(settings.KEEP_RESULTS_DAYS):
        gone["results"] = forget_results(results)
    if unused := _before(settings.KEEP_UPLOADS_DAYS):
        gone["uploads"] = forget_uploads(unused=unused, imported=_before(settings.KEEP_IMPORTED_DAYS))
    if tokens := _before(settings.KEEP_TOKENS_DAYS):
        gone["tokens"] = forget_tokens(ended_before=tokens)
    if attempts := _before(settings.KEEP_SIGN_INS_DAYS):
        gone["sign_ins"] = forget_attempts(before=attempts)
    call_command("clearsessions")
    log.info("clean-up: %s", " ".join(f"{name}={count}" for name, count in gone.items()))
    return gone


def _before(days: int) -> datetime | None:
    return timezone.now() - timedelta(days=days) if days else None
