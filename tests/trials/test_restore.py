"""The restore drill: a backup comes back in a throw-away server with every row, seal and file."""

import base64
import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from povreg.kit.history import act
from povreg.proof.seals.services import seal_day
from povreg.shell.models import BackupRun
from tests import factories


@pytest.fixture
def register(transactional_db, settings, tmp_path):
    settings.BACKUP_KEY = base64.b64encode(bytes([41]) * 32).decode()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with act(by=None, verb="load_test"):
        factories.household(members=2)
    for days in (1, 0):
        seal_day(timezone.localdate() - timedelta(days=days))
    default_storage.save("papers/roster.bin", ContentFile(b"a roster" * 30_000))
    return tmp_path


def test_a_backup_comes_back_as_it_was(register, capsys):
    out = io.StringIO()
    call_command("backup", to=register / "backups", attempt=True, stdout=out)
    print(out.getvalue())
    assert "已试恢复：行数、封印、文件相符" in out.getvalue() and "号封印" in out.getvalue()
    runs = list(BackupRun.objects.order_by("pk"))
    assert [(each.kind, each.ok) for each in runs] == [("backup", True), ("drill", True)]
    assert runs[0].rows == runs[1].rows > 0
