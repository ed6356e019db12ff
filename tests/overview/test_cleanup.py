"""What a night deletes and what it leaves: results, uploads, tokens, sessions; never evidence or what is at work."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.utils import timezone

from households.models import Attachment, SheetImport
from povreg.jobs.models import Job
from povreg.jobs.services import attach_result
from povreg.overview.cleanup import clean_up, last_report
from povreg.overview.retention import rule_of, rules
from povreg.overview.tasks import clean_up as task
from tests import factories as make
from villages.models import ApiToken
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.KEEP_RESULTS_DAYS, settings.KEEP_UPLOADS_DAYS = 30, 30
    settings.KEEP_IMPORTED_DAYS, settings.KEEP_TOKENS_DAYS = 730, 180


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def export(tmp_path, *, days, **facts):
    made = tmp_path / "x.xlsx"
    made.write_bytes(b"PK")
    ended = {"status": "done", "ended_at": days_ago(days), "report": {"sha256": "ab12"}}
    job = make.job(kind="sheet-export", **ended | facts)
    attach_result(job, made, "名册.xlsx")
    return job, Path(job.result_file.path)


def upload(*, days, status, **facts):
    row = make.sheet_import(status=status, **facts)
    row.file.save("upload.xlsx", ContentFile(b"PK"))
    row.rejects.save("rejects.xlsx", ContentFile(b"PK"))
    SheetImport.objects.filter(pk=row.pk).update(created_at=days_ago(days))
    return row, [Path(row.file.path), Path(row.rejects.path)]


def test_old_results_go_and_their_jobs_stay(client, tmp_path):
    old, old_file = export(tmp_path, days=31)
    young, young_file = export(tmp_path, days=29)

    assert clean_up()["results"] == 1
    assert clean_up()["results"] == 0

    old.refresh_from_db()
    assert (old_file.exists(), old.result_name, old.report) == (False, "名册.xlsx", {"sha256": "ab12"})
    assert young_file.exists()
    client.force_login(old.owner)
    assert "过了保留期" in client.get(f"/jobs/{old.pk}/").text
    assert client.get(f"/jobs/{old.pk}/result/").status_code == 404
    client.force_login(young.owner)
    assert "过了保留期" not in client.get(f"/jobs/{young.pk}/").text


@pytest.mark.parametrize(
    ("status", "days", "kept"),
    [
        ("checked", 29, True),
        ("checked", 31, False),
        ("failed", 31, False),
        ("cancelled", 31, False),
        ("done", 729, True),
        ("done", 731, False),
    ],
)
def test_an_upload_stays_as_long_as_it_is_evidence(status, days, kept):
    row, files = upload(days=days, status=status)
    clean_up()
    row.refresh_from_db()
    assert [each.exists() for each in files] == [kept, kept]
    assert row.status == (status if kept or status == "done" else "cancelled")
    assert row.sha256


def test_an_upload_that_is_being_imported_stays():
    _, files = upload(days=31, status="importing", job=make.job(status=Job.Status.RUNNING))
    clean_up()
    assert all(each.exists() for each in files)


def test_the_page_of_an_import_whose_files_are_gone_still_opens(client):
    row, _ = upload(days=800, status="done")
    clean_up()
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    page = client.get(f"/sheets/{row.pk}/")
    assert page.status_code == 200
    assert "下载退回的行" not in page.text


def test_evidence_of_households_is_never_touched():
    row = make.attachment(make.household())
    Attachment.objects.update(created_at=days_ago(3000))
    clean_up()
    assert Attachment.objects.filter(pk=row.pk).exists()


def test_tokens_go_when_the_log_that_names_them_has(settings):
    account = make.user()
    for days in (179, 181):
        row = ApiToken.objects.create(user=account, digest=f"{days:064}", expires_at=timezone.now() + timedelta(1))
        ended = {"created_at": days_ago(days + 1), "expires_at": days_ago(days)}
        ApiToken.objects.filter(pk=row.pk).update(**ended)
    assert clean_up()["tokens"] == 1
    assert ApiToken.objects.get().digest.endswith("179")


def test_ended_sessions_go():
    for seconds in (-60, 600):
        session = SessionStore()
        session.set_expiry(seconds)
        session["seen"] = 1
        session.create()
    clean_up()
    assert Session.objects.count() == 1


def test_zero_days_keep_everything(settings, tmp_path):
    settings.KEEP_RESULTS_DAYS = settings.KEEP_UPLOADS_DAYS = settings.KEEP_TOKENS_DAYS = 0
    _, result = export(tmp_path, days=4000)
    _, files = upload(days=4000, status="cancelled")
    assert clean_up() == {"results": 0, "uploads": 0, "tokens": 0, "requests": 0, "sign_ins": 0, "looks": 0}
    assert all(each.exists() for each in (result, *files))


def test_imported_sheets_may_be_kept_for_ever(settings):
    settings.KEEP_IMPORTED_DAYS = 0
    _, files = upload(days=4000, status="done")
    clean_up()
    assert all(each.exists() for each in files)


def test_beat_asks_for_it_every_night():
    wanted = {entry["task"] for entry in configured.CELERY_BEAT_SCHEDULE.values()}
    assert task.name in wanted


def test_every_table_has_its_rule_and_each_night_its_report():
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    assert {table for table in tables if rule_of(table) is None} == set()
    assert rule_of("villages_signinattempt").words == f"登录后 {configured.KEEP_SIGN_INS_DAYS} 天"
    assert rule_of("households_memberevent").words == "长期"
    codes = {rule.code for rule in rules()}
    gone = clean_up()
    assert set(gone) <= codes and last_report().report == gone
