"""ROUNDS (200) random faults during imports, recomputes, approvals and ledger writes: nothing lost, doubled or half
done, each recovered within a minute. `make soak`, or ROUNDS=12 make soak; MINUTES ends it sooner, SEED repeats a run.
A full disk is among the faults where TMPDIR is a small volume of its own (mount -t tmpfs -o size=1500m soak DIR;
TMPDIR=DIR make soak)."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InterfaceError, connection, connections

from assistance.funds.ledger import services as ledger
from assistance.models import Disbursement
from households.eligibility.jobs import KIND as RECOMPUTE
from households.models import Assessment, Household, Member, RegisterEvent, SheetImport
from households.procedures.lists import effects
from households.sheets import services as sheets
from povreg.jobs import lost
from povreg.jobs.models import Job
from povreg.jobs.services import launch, retry
from povreg.shell.embedded import ServerError, cache as redis_server, postgres
from tests import factories
from tests.assistance import moneyed
from tests.households.procedures.procedure_world import World
from tests.households.sheets import sheetbooks
from tests.servers import SERVERS
from villages.rights import Role

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = int(os.environ.get("ROUNDS", "200"))
MINUTES = float(os.environ.get("MINUTES", "inf"))
SEED = int(os.environ.get("SEED", "20261130"))
MOST = 60.0  # seconds until it is whole again
YEAR = 2020
WORKER = """
import sys
from povreg.celery import app
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
app.conf.task_always_eager = False
app.worker_main(["worker", "--concurrency", "2", "--loglevel", "CRITICAL", "--without-mingle", "--without-gossip"])
"""
KIDS = ("worker", "child", "frozen", "redis", "database")
SMALL = 4 * 1024**3  # bytes of a volume that may be filled


@dataclass
class Soak:
    """The servers' users: a worker that is started again whenever it is gone, and what was seen."""

    folder: Path
    dice: random.Random
    worker: subprocess.Popen[bytes] | None = None
    slowest: float = 0.0
    full_until: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    works: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    def keep_worker(self) -> None:
        if self.worker is None or self.worker.poll() is not None:
            name = settings.DATABASES["default"]["NAME"]
            self.worker = subprocess.Popen(
                [sys.executable, "-c", WORKER, name], cwd=settings.BASE_DIR, start_new_session=True
            )

    @property
    def filler(self) -> Path:
        return SERVERS.layout.home / "filler"

    def kinds(self) -> tuple[str, ...]:
        """Of faults; the disk's only where it is nobody else's."""
        own = shutil.disk_usage(SERVERS.layout.home).total < SMALL
        return (*KIDS, "disk") if own else KIDS

    def fill(self) -> None:
        """No byte is free for some seconds."""
        filler = os.open(self.filler, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        with contextlib.suppress(OSError):
            os.posix_fallocate(filler, 0, shutil.disk_usage(SERVERS.layout.home).free)
            while os.write(filler, bytes(4096)):
                pass
        os.close(filler)
        self.full_until = time.monotonic() + self.dice.uniform(1.0, 8.0)

    def hurt(self, kind: str) -> None:
        """One fault, of our own processes only."""
        self.faults[kind] += 1
        assert self.worker is not None
        if kind == "worker":
            self.worker.kill()
            self.worker.wait()
        elif kind in ("child", "frozen"):
            kids = psutil.Process(self.worker.pid).children()
            if kids:
                self.dice.choice(kids).send_signal(signal.SIGKILL if kind == "child" else signal.SIGSTOP)
        elif kind == "disk":
            self.fill()
        elif kind == "redis":
            os.kill(int((SERVERS.layout.redis_data / "server.pid").read_text()), signal.SIGKILL)
        else:
            postgres.control(SERVERS.layout, "stop", "-m", "immediate", "-w")
            connections.close_all()

    def heal(self) -> None:
        """What `make run` and its clock do: servers and workers are started again, lost work is found."""
        if time.monotonic() > self.full_until:
            self.filler.unlink(missing_ok=True)
        try:
            if not postgres.lives(SERVERS.layout):
                postgres.start(SERVERS.layout)
            if not redis_server.lives(SERVERS.layout):
                redis_server.start(SERVERS.layout)
            self.keep_worker()
            lost.requeue_lost()
        except (ServerError, DatabaseError, InterfaceError, OSError):
            if self.filler.exists():
                connection.close()
                return
            connection.close()

    def retry_failed(self) -> None:
        """A job that a full disk ended says so and is asked for again, as its owner would; nothing of it was written,
        else it would be there twice."""
        for job in Job.objects.filter(status=Job.Status.FAILED):
            assert self.faults["disk"], job.error
            self.told[job.error] += 1
            retry(by="soak", job=job)

    def wait(self, met: Callable[[], bool], what: str, seconds: float = MOST) -> None:
        began = time.monotonic()
        while True:
            self.heal()
            try:
                self.retry_failed()
                if met() and not self.filler.exists():
                    break
            except (DatabaseError, InterfaceError, psycopg2.Error):
                connection.close()
            assert time.monotonic() - began < seconds, f"{what}: not whole after {seconds:.0f} s"
            time.sleep(0.5)
        self.slowest = max(self.slowest, time.monotonic() - began)


@pytest.fixture
def soak(tmp_path) -> Iterator[Soak]:
    made = Soak(tmp_path, random.Random(SEED))
    connections.close_all()
    postgres.stop(SERVERS.layout)  # it comes again as the product starts it: what was acknowledged is on the disk
    made.heal()
    try:
        yield made
    finally:
        if made.worker is not None:
            os.killpg(made.worker.pid, signal.SIGKILL)
            made.worker.wait()


def apart(work: Callable[[], object]) -> int:
    """Do it in a process of its own; its number."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    finally:
        os._exit(0)


class Ledger:
    """Payments one after another; each is written down outside once it was acknowledged."""

    def __init__(self, soak: Soak) -> None:
        self.book = soak.folder / "acknowledged"
        self.book.touch()
        self.by = factories.posted(Role.COUNTY_OFFICER)
        project = moneyed.project(state=moneyed.State.STARTED, budget=Decimal("900000000"))
        source = moneyed.source(amount=Decimal("900000000"))
        self.given = moneyed.allocation("900000000", project=project, source=source)
        self.number = 0

    def pay(self, first: int) -> None:
        for number in range(first, first + 10_000):
            payee = ledger.Payee(Decimal("1.00"), unit=f"施工队{number}")
            ledger.disburse(by=self.by, allocation=self.given, payees=[payee], item=f"工程款{number}",
                            paid_on=date(2026, 3, 3), voucher=f"凭{number}")  # fmt: skip
            with self.book.open("a") as book:
                book.write(f"凭{number}\n")

    def round(self, soak: Soak) -> None:
        self.number += 10_000
        pid = apart(lambda: self.pay(self.number))
        time.sleep(soak.dice.uniform(0.5, 2.0))
        if soak.dice.random() < 0.2:
            soak.hurt(soak.dice.choice(["database", *soak.kinds()[len(KIDS) :]]))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        soak.faults["writer"] += 1
        soak.wait(lambda: Disbursement.objects.exists() or True, "ledger")
        stored = Counter(Disbursement.objects.values_list("voucher", flat=True))
        told = self.book.read_text().split()
        assert not set(told) - set(stored), "acknowledged payments are lost"
        assert len(stored) - len(told) <= soak.faults["writer"], "payments that nobody acknowledged"
        assert max(stored.values(), default=1) == 1, "paid twice"
        self.given.refresh_from_db()
        assert self.given.paid == sum(stored.values()) * Decimal("1.00"), "the sum is not that of the payments"
        self.book.write_text("".join(f"{each}\n" for each in stored))


def approvals(soak: Soak) -> None:
    """An approval is whole or not at all, and can be done after an interruption."""
    world = World(4)
    batch = world.until(world.start(), "filing")
    world.supply(batch)
    before = RegisterEvent.objects.count()

    def approve() -> None:
        with world.at():
            effects.approve_batch(by=world.actor(batch), batch=batch)

    pid = apart(approve)
    time.sleep(soak.dice.uniform(0.0, 0.4))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    soak.faults["writer"] += 1
    batch.refresh_from_db()
    events = RegisterEvent.objects.count() - before
    if batch.step is not None:
        assert events == 0, "half an approval"
        approve()
        batch.refresh_from_db()
        events = RegisterEvent.objects.count() - before
    assert batch.step is None and events == len(world.households), events


def recomputes(soak: Soak) -> None:
    households = Household.objects.filter(village_id=factories.NEXT_VILLAGE)
    Assessment.objects.filter(household__in=households).delete()
    job = launch(by=None, kind=RECOMPUTE, title="重新评定", place_code=factories.NEXT_VILLAGE, params={"year": YEAR})
    time.sleep(soak.dice.uniform(0.0, 0.8))
    soak.hurt(soak.dice.choice(soak.kinds()))
    soak.wait(lambda: Job.objects.get(pk=job.pk).status in Job.ENDED, "recompute")
    job.refresh_from_db()
    assert (job.status, job.done) == (Job.Status.DONE, households.count()), job.error
    assert Assessment.objects.filter(household__in=households, year=YEAR).count() == households.count()


def imports(soak: Soak) -> None:
    by = factories.posted(Role.COUNTY_OFFICER)
    born = FIRST_BORN + timedelta(days=next(_days))  # factories have 500 numbers for a birthday
    rows = [
        sheetbooks.person(f"50015420120{next(_numbers):07d}", 姓名=f"李{word}", 证件号码=sheetbooks.new_id(born))
        for word in "建国民军平安"
        for _ in range(5)
    ]
    path = sheetbooks.save(soak.folder / "roster.xlsx", {"名单": rows})
    file = SimpleUploadedFile("名单.xlsx", path.read_bytes())
    sheet = sheets.upload_sheet(by=by, file=file, county=factories.COUNTY, layout="roster-2022")
    time.sleep(soak.dice.uniform(0.0, 1.0))
    soak.hurt(soak.dice.choice(soak.kinds()))
    soak.wait(lambda: state(sheet) == SheetImport.Status.CHECKED, "check of a sheet")
    before = Member.objects.count()
    sheets.confirm_sheet(by=by, sheet=SheetImport.objects.get(pk=sheet.pk), sure=True)
    time.sleep(soak.dice.uniform(0.0, 1.5))
    soak.hurt(soak.dice.choice(soak.kinds()))
    soak.wait(lambda: state(sheet) == SheetImport.Status.DONE, "import")
    assert Member.objects.count() - before == len(rows), "people lost or doubled"


def state(sheet: SheetImport) -> str:
    return str(SheetImport.objects.get(pk=sheet.pk).status)


_numbers, _days = iter(range(1, 10**6)), iter(range(10**4))
FIRST_BORN = date(1960, 1, 1)


def test_whatever_is_killed_nothing_is_lost_or_done_twice(soak: Soak, capsys) -> None:
    factories.poverty_line()
    factories.criteria_set(year_from=2013)
    factories.place(factories.VILLAGE)
    for _ in range(20):
        factories.annual_record(factories.household(factories.NEXT_VILLAGE, members=2))
    book, began = Ledger(soak), time.monotonic()
    works = {"ledger": book.round, "approval": approvals, "recompute": recomputes, "import": imports}
    done = 0
    while sum(soak.faults.values()) < ROUNDS and time.monotonic() - began < MINUTES * 60:
        name = soak.dice.choice(list(works))
        works[name](soak)
        soak.works[name] += 1
        done += 1
        with capsys.disabled():
            print(f"{done:4} {name:<10} faults {sum(soak.faults.values()):4} slowest {soak.slowest:4.0f} s", flush=True)
    soak.wait(lambda: not Job.objects.exclude(status=Job.Status.DONE).exists(), "every job")
    cache.clear()  # it takes writes again as soon as there is room
    with capsys.disabled():
        print(f"faults {dict(soak.faults)}, works {dict(soak.works)}, told {dict(soak.told)}")
        print(f"slowest {soak.slowest:.0f} s, {time.monotonic() - began:.0f} s in all")
