"""Backup: a set opens with its key only and tells of every change. tests/trials/test_restore.py restores one."""

import base64
import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from povreg.kit.history import act
from povreg.proof.seals.services import seal_day
from povreg.shell.backup import keys, sets
from povreg.shell.backup.services import forget
from povreg.shell.embedded import ServerError
from povreg.shell.models import BackupRun
from tests import factories

KEY, OTHER = (base64.b64encode(bytes([number]) * 32).decode() for number in (41, 42))
PHRASE = "a phrase that is long enough"


def run(*words: str, **options) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def register(transactional_db, settings, tmp_path):
    settings.BACKUP_KEY = KEY
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with act(by=None, verb="load_test"):
        factories.household(members=2)
    seal_day(timezone.localdate() - timedelta(days=1))
    seal_day(timezone.localdate())
    default_storage.save("papers/roster.bin", ContentFile(b"a roster" * 30_000))
    return tmp_path


def test_a_set_opens_with_its_key_only_and_tells_of_every_change(register, settings):
    place = register / "backups"
    assert "1 个文件" in run("backup", to=place, keep=2)
    (folder,) = place.iterdir()
    said = sets.read_list(folder)
    assert (said.tables["households_member"], said.files, len(said.seals)) == (2, 1, 2)
    assert BackupRun.objects.get().rows == sum(said.tables.values())
    fewer = sets.facts_text({**said.tables, "households_member": 1}, said.seals)
    assert sets.first_difference(said, fewer) == "表 households_member 应有 2 行，恢复出 1 行。"
    assert b"PGDMP" not in (folder / sets.DATABASE).read_bytes()  # sealed
    assert factories.VILLAGE not in (folder / sets.LIST).read_text()

    settings.BACKUP_KEY = OTHER
    with pytest.raises(Exception, match="no key"):
        sets.opened(folder / sets.DATABASE)
    settings.BACKUP_KEY = KEY
    with pytest.raises(CommandError, match="不是空的"):
        run("restore", source=folder)

    whole = (folder / sets.LIST).read_text()
    (folder / sets.LIST).write_text(whole.replace('"households_member": 2', '"households_member": 3'))
    with pytest.raises(ServerError, match="签名不成立"):
        sets.read_list(folder)
    (folder / sets.LIST).write_text(whole)
    with (folder / sets.FILES).open("r+b") as file:
        file.seek(500)
        file.write(b"x")
    with pytest.raises(CommandError, match=r"files\.sealed 与清单不符"):
        run("restore", source=folder, attempt=True)


def test_only_the_last_sets_are_kept_and_torn_ones_go(tmp_path):
    for number in range(4):
        folder = tmp_path / f"povreg-2026010{number + 1}-010000"
        folder.mkdir()
        if number != 1:
            (folder / sets.LIST).write_text("{}")
    assert forget(tmp_path, 2) == ["povreg-20260102-010000", "povreg-20260101-010000"]
    assert len(list(Path(tmp_path).iterdir())) == 2
    shutil.rmtree(tmp_path)


def test_keys_are_kept_apart_under_a_phrase(tmp_path, settings):
    settings.BACKUP_KEY = KEY
    keys.write(tmp_path / "keys", PHRASE)
    content = (tmp_path / "keys").read_bytes()
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600 and settings.SIGNING_KEYS[0].encode() not in content
    assert keys.opened(content, PHRASE)["FIELD_ENCRYPTION_KEYS"] == ",".join(settings.FIELD_ENCRYPTION_KEYS)
    for broken, phrase in ((content[:-1], PHRASE), (content, PHRASE + "!")):
        with pytest.raises(ServerError, match="打不开"):
            keys.opened(broken, phrase)
    with pytest.raises(ServerError, match="太短"):
        keys.sealed("short")


def test_without_a_key_or_beside_the_keys_no_backup_is_made(db, tmp_path, settings, monkeypatch):
    settings.BACKUP_KEY = ""
    with pytest.raises(ServerError, match="BACKUP_KEY"):
        sets.ring()
    settings.BACKUP_KEY = settings.FIELD_ENCRYPTION_KEYS[0]
    with pytest.raises(ServerError, match="不能与 FIELD_ENCRYPTION_KEYS 相同"):
        sets.ring()
    monkeypatch.setenv("BACKUP_PASSPHRASE", PHRASE)
    with pytest.raises(CommandError, match="不能和备份放在一起"):
        call_command("backup", to=tmp_path, keys=tmp_path / "keys")
