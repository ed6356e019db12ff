"""Long work as rows: every way a job can start, go on, end, be cancelled, be lost and found."""

import errno
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone

from povreg.jobs import alive, lost, registry, running, services
from povreg.jobs.models import Job
from povreg.jobs.registry import JobKind, PartResult, register
from povreg.kit.locks import Busy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})
    register(JobKind(kind="simple", run=lambda job: {"done": 3, "changed": 1, "expected": 3}))
    register(
        JobKind(
            kind="parted",
            parts=lambda job: ["a", "b"],
            run_part=lambda job, key: PartResult(done=5, changed=2),
            finish=lambda job: {"parts": job.parts.count()},
        )
    )


@pytest.fixture
def sent(monkeypatch, django_capture_on_commit_callbacks):
    """Names and arguments of the Celery messages sent after commit."""
    messages = []
    monkeypatch.setattr(services.current_app, "send_task", lambda name, args: messages.append((name, *args)))
    return messages


def a_job(kind="simple", **values):
    return Job.objects.create(kind=kind, title="测试", **values)


def test_the_task_is_sent_only_after_commit(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        job = services.launch(by=None, kind="simple", title="测试")
        assert sent == []
    for callback in callbacks:
        callback()
    assert sent == [("povreg.jobs.run", str(job.pk))]


def test_without_redis_the_job_stands_and_is_sent_later(monkeypatch, django_capture_on_commit_callbacks):
    def gone(*_: object, **_more: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(services.current_app, "send_task", gone)
    with django_capture_on_commit_callbacks(execute=True):
        job = services.launch(by=None, kind="simple", title="测试")
    assert Job.objects.get(pk=job.pk).status == Job.Status.QUEUED


def test_simple_work_ends_with_its_figures():
    job = a_job()
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.done, job.changed, job.expected) == ("done", 3, 1, 3)


def test_a_second_delivery_of_the_same_task_does_nothing():
    job = a_job()
    running.run(job.pk)
    assert services.start(job.pk) is None


def test_fanned_out_work_is_finished_by_the_last_part_only():
    job = a_job("parted")
    running.run(job.pk)
    running.run_part(job.pk, "a")
    job.refresh_from_db()
    assert (job.status, job.done) == ("running", 5)
    running.run_part(job.pk, "b")
    job.refresh_from_db()
    assert (job.status, job.done, job.changed, job.report) == ("done", 10, 4, {"parts": 2})


def test_a_part_delivered_twice_counts_once():
    job = a_job("parted")
    running.run(job.pk)
    running.run_part(job.pk, "a")
    running.run_part(job.pk, "a")
    job.refresh_from_db()
    assert (job.status, job.done) == ("running", 5)


def test_run_here_does_all_parts_in_this_process():
    assert services.run_here(services.prepare(by=None, kind="parted", title="测试")).done == 10


def test_an_expected_failure_tells_its_reason():
    def refuse(job):
        raise services.JobError("文件里没有“户编号”这一列。")

    register(JobKind(kind="simple", run=refuse))
    job = a_job()
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error) == ("failed", "文件里没有“户编号”这一列。")


def test_an_unexpected_failure_shows_no_internals():
    register(JobKind(kind="simple", run=lambda job: {"x": 1 // 0}))
    job = a_job()
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error) == ("failed", services.UNEXPECTED)


def test_a_full_disk_ends_a_job_with_its_reason():
    def write(job):
        raise OSError(errno.ENOSPC, "No space left on device")

    register(JobKind(kind="simple", run=write))
    job = a_job()
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error) == ("failed", running.NO_ROOM)


def test_a_cancelled_job_stops_at_its_next_sign_of_life():
    def slow(job):
        services.cancel(by="某人", job=job)
        services.advance(job, done=1)

    register(JobKind(kind="simple", run=slow))
    job = a_job()
    running.run(job.pk)
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert not services.cancel(by="某人", job=job)


def test_retry_repeats_only_the_parts_that_did_not_end(sent):
    job = a_job("parted")
    running.run(job.pk)
    running.run_part(job.pk, "a")
    job.refresh_from_db()
    services.fail(job, "中断")
    assert services.retry(by="某人", job=job)
    sent.clear()
    assert services.create_parts(job) == ["b"]


def test_a_job_that_ended_well_cannot_be_retried():
    job = a_job()
    running.run(job.pk)
    job.refresh_from_db()
    assert not services.retry(by="某人", job=job)


@pytest.mark.parametrize(("seconds", "found"), [(600, 1), (35, 1), (25, 0)])
def test_a_job_without_sign_of_life_is_queued_again(seconds, found):
    job = a_job(status="running", attempts=1, heartbeat_at=timezone.now() - timedelta(seconds=seconds))
    assert lost.requeue_lost() == found
    job.refresh_from_db()
    assert job.status == ("queued" if found else "running")


def test_a_job_whose_message_was_lost_is_sent_again():
    job = a_job()
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=10))
    assert lost.requeue_lost() == 1


