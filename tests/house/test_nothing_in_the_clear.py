"""What lies on disks and in servers beside the sealed columns: stored files, sessions, caches, logs.

The bytes themselves are read, as somebody would who got hold of a disk or a backup.
"""

from __future__ import annotations

import io
import json
import logging
import sys
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import redis
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, IntegrityError, connection, transaction
from django.urls import reverse

from households.models import Household, SheetImport
from households.sheets.services import request_export
from povreg.jobs import running
from povreg.jobs.models import Job
from povreg.kit.logs import Line
from povreg.kit.sealed_files import MAGIC
from povreg.shell import deploy_checks, embedded
from tests import factories
from tests.households.sheets.sheetbooks import person, save
from villages.rights import Role

pytestmark = pytest.mark.django_db
NAME, PHONE = "欧阳翠翠", "13912345678"


def spelt(text: str) -> list[bytes]:
    """The bytes a text may lie there as."""
    return [text.encode(), json.dumps(text)[1:-1].encode(), text.encode("utf-16-le"), text.encode("gbk")]


def find_in(content: bytes, *texts: str) -> list[str]:
    return [text for text in texts if any(form in content for form in spelt(text))]


class Stored:
    """What a session's row holds, before it is opened."""

    def loads(self, data: bytes) -> bytes:
        return data


STORED: Any = Stored


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def test_no_stored_file_can_be_read_without_the_key(media, tmp_path, client):
    officer = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(officer)
    book = save(tmp_path / "b.xlsx", {"名单": [person(姓名=NAME), person(relation="之子", 民族="火星族")]})
    file = SimpleUploadedFile("b.xlsx", book.read_bytes())
    client.post(reverse("sheets"), {"file": file, "county": factories.place(factories.COUNTY).pk})
    sheet = SheetImport.objects.get()
    running.run(sheet.job_id)
    household = factories.household(members=1)
    factories.attachment(household, content=f"%PDF-1.4 {NAME}".encode())
    export = request_export(
        by=officer, layout="roster-2022", place=household.village, unmasked=True, reason="核对名单用"
    )
    running.run(export.pk)
    files = [path for path in media.rglob("*") if path.is_file()]
    assert len(files) == 4, "an upload, its rejects, an unmasked export, an attachment"
    for path in files:
        content = path.read_bytes()
        assert content.startswith(MAGIC), path
        assert not find_in(content, NAME) and b"PK\x03\x04" not in content, path
    sheet.refresh_from_db()
    assert sheet.rejects
    got = client.get(reverse("job-result", args=[export.pk]))
    whole = b"".join(got.streaming_content)
    assert int(got["Content-Length"]) == len(whole)
    cells = {str(cell) for row in openpyxl.load_workbook(io.BytesIO(whole)).worksheets[0].values for cell in row}
    assert household.members.get().id_no in cells


def test_searches_lie_sealed_in_redis_and_in_the_session_table(client):
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    number = factories.id_number(date(1980, 5, 6))
    typed = (NAME, number, PHONE)
    for text in typed:
        assert client.post("/households/find/", {"search": text}).status_code == 302
        client.post("/people/find/", {"search": text})
    line: Any = redis.from_url(settings.REDIS_URL)
    prefix = settings.CACHES["default"]["KEY_PREFIX"]
    kept = {key: line.get(key) for key in line.keys(f"{prefix}*")}
    assert any(b"cached_db" in key for key in kept), "the session lies in Redis"
    for key, value in kept.items():
        assert not find_in(key + (value or b""), *typed)
        assert b"search" not in (value or b"")
    rows = [
        signing.loads(row.session_data, salt=SessionStore().key_salt, serializer=STORED)
        for row in Session.objects.all()
    ]
    assert rows
    assert not any(find_in(row, *typed) or b"search" in row for row in rows)
    assert NAME in client.get(client.post("/households/find/", {"search": NAME}).url).content.decode()


def test_a_cache_counts_and_forgets_what_it_cannot_open():
    cache.set("n", 1)
    assert cache.incr("n") == 2
    cache.set("x", {"name": NAME})
    assert cache.get("x") == {"name": NAME}
    line, key = redis.from_url(settings.REDIS_URL), cache.make_key("x")
    line.set(key, b"of an older version")
    assert cache.get("x") is None


def test_the_database_server_logs_no_value():
    layout = embedded.layout_of(settings.POVREG_HOME)
    log = layout.postgres_data / "server.log"
    marks = [f"秘密{uuid.uuid4().hex}" for _ in range(3)]
    with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s, 1 / %s", [marks[0], 0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Household.objects.filter(pk=factories.household().pk).update(household_no=None, group_name=marks[1])
    with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PREPARE lines (text) AS SELECT $1, 1 / length($1)")
        cursor.execute("EXECUTE lines (%s)", [""])
    said = log.read_text(errors="replace")
    assert "division by zero" in said, "failures are logged"
    assert [mark for mark in marks if mark in said] == []
    assert "STATEMENT:" not in said and "DETAIL:" not in said


def test_a_server_that_logs_statements_is_named_by_the_deploy_check():
    assert deploy_checks.silent_database_log(databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET LOCAL log_min_error_statement = 'error'")
    [warning] = deploy_checks.silent_database_log(databases=["default"])
    assert "log_min_error_statement = panic" in (warning.hint or "")


def logged(work) -> str:
    """What our own log says of an exception."""
    try:
        work()
    except Exception:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "failed", None, sys.exc_info())
        return Line("%(message)s").format(record)
    raise AssertionError("nothing was raised")


def refused_row() -> None:
    row = factories.household()
    with transaction.atomic():
        Household.objects.filter(pk=row.pk).update(household_no=None, group_name=NAME)


def test_our_own_log_names_no_value_of_a_refused_row():
    said = logged(refused_row)
    assert "IntegrityError: 23502" in said and "households_household" in said
    assert "Traceback" in said and "refused_row" in said
    assert NAME not in said and "DETAIL" not in said


def test_our_own_log_hides_numbers_in_what_others_raise():
    def wrong() -> None:
        try:
            refused_row()
        except IntegrityError as fault:
            raise ValueError("500198198001021234 of " + PHONE) from fault

    said = logged(wrong)
    assert "ValueError: *** of ***" in said
    assert NAME not in said


def test_files_of_jobs_are_read_whatever_their_age(media):
    job = factories.job()
    old = Path(settings.MEDIA_ROOT) / "jobs" / "old.xlsx"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old and plain")
    Job.objects.filter(pk=job.pk).update(result_file="jobs/old.xlsx")
    assert Job.objects.get(pk=job.pk).result_file.read() == b"old and plain"
