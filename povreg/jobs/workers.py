"""What a worker's processes do beside their tasks: show that they live, and end a child that froze.

A busy worker is not a dead one: its main process shows the sign of life, not a task that would wait for a place. Each
child touches a file of its own every few seconds; the main process kills one whose file grows old (stopped, or stuck
where no signal reaches it), and Celery starts another in its place. The lost job is found by povreg.jobs.lost. That
is done by a thread: a worker that ends itself, because its broker went beyond repair, waits for its children and beats
no more; with a frozen one among them it would wait for ever, and nobody would start another worker.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil
from celery import signals
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from povreg.kit.limits import WORKER, limit_sessions

log = logging.getLogger(__name__)
CLOCK = "clock"  # name and queue of the worker that nothing long may block
KEY = "worker-heartbeat"
CLOCK_KEY = "clock-heartbeat"
KEY_LIFE = 50  # seconds
TELL_EVERY = 10.0  # seconds
PULSE = 3.0  # seconds
FROZEN_AFTER = 25.0  # seconds
ENDS_WITHIN = 9.0  # seconds after an error that the worker does not survive
ALIVE_FILE = "POVREG_ALIVE"  # of the environment: touched for a supervisor (povreg.shell.run)
_name = ["celery"]
_told = [float("-inf")]
_pulses: list[Path] = []


@signals.celeryd_init.connect
def begin(sender: str = "", **_: object) -> None:
    """In the main process, before its children start."""
    _name[0] = str(sender).partition("@")[0]
    limit_sessions(WORKER)
    _pulses[:] = [Path(tempfile.mkdtemp(prefix="povreg-pulse-"))]


@signals.worker_shutdown.connect
def end(**_: object) -> None:
    """In the main process."""
    for folder in _pulses:
        shutil.rmtree(folder, ignore_errors=True)


@signals.worker_process_init.connect
def begin_pulse(**_: object) -> None:
    """In each child."""
    threading.Thread(target=pulse, args=(_pulses[0] / str(os.getpid()),), daemon=True, name="pulse").start()


def pulse(file: Path) -> None:
    while file.parent.exists():
        with contextlib.suppress(OSError):
            file.touch()
        time.sleep(PULSE)


@signals.worker_ready.connect
@signals.heartbeat_sent.connect
def tell_alive(**_: object) -> None:
    """In the main process, every two seconds."""
    if time.monotonic() - _told[0] < TELL_EVERY:
        return
    _told[0] = time.monotonic()
    if path := os.environ.get(ALIVE_FILE):
        Path(path).touch()
    with contextlib.suppress(RedisError):
        note_alive(_name[0])


@signals.worker_ready.connect
def begin_watch(sender: Any, **_: object) -> None:
    """In the main process."""
    threading.Thread(target=watch, args=(sender.controller,), daemon=True, name="watch").start()


def watch(controller: Any) -> None:
    """End children that froze; and all, where the worker broke down and does not come to its end."""
    broken = 0.0
    while broken <= ENDS_WITHIN:
        time.sleep(PULSE)
        with contextlib.suppress(OSError):
            end_frozen(_pulses[0])
        broken += PULSE if controller.exitcode else 0.0
    leave(int(controller.exitcode))


def leave(code: int) -> None:
    """At once, without waiting for children: what they had at work is found and done again."""
    log.error("the worker broke down and did not end; it is ended")
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            child.kill()
    end()
    os._exit(code)


def note_alive(name: str = "celery") -> None:
    """The sign of life that health checks and the pages of jobs look at."""
    cache.set(CLOCK_KEY if name == CLOCK else KEY, timezone.now().isoformat(), KEY_LIFE)


def end_frozen(folder: Path, now: float | None = None) -> list[int]:
    """Kill the children whose pulse is too old, and answer their numbers. Files of children that ended go."""
    ended = []
    for file in list(folder.iterdir()):
        with contextlib.suppress(OSError):
            if (now or time.time()) - file.stat().st_mtime < FROZEN_AFTER:
                continue
            file.unlink()
            if is_child(int(file.name)):
                os.kill(int(file.name), signal.SIGKILL)
                log.error("worker process %s was frozen and has been ended", file.name)
                ended.append(int(file.name))
    return ended


def is_child(pid: int) -> bool:
    """Whether the number is still that of a child of ours, not of somebody who came after it."""
    with contextlib.suppress(psutil.Error):
        return bool(psutil.Process(pid).ppid() == os.getpid())
    return False
