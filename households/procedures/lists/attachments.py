"""Scans and photos of a step: checked and re-encoded like a household's attachments."""

import hashlib
from pathlib import PurePath

from django.core.files.base import ContentFile, File
from django.utils import timezone

from households.models import Batch, BatchEntry, Paper, TemplateStep
from households.models.template import PaperKind
from households.procedures.engine.errors import ProcedureError, StateError
from households.procedures.engine.stage import enter
from households.register.attachments import SUFFIXES, checked
from povreg.kit.history import act
from villages.models import User


def attach_paper(*, by: User | None, batch: Batch, kind: str, file: File, entry: BatchEntry | None = None) -> Paper:
    """Keep a JPEG, PNG, WebP or PDF of at most 10 MB with the current step (of one household, if ``entry`` is given).

    Raises ProcedureError or ValidationError for a file that cannot be kept, PermissionDenied.
    """
    with act(by=by, verb="add_paper"):
        stage = enter(by, batch)
        if kind not in PaperKind.values:
            raise ProcedureError("请选择附件类别。")
        if entry is not None and entry.batch_id != stage.batch.pk:
            raise ProcedureError("这一户不在本名单中，请刷新页面后再传。")
        return keep_paper(by, stage.batch, stage.step, kind, file, entry)


def keep_paper(
    by: User | None, batch: Batch, step: TemplateStep, kind: str, file: File, entry: BatchEntry | None = None
) -> Paper:
    """Keep a file with a step of a locked list; for verbs that have asked who may. Raises ValidationError."""
    content, content_type = checked(file)
    paper = Paper(
        batch=batch,
        step=step,
        round=batch.round,
        kind=kind,
        entry=entry,
        original_name=PurePath(file.name or "").name[-120:],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
    )
    paper.file.save(f"file{SUFFIXES[content_type]}", ContentFile(content), save=True)
    return paper


def remove_paper(*, by: User | None, paper: Paper, reason: str) -> Paper:
    """Take a paper off while its step is the current one; file and row stay. Raises ProcedureError."""
    with act(by=by, verb="remove_paper", reason=reason):
        stage = enter(by, paper.batch)
        if (paper.step_id, paper.round) != (stage.step.pk, stage.batch.round):
            raise StateError("这一步已经办结，附件不能再移除。")
        if not reason.strip():
            raise ProcedureError("请写明移除的原因。")
        if paper.removed_at is None:
            paper.removed_at = timezone.now()
            paper.save(update_fields=["removed_at"])
    return paper
