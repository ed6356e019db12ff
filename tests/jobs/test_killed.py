"""A worker is killed in the middle of a job: the job is found, queued again, and done once by another worker."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from households.eligibility.jobs import KIND
from households.models import Assessment, Household, Tally
from povreg.jobs import lost, services
from povreg.jobs.models import Job
from tests import factories as make
from villages.messages.selectors import messages_of
from villages.rights import Role

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
YEAR = 2020
WORKER = """
import sys
from povreg.celery import app
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
app.conf.task_always_eager = False
app.worker_main(["worker", "--pool", "solo", "--loglevel", "ERROR", "--without-mingle", "--without-gossip"])
"""
WAITING = """SELECT count(*) FROM pg_locks
WHERE NOT granted AND relation = 'households_assessment'::regclass
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""  # other tests wait beside this one


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker of this test's own, on the same database and Redis."""
    name = settings.DATABASES["default"]["NAME"]
    process = subprocess.Popen([sys.executable, "-c", WORKER, name], cwd=settings.BASE_DIR)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(met: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def test_a_job_survives_its_worker() -> None:
    make.poverty_line()
    make.criteria_set(year_from=2013)
    for _ in range(5):
        make.annual_record(make.household(members=2))
    owner = make.posted(Role.COUNTY_OFFICER)
    job = services.launch(by=owner, kind=KIND, title="重新评定", place_code=make.COUNTY, params={"year": YEAR})

    with worker() as first, transaction.atomic():
        connection.cursor().execute("LOCK TABLE households_assessment IN SHARE MODE")  # in the middle it waits for us
        wait_until(somebody_waits_for_a_lock)
        first.kill()
        first.wait()
    job.refresh_from_db()
    assert (job.status, job.done, job.attempts) == (Job.Status.RUNNING, 0, 1)
    assert not Assessment.objects.exists()
    assert lost.requeue_lost() == 0, "it may still be at work"

    job.parts.update(heartbeat_at=timezone.now() - timedelta(seconds=31))
    assert lost.requeue_lost() == 1
    assert Job.objects.get(pk=job.pk).message == lost.INTERRUPTED
    with worker():
        wait_until(lambda: Job.objects.get(pk=job.pk).status in Job.ENDED)

    job.refresh_from_db()
    count = Household.objects.count()
    assert (job.status, job.done, job.expected, job.attempts) == (Job.Status.DONE, count, count, 1)
    assert job.parts.get().attempts == 2
    assert Assessment.objects.count() == count
    assert Tally.objects.get(place_id=make.COUNTY, measure="total").households == count
    assert [each.text for each in messages_of(owner)] == ["重新评定：已完成"]
