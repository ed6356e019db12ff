"""Scans and photos of a step: checked and re-encoded like a household's attachments."""

from django.core.files.base import File
from django.utils import timezone

from households.models import Batch, BatchEntry, Paper
from households.models.template import PaperKind
from households.procedures.engine.errors import ProcedureError, StateError
from households.procedures.engine.stage import enter
from households.procedures.lists import boards
from households.procedures.lists.stored import keep_paper
from povreg.kit.history import act
from villages.models import User


def attach_paper(
    *, by: User | None, batch: Batch, kind: str, file: File, entry: BatchEntry | None = None, moment: str = ""
) -> Paper:
    """Keep a JPEG, PNG, WebP or PDF of at most 10 MB with the current step (of one household, if ``entry`` is given). A
    photo of the board must prove itself; ``moment`` says which end of the notice it shows, where it does not say.

    Raises ProcedureError or ValidationError for a file that cannot be kept, PermissionDenied.
    """
    with act(by=by, verb="add_paper"):
        stage = enter(by, batch)
        if kind not in PaperKind.values:
            raise ProcedureError("请选择附件类别。")
        if entry is not None and entry.batch_id != stage.batch.pk:
            raise ProcedureError("这一户不在本名单中，请刷新页面后再传。")
        if boards.is_of_board(kind, stage.step):
            return boards.keep_board_photo(by, stage.batch, boards.open_notice(stage.batch), file, moment)
        return keep_paper(by, stage.batch, stage.step, kind, file, entry)


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
