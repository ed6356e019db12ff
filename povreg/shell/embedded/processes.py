"""Small helpers around the servers' processes."""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from .places import ServerError


def run(command: list[str | Path], *, user: int | None = None, seconds: float = 120) -> None:
    """Run a program to its end; its own words are part of the error.

    Raises ServerError when it fails or does not end in time.
    """
    line = [str(part) for part in command]
    try:
        done = subprocess.run(
            line,
            cwd="/",
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            user=user,
            group=None if user is None else group_of(user),
            extra_groups=None if user is None else [],
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise ServerError(f"无法运行 {line[0]}：{fault}") from fault
    if done.returncode:
        raise ServerError(f"{Path(line[0]).name} 失败（退出码 {done.returncode}）：\n{done.stdout.strip()[-2000:]}")


def group_of(user: int) -> int:
    return pwd.getpwuid(user).pw_gid


def clean_environment() -> dict[str, str]:
    """Servers must not inherit PGHOST, locales or secrets of the caller."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def is_server(pid: int, name: str, data: Path) -> bool:
    """Whether the process lives, runs the named program and works in this data directory.

    A pid file may outlive its process, and the number may by now be another program's or another home's server.
    """
    with contextlib.suppress(psutil.Error, OSError):
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or name not in process.name():
            return False
        return Path(process.cwd()) == data.resolve()
    return False


def read_pid(path: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(path.read_text().splitlines()[0])
    return None


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def end_server(pid: int, name: str, data: Path, seconds: float = 20) -> None:
    """Ask the server to end, insist after a while. Only ever this server."""
    for ask in (psutil.Process.terminate, psutil.Process.kill):
        if not is_server(pid, name, data):
            return
        with contextlib.suppress(psutil.Error):
            ask(psutil.Process(pid))
        if wait_for(lambda: not is_server(pid, name, data), seconds):
            return


def last_lines(path: Path, count: int = 15) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    return ""
