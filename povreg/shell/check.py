"""`make check`: every static check, all of them even when one fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
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


def main() -> None:
    failed = [name for name, command, extra in steps() if not passes(name, command, extra)]
    if failed:
        sys.exit(f"\nmake check: failed: {', '.join(failed)}")
    print("\nmake check: all passed")


def steps() -> list[tuple[str, list[str], dict[str, str]]]:
    manage = [sys.executable, "manage.py"]
    return [
        ("format", module("ruff", "format", "--check", "--quiet", "."), {}),
        ("lint", module("ruff", "check", "--quiet", "."), {}),
        ("templates", module("povreg.shell.markup", "--check"), {}),
        ("layers", [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"], {}),
        ("types", module("mypy"), {}),
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
    print(f"{'ok    ' if good else 'FAILED'} {name:<12}{time.monotonic() - begin:5.1f} s", flush=True)
    if not good:
        print((done.stdout + done.stderr).strip(), flush=True)
    return good


if __name__ == "__main__":
    main()
