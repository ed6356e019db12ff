"""Telling another system: one POST with JSON, no personal data, no waiting."""

import json
import logging
import urllib.error
import urllib.request
from typing import Any

PATIENCE = 5  # seconds
logger = logging.getLogger(__name__)


def post(url: str, payload: dict[str, Any]) -> bool:
    """Send ``payload`` to ``url`` (http or https). False, and a line in the log, when nobody took it."""
    if not url.startswith(("http://", "https://")):
        raise ValueError("a webhook address starts with http:// or https://")
    body = json.dumps(payload, ensure_ascii=False).encode()
    kind = {"Content-Type": "application/json; charset=utf-8"}
    request = urllib.request.Request(url, body, kind)  # noqa: S310 - the scheme was looked at
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310
            return True
    except (urllib.error.URLError, TimeoutError) as fault:
        logger.warning("webhook was not taken: %s", type(fault).__name__)
        return False
