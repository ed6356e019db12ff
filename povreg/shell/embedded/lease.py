"""Who uses the servers of a home: the first one in starts them, the last one out stops them.

Every user holds a shared lock on one file; the system drops it when the process dies, however it dies.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from . import cache, postgres
from .places import Layout, ServerError, layout_of


class Servers:
    """Running servers of one home, held by this process until `release`; those it needs are started."""

    def __init__(
        self, layout: Layout, *, throwaway: bool = False, needs_database: bool = True, needs_redis: bool = True
    ) -> None:
        self.layout = layout
        self.throwaway = throwaway
        self.needs_database, self.needs_redis = needs_database, needs_redis
        self._owner = os.getpid()
        self._lease: int | None = None

    def acquire(self) -> None:
        """Raises ServerError when a server cannot be started."""
        with locked(self.layout.home / "start.lock"):
            self._lease = os.open(self.layout.home / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lease, fcntl.LOCK_SH)
            try:
                if self.needs_database:
                    postgres.start(self.layout, throwaway=self.throwaway)
                if self.needs_redis:
                    postgres.prepare_sockets(self.layout)
                    cache.start(self.layout)
            except BaseException:
                self._leave()
                raise

    def revive(self) -> list[str]:
        """Start again what has died; the names of what was started. Raises ServerError when it does not start: right
        after a kill its own children may not be gone yet, or the disk is full."""
        try:
            return self._revived()
        except OSError as fault:
            raise ServerError(str(fault)) from fault

    def _revived(self) -> list[str]:
        found = []
        if self.needs_database and not postgres.lives(self.layout):
            with locked(self.layout.home / "start.lock"):
                postgres.start(self.layout, throwaway=self.throwaway)
            found.append("PostgreSQL")
        if self.needs_redis and not cache.lives(self.layout):
            with locked(self.layout.home / "start.lock"):
                cache.start(self.layout)
            found.append("Redis")
        return found

    def release(self) -> None:
        """Give the lease back; stop the servers (and delete a throw-away home) when nobody else holds one."""
        if self._lease is None or self._owner != os.getpid():
            return
        if not self.layout.home.exists():  # somebody deleted it under us
            stop(self.layout)
            return
        with locked(self.layout.home / "start.lock"):
            self._leave()

    def _leave(self) -> None:
        assert self._lease is not None
        fcntl.flock(self._lease, fcntl.LOCK_UN)
        if claim(self._lease):
            stop(self.layout)
            if self.throwaway:
                remove(self.layout)
        os.close(self._lease)
        self._lease = None


def ensure(
    home: Path | str, *, throwaway: bool = False, needs_database: bool = True, needs_redis: bool = True
) -> Servers:
    """Servers of this home, running, until this process ends or releases them.

    Raises ServerError when one cannot be started.
    """
    servers = Servers(layout_of(home), throwaway=throwaway, needs_database=needs_database, needs_redis=needs_redis)
    servers.acquire()
    atexit.register(servers.release)
    return servers


def reap(home: Path) -> None:
    """Stop and delete a throw-away home whose users are all gone (a test run that was killed)."""
    layout = layout_of(home)
    with contextlib.suppress(OSError), locked(home / "start.lock"):
        lease = os.open(home / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if claim(lease):
            stop(layout)
            remove(layout)
        os.close(lease)


def stop(layout: Layout) -> None:
    cache.stop(layout)
    postgres.stop(layout)


def remove(layout: Layout) -> None:
    for path in {layout.sockets, layout.ground, layout.home}:
        shutil.rmtree(path, ignore_errors=True)


def claim(lease: int) -> bool:
    """Whether nobody else holds the lease."""
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Exclusive lock between processes while the block runs."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
