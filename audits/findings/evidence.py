"""Photos and papers of a rectification: checked and rewritten as those of a household's page are."""

import hashlib
from pathlib import PurePath

from django.core.files.base import ContentFile, File

from audits.models import Evidence, FindingStep
from households.register.attachments import SUFFIXES, checked
from villages.models import User


def keep(step: FindingStep, file: File, by: User | None) -> Evidence:
    """Keep a JPEG, PNG, WebP or PDF of at most 10 MB with a step. Raises ValidationError beside ``file``."""
    content, content_type = checked(file)
    row = Evidence(
        finding_id=step.finding_id,
        step=step,
        title=PurePath(file.name or "").stem[:80],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
    )
    row.file.save(f"file{SUFFIXES[content_type]}", ContentFile(content), save=True)
    return row