def test_a_job_that_keeps_dying_fails_with_a_reason():
    job = a_job(status="running", attempts=3, heartbeat_at=timezone.now() - timedelta(minutes=10))
    lost.requeue_lost()
    job.refresh_from_db()
    assert job.status == "failed"
    assert "3 次" in job.error


def test_a_result_file_is_kept_with_its_name(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    made = tmp_path / "x.xlsx"
    made.write_bytes(b"PK")
    job = a_job()
    services.attach_result(job, made, "名册.xlsx")
    job.refresh_from_db()
    assert job.result_file.read() == b"PK"
    assert job.result_name == "名册.xlsx"


def test_an_attempt_that_was_given_up_changes_nothing_any_more():
    job = services.start(a_job().pk)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    assert lost.requeue_lost() == 1
    second = services.start(job.pk)

    with pytest.raises(services.JobCancelled):
        services.advance(job, done=1)
    services.finish(job, {"done": 1})
    running.guarded(job, lambda: 1 // 0)
    alive.beat(job)
    second.refresh_from_db()
    assert (second.status, second.attempts, second.done) == ("running", 2, 0)
    services.finish(second, {"done": 3})
    second.refresh_from_db()
    assert (second.status, second.done) == ("done", 3)


def test_slow_work_shows_signs_of_life_from_a_thread(monkeypatch):
    beats = threading.Event()
    monkeypatch.setattr(alive, "BEAT", 0.01)
    monkeypatch.setattr(alive, "beat", lambda job, part: beats.set())
    with alive.alive(a_job()):
        assert beats.wait(10), "while the work itself says nothing"


def test_a_part_at_work_is_not_started_beside_itself():
    job = a_job("parted")
    running.run(job.pk)
    assert running.claim(job.pk, "a").attempts == 1
    assert running.claim(job.pk, "a") is None
    running.run_part(job.pk, "a")
    assert not job.parts.filter(ended_at__isnull=False).exists()

    job.parts.filter(key="a").update(heartbeat_at=timezone.now() - timedelta(seconds=31))
    assert lost.requeue_lost() == 1
    running.run_part(job.pk, "a")
    assert job.parts.get(key="a").attempts == 2


def test_parts_that_only_wait_use_up_no_attempt(sent):
    job = a_job("parted")
    running.run(job.pk)
    for _ in range(5):
        job.parts.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
        Job.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
        assert lost.requeue_lost() == 2
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("running", 1)


def test_a_part_that_keeps_dying_ends_its_job():
    job = a_job("parted")
    running.run(job.pk)
    job.parts.filter(key="a").update(running=True, attempts=3, heartbeat_at=timezone.now() - timedelta(minutes=1))
    lost.requeue_lost()
    job.refresh_from_db()
    assert job.status == "failed"


@pytest.mark.parametrize("kind", ["simple", "parted"])
def test_work_that_would_wait_for_a_lock_gives_up_its_place(kind):
    def busy(*_):
        raise Busy("assess")

    register(JobKind(kind="simple", run=busy))
    register(JobKind(kind="parted", parts=lambda job: ["a"], run_part=busy))
    job = a_job(kind)
    running.run(job.pk)
    if kind == "parted":
        running.run_part(job.pk, "a")
        part = job.parts.get()
        assert (part.running, part.attempts) == (False, 0)
    job.refresh_from_db()
    assert job.message == running.WAITS
    assert (job.status, job.attempts) == (("queued", 0) if kind == "simple" else ("running", 1))
    later = timezone.now() + timedelta(seconds=6)
    assert Job.objects.filter(heartbeat_at__lt=later - lost.UNSENT_AFTER).exists() == (kind == "simple")


class ServerError(Exception):
    def __init__(self, code):
        self.pgcode = code


def failing(code):
    def run(job):
        raise OperationalError("invented") from ServerError(code)

    return run


@pytest.mark.parametrize(
    ("code", "status"),
    [("55P03", "queued"), ("40P01", "queued"), ("57014", "failed"), ("57P01", "running"), (None, "running")],
)
def test_what_the_database_says_decides_what_becomes_of_a_job(code, status):
    register(JobKind(kind="simple", run=failing(code)))
    job = a_job()
    running.run(job.pk)
    job.refresh_from_db()
    assert job.status == status
    assert (job.error == running.TOO_LONG) == (code == "57014")


def test_a_task_over_its_time_says_so():
    def slow(job):
        raise SoftTimeLimitExceeded

    register(JobKind(kind="simple", run=slow))
    job = a_job()
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error) == ("failed", running.TOO_LONG)
