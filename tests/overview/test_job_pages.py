"""A job's page in every state, in words for whoever waits: what happens, why not, what to do."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from povreg.jobs.models import Job
from povreg.jobs.workers import note_alive
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    account = make.posted(Role.TOWNSHIP_OFFICER)
    client.force_login(account)
    note_alive()
    return account


def page_of(client, job):
    return client.get(f"/jobs/{job.pk}/").text


def started(seconds, **facts):
    return {"status": Job.Status.RUNNING, "started_at": timezone.now() - timedelta(seconds=seconds), **facts}


def test_one_that_waits_says_how_many_stand_before_it(client, owner):
    for _ in range(2):
        make.job(owner=owner, status=Job.Status.QUEUED)
    page = page_of(client, make.job(owner=owner, status=Job.Status.QUEUED))
    assert "前面还有 2 个任务" in page
    assert "取消任务" in page


def test_one_that_nobody_will_take_says_so(client, owner):
    cache.clear()  # no worker was heard of
    page = page_of(client, make.job(owner=owner, status=Job.Status.QUEUED))
    assert "后台处理程序现在没有运行" in page
    assert "不用重新提交" in page


@pytest.mark.parametrize(("done", "left"), [(100, "大约还需 16 分钟"), (900, "大约还需 11 秒"), (0, "")])
def test_one_that_runs_says_how_long_it_will_take(client, owner, done, left):
    page = page_of(client, make.job(owner=owner, **started(100, done=done, expected=1000)))
    assert "every 1s" in page
    assert left in page
    assert ("大约还需" in page) == bool(left)


def test_one_that_failed_says_why_and_can_be_repeated(client, owner):
    failed = make.job(owner=owner, status=Job.Status.FAILED, error="文件里没有“户编号”这一列，请改正后再上传。")
    page = page_of(client, failed)
    assert failed.error in page
    assert "已经完成的部分不会重复处理" in page
    assert failed.error[:20] in client.get("/jobs/").text
    client.post(f"/jobs/{failed.pk}/retry/")
    failed.refresh_from_db()
    assert (failed.status, failed.error) == (Job.Status.QUEUED, "")


def test_one_that_was_cancelled_stays_so_and_can_be_repeated(client, owner):
    job = make.job(owner=owner, **started(10))
    client.post(f"/jobs/{job.pk}/cancel/")
    page = page_of(client, job)
    assert "已取消" in page
    assert "重试</button>" in page
    assert "every 1s" not in page


def test_one_that_is_done_leads_to_what_came_out(client, owner):
    report = {"links": [["看结论变化", "/flips/?year=2020"]]}
    page = page_of(client, make.job(owner=owner, status=Job.Status.DONE, ended_at=timezone.now(), report=report))
    assert 'href="/flips/?year=2020"' in page
    assert "重试</button>" not in page


def test_a_recompute_that_is_done_leads_to_the_flips_and_figures_of_its_place(client, owner):
    job = make.job(owner=owner, kind="recompute", place_code=make.TOWNSHIP, params={"year": make.YEAR})
    assert f"/flips/?year={make.YEAR}" not in page_of(client, job), "nothing came out yet"
    job.status, job.ended_at = Job.Status.DONE, timezone.now()
    job.save()
    page = page_of(client, job)
    assert f"job={job.pk}" in page
    assert f'href="/dashboard/{make.TOWNSHIP}/?year={make.YEAR}"' in page


def test_one_begun_again_says_how_often(client, owner):
    assert "执行次数" in page_of(client, make.job(owner=owner, **started(10, attempts=2)))
    assert "执行次数" not in page_of(client, make.job(owner=owner, **started(10, attempts=1)))


def test_an_auditor_reads_and_touches_nothing(client, owner):
    job = make.job(owner=owner, status=Job.Status.FAILED, error="原因", place_code=make.TOWNSHIP)
    client.force_login(make.posted(Role.AUDITOR))
    page = page_of(client, job)
    assert "原因" in page
    assert "重试</button>" not in page
