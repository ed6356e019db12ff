"""Keeping a file with a step of a list."""

import hashlib
from pathlib import PurePath

from django.core.files.base import ContentFile, File

from households.models import Batch, BatchEntry, Paper, TemplateStep
from households.register.attachments import SUFFIXES, checked
from villages.models import User


def keep_paper(
    by: User | None, batch: Batch, step: TemplateStep, kind: str, file: File, entry: BatchEntry | None = None
) -> Paper:
    """Keep a file with a step of a locked list; for verbs that have asked who may. Raises ValidationError."""
    return keep_content(by, batch, step, kind, checked(file), file.name or "", entry)


def keep_content(
    by: User | None,
    batch: Batch,
    step: TemplateStep,
    kind: str,
    was_checked: tuple[bytes, str],
    name: str,
    entry: BatchEntry | None = None,
) -> Paper:
    """:func:`keep_paper` of what was checked already (bytes and their type)."""
    content, content_type = was_checked
    paper = Paper(
        batch=batch,
        step=step,
        round=batch.round,
        kind=kind,
        entry=entry,
        original_name=PurePath(name).name[-120:],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
    )
    paper.file.save(f"file{SUFFIXES[content_type]}", ContentFile(content), save=True)
    return paper
