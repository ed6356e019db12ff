"""doctor, the status page, the numbers for Prometheus, maintenance mode: they say what is wrong and what to do."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from povreg.jobs.models import Job
from povreg.jobs.workers import CLOCK, note_alive
from povreg.kit import maintenance
from povreg.shell import keys
from povreg.shell.models import BackupRun
from povreg.shell.status import checks, media, metrics
from tests import factories
from tests.owner import owner
from villages.rights import Role

pytestmark = pytest.mark.django_db


def found() -> dict[str, checks.Finding]:
    return {each.name: each for each in checks.findings()}


def test_each_finding_says_what_to_do(settings, tmp_path):
    settings.MEDIA_ROOT, settings.HTTPS = str(tmp_path), False
    (tmp_path / media.MARK).write_text("x")
    note_alive()
    note_alive(CLOCK)
    with owner():
        keys.record_keys()
        BackupRun.objects.create(kind="backup", ok=True, name="povreg-1", rows=5)
    good = found()
    names = ("版本", "数据库", "迁移", "密钥", "文件目录", "时钟", "Redis", "后台进程", "任务队列", "备份")
    assert {name: good[name].state for name in names} == dict.fromkeys(names, checks.GOOD)
    assert good["试恢复"].state == checks.LOOK and "restore --try" in good["试恢复"].remedy

    (tmp_path / media.MARK).unlink()
    cache.clear()
    Job.objects.create(kind="recompute", title="x", status=Job.Status.FAILED)
    Job.objects.create(kind="recompute", title="y")
    Job.objects.filter(title="y").update(created_at=timezone.now() - timedelta(hours=3))
    with owner():
        BackupRun.objects.update(at=timezone.now() - timedelta(days=3))
    bad = found()
    assert "共享目录" in bad["文件目录"].remedy and "没有心跳" in bad["后台进程"].words
    assert "已等 3 小时" in bad["任务队列"].words and "失败 1 项" in bad["任务队列"].words
    assert bad["备份"].state == checks.WRONG
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    assert "有问题\t备份" in out.getvalue()


def test_the_page_shows_the_same_and_no_code_words(client):
    client.force_login(factories.posted(Role.SECURITY_ADMIN))
    Job.objects.create(kind="recompute", title="x", status=Job.Status.FAILED)
    page = client.get("/system/").content.decode()
    assert "还没有备份" in page and "失败" in page and "failed" not in page


def test_numbers_for_whoever_has_the_token(client, settings, monkeypatch, tmp_path):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    settings.METRICS_TOKEN = "a-token"
    Job.objects.create(kind=metrics.RECOMPUTES, title="x")
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-token"})
    text = answer.content.decode()
    assert answer.status_code == 200 and 'povreg_jobs{kind="recompute",state="queued"} 1.0' in text
    for name in ("povreg_queue_messages", "povreg_recompute_lag_seconds", "povreg_sign_in_failures_last_hour"):
        assert name in text
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_while_work_is_being_done_everybody_reads_so(client, settings, tmp_path):
    settings.MAINTENANCE_FILE = tmp_path / "deep" / "maintenance"
    call_command("maintenance", "on", words="今晚升级，20:30 恢复。", stdout=io.StringIO())
    page = client.get("/login/")
    assert page.status_code == 503 and "20:30 恢复" in page.content.decode() and page.headers["Retry-After"]
    assert client.get("/api/v1/places/").json()["error"]["code"] == "maintenance"
    assert client.get("/healthz").status_code == 200
    call_command("maintenance", "off", stdout=io.StringIO())
    assert maintenance.words() is None and client.get("/login/").status_code == 200
