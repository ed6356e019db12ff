"""``rotate_keys``: while people work, resumed after an interruption; afterwards the old key is needed no more."""

import base64
import io
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from audits.models import ComparisonList, ComparisonRow
from audits.models.comparison import compared_name
from households.models import Household, Member
from households.register.errors import FormErrors
from households.register.people import refuse_duplicates
from households.sheets.imports import one_key
from povreg.kit import crypto, hash_keys
from povreg.kit.app_role import as_owner
from povreg.kit.history import act
from povreg.kit.locks import Busy
from povreg.kit.sheets.reader import SheetError
from povreg.proof.seals import services
from povreg.proof.seals.verifying import Verification
from povreg.shell import keys, rotation
from povreg.shell.models import KeyMark
from tests import factories

OLD, NEW, THIRD = (base64.b64encode(bytes([number]) * 32).decode() for number in (21, 22, 23))


@pytest.fixture
def register(transactional_db, settings, monkeypatch, tmp_path) -> Iterator[Household]:
    """A household under the old key, sealed in the history, with a file and a department's list about its head."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    settings.MEDIA_ROOT = tmp_path / "media"  # not among the files that other tests sealed with other keys
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "application_name", f"povreg {crypto.key_id_of(NEW)}")
    connection.close()
    monkeypatch.setattr(rotation, "HASHING_LIFE", 0.1)
    monkeypatch.setattr(crypto, "HASHING_LIFE", 0.1)
    with as_owner():
        KeyMark.objects.all().delete()
        keys.record_keys()
    with act(by=None, verb="load_test"):
        household = factories.household(members=3, phone="13800001234", phone_hash=crypto.lookup_hash("13800001234"))
        listed = ComparisonList.objects.create(
            county_id=factories.COUNTY, source="car", department="车管所", as_of=timezone.localdate(),
            keep_until=timezone.localdate() + timedelta(days=9),
        )  # fmt: skip
        head = household.members.first()
        for hashed, name in ((head.id_hash, head.name), (crypto.lookup_hash("500198190001010000"), "外人")):
            ComparisonRow.objects.create(
                list=listed, county_id=factories.COUNTY, line=1, id_hash=hashed, name=name,
                name_hash=crypto.lookup_hash(compared_name(name)),
            )  # fmt: skip
    default_storage.save("rotated/roster.bin", ContentFile(b"a roster" * 20_000))
    for day in range(2):
        services.seal_day(timezone.localdate() + timedelta(days=day))
    yield household
    crypto.forget_hashing()


class Cadre(threading.Thread):
    """Changes a phone and finds it again, over and over, until told to stop."""

    def __init__(self, household: Household) -> None:
        super().__init__(daemon=True)
        self.pk, self.stop, self.done, self.fault = household.pk, threading.Event(), 0, ""

    def run(self) -> None:
        try:
            while not self.stop.wait(0.01):
                number = f"139{self.done:08d}"
                with act(by=None, verb="load_test"):
                    row = Household.objects.select_for_update().get(pk=self.pk)
                    row.phone, row.phone_hash = number, crypto.lookup_hash(number)
                    row.save()
                assert Household.objects.get(phone_hash=crypto.lookup_hash(number)).pk == self.pk
                self.done += 1
        except Exception as fault:
            self.fault = repr(fault)
        finally:
            connections.close_all()


def sealed_by(key: str) -> list[str]:
    """Tables with a value of this key, or a hash of it."""
    found = []
    with connection.cursor() as cursor:
        for table in rotation.tables():
            for each in filter(None, (table, table.history)):
                where = " OR ".join(f"{name} LIKE '{crypto.key_id_of(key)}:%%'" for name in each.sealed)
                cursor.execute(f"SELECT count(*) FROM {each.name} WHERE {where}")
                found += [each.name] if cursor.fetchone()[0] else []
    return found


def test_under_load_and_after_an_interruption(register, settings, monkeypatch):
    number = register.members.first().id_no
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    cadre = Cadre(register)
    cadre.start()
    plain = rotation.rewrap_files
    monkeypatch.setattr(rotation, "rewrap_files", lambda folder: 1 / 0)  # the power goes
    with pytest.raises(ZeroDivisionError):
        call_command("rotate_keys", stdout=io.StringIO())
    # Half way: either hash is found, doubles are refused, and what joins hashes waits.
    crypto.forget_hashing()
    assert Member.objects.get(id_hash=crypto.lookup_hash(number)).household_id == register.pk
    with pytest.raises(Busy):
        hash_keys.one_hash_key()
    with pytest.raises(SheetError, match="rotate_keys"):
        one_key(wait=True)
    monkeypatch.setattr(rotation, "rewrap_files", plain)
    call_command("rotate_keys", stdout=io.StringIO())
    cadre.stop.set()
    cadre.join()
    assert cadre.fault == "" and cadre.done > 10

    settings.FIELD_ENCRYPTION_KEYS = [NEW]  # the old key is gone
    keys.check_keys()
    assert list(KeyMark.objects.values_list("key_id", flat=True)) == [crypto.key_id_of(NEW)]
    assert sealed_by(OLD) == []
    assert Member.objects.get(id_hash=crypto.lookup_hash(number)).id_no == number
    assert Household.objects.get(phone_hash=crypto.lookup_hash(f"139{cadre.done - 1:08d}")).pk == register.pk
    assert default_storage.open("rotated/roster.bin").read() == b"a roster" * 20_000
    rows = dict(ComparisonRow.objects.values_list("name_hash", "id_hash"))
    assert sorted(rows.values()) == sorted(["", crypto.lookup_hash(number)])
    assert crypto.lookup_hash("外人") in rows
    services.seal_day(timezone.localdate() + timedelta(days=2))
    assert [str(each) for each in Verification().breaks()] == []


def test_every_number_of_a_list_is_carried_over_once(register, settings, monkeypatch):
    """New hashes that sort behind the old ones were taken for those of strangers, and lost."""
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    monkeypatch.setattr(rotation, "ROWS", 4)
    listed = ComparisonList.objects.get()
    with act(by=None, verb="load_test"):
        people = factories.household(members=9).members.all()
        ComparisonRow.objects.bulk_create(
            ComparisonRow(list=listed, county_id=factories.COUNTY, line=line, id_hash=each.id_hash)
            for line, each in enumerate(people, start=2)
        )
    call_command("rotate_keys", stdout=io.StringIO())
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    crypto.forget_hashing()
    carried = ComparisonRow.objects.filter(line__gt=1).order_by("line").values_list("id_hash", flat=True)
    assert list(carried) == [crypto.lookup_hash(each.id_no) for each in people]


def test_the_same_number_is_refused_whichever_hash_it_has(register, settings, monkeypatch):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    with as_owner():
        keys.record_keys()
        made = rotation.Rotation(str)
        made.begin()
    crypto.forget_hashing()
    double = Member(id_hash=crypto.lookup_hash(register.members.first().id_no))
    errors = FormErrors()
    assert refuse_duplicates(None, Household(village_id=factories.VILLAGE), {"a": double}, errors)
    assert "a" in errors.rows


def test_processes_with_other_keys_are_told_to_restart_first(register, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    other = connections.create_connection("default")
    named = {**connection.settings_dict["OPTIONS"], "application_name": f"povreg {crypto.key_id_of(THIRD)}"}
    other.settings_dict = {**connection.settings_dict, "OPTIONS": named}
    other.connect()
    try:
        with pytest.raises(CommandError, match="重新启动"):
            call_command("rotate_keys")
    finally:
        other.close()
    assert KeyMark.objects.exclude(hash_mark="").count() == 1
