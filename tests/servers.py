"""pytest plugin (-p tests.servers): a throw-away PostgreSQL and Redis of this run's own, before Django is set up.

The first process starts them and deletes them at the end; the parallel workers join through POVREG_HOME.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from povreg.shell import embedded
from povreg.shell.embedded import lease

PREFIX = "povreg-test-"
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3  # bytes free; a run needs some hundred megabytes
OURS = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MEDIA_ROOT"),
    *("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "SIGNING_KEYS", "ALLOWED_HOSTS"),
)


def begin() -> embedded.Servers:
    """Point the environment at a home of our own. A killed run's leftovers go first."""
    if "POVREG_TEST_HOME" not in os.environ:
        ground = place()
        for leftover in ground.glob(f"{PREFIX}*"):
            if leftover.is_dir() and leftover.stat().st_uid == os.geteuid():
                lease.reap(leftover)
        home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=ground))
        home.chmod(0o711)
        os.environ["POVREG_TEST_HOME"] = str(home)
    for name in OURS:
        os.environ.pop(name, None)
    worker = re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", ""))
    os.environ.update(
        POVREG_HOME=os.environ["POVREG_TEST_HOME"],
        POVREG_DOTENV="0",
        DEMO="1",
        DEBUG="0",
        HTTPS="0",
        REDIS_DB=str(int(worker) + 1) if worker else "0",
        CELERY_TASK_ALWAYS_EAGER="1",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",  # Playwright's loop runs in the thread of the test
        MEDIA_ROOT=str(Path(os.environ["POVREG_TEST_HOME"]) / f"media{worker}"),
        LOG_LEVEL="WARNING",
        STRICT_TEMPLATES="1",
    )
    return embedded.ensure(os.environ["POVREG_TEST_HOME"], throwaway=True)


def place() -> Path:
    """In memory where there is room: copying the database takes a fifth of a second there, on a disk up to ten times
    that. TMPDIR, when set, decides."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy and "TMPDIR" not in os.environ else Path(tempfile.gettempdir())


SERVERS = begin()
