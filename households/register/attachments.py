"""Photos and scans of a household: checked by content, images written anew without place and device data."""

from typing import Any

from django.core.files.base import File

from households.models import Attachment, Household

LARGEST = 10 * 1024 * 1024
"""Bytes."""


def add_attachment(
    *, by: Any, household: Household, year: int | None, kind: str, file: File, title: str = ""
) -> Attachment:
    """Keep a JPEG, PNG, WebP or PDF of at most 10 MB; ``kind`` is a code of ``attachment_kind``.

    The type is read from the content, not the name. Images are re-encoded, which drops EXIF with place and device.
    Raises ValidationError beside ``file`` or ``kind``, PermissionDenied.
    """
    raise NotImplementedError


def remove_attachment(*, by: Any, attachment: Attachment, reason: str) -> Attachment:
    """Take a file off the household's page; the file and its row stay for the history. Raises ValidationError without a
    reason, PermissionDenied."""
    raise NotImplementedError
