"""`make check`: every static check, all of them even when one fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from povreg.shell.environment import BASE_DIR

PRODUCTION = {
    "POVREG_DOTENV": "0",
    "DEBUG": "0",
    "DEMO": "0",
    "HTTPS": "1",
    "ALLOWED_HOSTS": "povreg.example",
    "SECRET_KEY": "check-only-7f0c1d9a52b84e63a1f0-4b8e2c6d9f3a71b5e0c8-NOT-A-SECRET",
    "SIGNING_KEYS": "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=",
    "FIELD_ENCRYPTION_KEYS": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "DATABASE_URL": "postgres://povreg_app:povreg@localhost/povreg",
    "DATABASE_OWNER_URL": "postgres://povreg:povreg@localhost/povreg",
    "REDIS_URL": "redis://localhost/0",
}
SIDE_BY_SIDE = 2
Step = tuple[str, list[str], dict[str, str]]


def main() -> None:
    failed = failing(steps(), SIDE_BY_SIDE)
    if failed:
        sys.exit(f"\nmake check: failed: {', '.join(failed)}")
    print("\nmake check: all passed")


def failing(found: list[Step], at_once: int) -> list[str]:
    """The names of those that fail. None needs what another leaves behind, and the types alone take longer than all
    the rest."""
    with ThreadPoolExecutor(at_once) as pool:
        passed = list(pool.map(lambda step: passes(*step), found))
    return [name for (name, _command, _extra), good in zip(found, passed, strict=True) if not good]


def steps() -> list[Step]:
    """The longest first."""
    manage = [sys.executable, "manage.py"]
    return [
        ("types", module("mypy"), {}),
        ("format", module("ruff", "format", "--check", "--quiet", "."), {}),
        ("lint", module("ruff", "check", "--quiet", "."), {}),
        ("templates", module("povreg.shell.markup", "--check"), {}),
        ("layers", [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"], {}),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], {}),
        ("locks", module("povreg.shell.migration_locks"), {}),
        ("deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]


def module(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]


def passes(name: str, command: list[str], extra: dict[str, str]) -> bool:
    """Quiet when all is well, the program's whole output when not."""
    begin = time.monotonic()
    done = subprocess.run(
        command, cwd=BASE_DIR, env={**os.environ, **extra}, capture_output=True, text=True, check=False
    )
    good = done.returncode == 0
    said = f"{'ok    ' if good else 'FAILED'} {name:<12}{time.monotonic() - begin:5.1f} s\n"
    if not good:
        said += (done.stdout + done.stderr).strip() + "\n"
    print(said, end="", flush=True)  # at once, for another step may end in the same moment
    return good


if __name__ == "__main__":
    main()
