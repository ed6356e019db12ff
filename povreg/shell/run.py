"""`make run`: everything on one machine. Starts the servers, the web process, a worker and beat; Ctrl-C stops them all.

Settings: PORT (8000), HOST (127.0.0.1), DEMO (1), DEMO_HOUSEHOLDS (3000) and those of .env.example.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from povreg.kit import assets
from povreg.shell import environment
from povreg.shell.embedded import ServerError, Servers, make_home
from povreg.shell.embedded.processes import last_lines
from povreg.shell.environment import (
    BASE_DIR,
    POVREG_HOME,
    directory,
    env,
)

os.environ.setdefault("DEMO", "1")  # after .env was read: a line there wins
PORT = env.int("PORT", default=8000)
HOST = env.str("HOST", default="127.0.0.1")
DEMO = env.bool("DEMO")
HOUSEHOLDS = env.int("DEMO_HOUSEHOLDS", default=3000)
COUNTY = "500154"
LOGS = POVREG_HOME / "logs"
STATIC_ROOT = directory("STATIC_ROOT", BASE_DIR / "staticfiles")
PATIENCE = 25.0  # seconds a process may take to finish what it is doing
MOST_LOG, KEPT_LOGS = 20 * 2**20, 9  # bytes of a log before it is put aside; how many are kept
MOST_RESTARTS = 5
FROZEN_AFTER = 40.0  # seconds without the sign of life that a worker gives every ten
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
ACCOUNTS = (
    ("cun", "村级干部（500154201200）"),
    ("zhen", "乡镇干部（500154201）"),
    ("xian", "县级干部（500154）"),
    ("lingdao", "县领导（只读）"),
    ("bumen", "县行业部门"),
    ("bangfu", "帮扶责任人"),
    ("shenji", "审计人员"),
    ("guanli", "账号管理员（看不到农户）"),
    ("anquan", "安全管理员（授予任职、批准限时查阅）"),
    ("rizhi", "安全审计员（只看登录记录和系统状态）"),
    ("ducha", "督查人员"),
    ("duchazu", "督查组（没有任职，等待批准限时查阅）"),
    ("zhiyuan", "志愿者"),
)


@dataclass
class Child:
    """One of our processes, in a session of its own so that Ctrl-C reaches only us and we stop it in order."""

    name: str
    command: list[str]
    restarts: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name}.log"

    @property
    def sign(self) -> Path:
        """Touched by a worker while it lives (povreg.jobs.workers)."""
        return LOGS / f"{self.name}.alive"

    @property
    def frozen(self) -> bool:
        """Whether it showed signs of life once and shows none any more."""
        with contextlib.suppress(OSError):
            return time.time() - self.sign.stat().st_mtime > FROZEN_AFTER
        return False

    def start(self) -> None:
        self.sign.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=BASE_DIR,
                env={**os.environ, "POVREG_ALIVE": str(self.sign)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509  the supervisor has one thread
            )

    def ask(self, number: signal.Signals) -> None:
        """Signal the process alone: it ends its own children."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def finish(self, seconds: float) -> None:
        """Wait; whatever is left of the session after that is ended the hard way."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.1))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def revive(self) -> None:
        """Start again after an unexpected end. Raises ServerError when it ends again and again."""
        if self.process is not None and self.frozen:
            print(f"{self.name} 没有反应，正在结束并重新启动。", flush=True)
            self.finish(0)
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        self.restarts = [moment for moment in self.restarts if now - moment < 60] + [now]
        if len(self.restarts) > MOST_RESTARTS:
            raise ServerError(f"{self.name} 反复退出，日志 {self.log}：\n{last_lines(self.log)}")
        print(f"{self.name} 意外退出（退出码 {self.process.returncode}），正在重新启动。", flush=True)
        self.finish(0)
        self.start()


def end_with_parent() -> None:
    """In the child: the kernel ends us when the supervisor is killed outright (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def children() -> list[Child]:
    celery = ["celery", "-A", "povreg", "--quiet"]
    return [
        Child("web", ["gunicorn", "povreg.wsgi", "--bind", f"{HOST}:{PORT}", *web_options()]),
        Child("worker", [*celery, "worker", "--concurrency", "2", *worker_options()]),
        Child("clock", [*celery, "worker", "-Q", "clock", "-n", "clock@%h", "--concurrency", "1", *worker_options()]),
        Child(
            "beat",
            [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(POVREG_HOME / "beat-schedule"), "--pidfile="],
        ),
    ]


def worker_options() -> list[str]:
    return ["--loglevel", "WARNING", "--without-mingle"]


def web_options() -> list[str]:
    return ["--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "10", "--no-control-socket"]


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job starts with it ignored
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with only_one():
            check_port()
            serve(prepare())
    except KeyboardInterrupt:
        pass
    except ServerError as fault:
        sys.exit(f"\n无法运行：{fault}")


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Raises ServerError when this home is being served already."""
    make_home(POVREG_HOME)
    LOGS.mkdir(mode=0o700, exist_ok=True)
    with (POVREG_HOME / "run.lock").open("w") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise ServerError(
                f"{POVREG_HOME} 已经有一个 make run 在运行。请先停止它，或换一个 POVREG_HOME。"
            ) from fault
        yield


def check_port() -> None:
    """Raises ServerError when somebody else listens on our port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as fault:
            raise ServerError(f"端口 {PORT} 无法使用（{fault.strerror}）。请换一个端口：make run PORT=8001") from fault


def prepare() -> Servers | None:
    """Servers, tables, static files, demonstration data; each only where needed."""
    print("正在启动数据库…", flush=True)
    servers = environment.start_servers()
    manage("migrate", "--verbosity", "0")
    collect_static()
    load_demonstration()
    return servers


def manage(*words: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=BASE_DIR, check=False)
    if done.returncode:
        raise ServerError(f"manage.py {words[0]} 失败（退出码 {done.returncode}），原因见上。")


def collect_static() -> None:
    stamp, version = assets.collected(STATIC_ROOT), assets.version(BASE_DIR)
    if not stamp.exists() or stamp.read_text() != version:
        manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")
        stamp.write_text(version)


def load_demonstration() -> None:
    """Once per home; a load that was interrupted is repeated."""
    done = POVREG_HOME / "demo-loaded"
    if DEMO and not done.exists():
        print(f"正在生成演示数据（{HOUSEHOLDS} 户）…", flush=True)
        manage("load_places", "--under", COUNTY)
        manage("load_demo", "--county", COUNTY, "--households", str(HOUSEHOLDS), "--if-empty")
        done.write_text(f"{HOUSEHOLDS}\n")


def serve(servers: Servers | None) -> None:
    """Run until asked to stop; start again what ends by itself, the servers first."""
    running = children()
    failed = 0
    try:
        for child in running:
            child.start()
        wait_until_answers(running[0])
        announce()
        while True:
            time.sleep(1)
            failed = revive_servers(servers, failed)
            for child in running:
                child.revive()
                rotate(child.log)
    finally:
        stop(running)


def revive_servers(servers: Servers | None, failed: int) -> int:
    """How often in a row a server that had died did not start. Raises ServerError when that is too often."""
    if servers is None:
        return 0
    try:
        for name in servers.revive():
            print(f"{name} 意外退出，已重新启动。", flush=True)
    except ServerError:
        if failed + 1 >= MOST_RESTARTS:
            raise
        return failed + 1
    return 0


def rotate(log: Path, most: int = MOST_LOG, kept: int = KEPT_LOGS) -> None:
    """Put a log that has grown aside as ``.1``, older ones one further. Its process goes on writing into the same file,
    which it holds open to append, so what it writes between copying and emptying is all that can get lost."""
    if not log.exists() or log.stat().st_size < most:
        return
    aside = [log.with_name(f"{log.name}.{number}") for number in range(kept, 0, -1)]
    for older, newer in pairwise(aside):
        if newer.exists():
            newer.replace(older)
    shutil.copyfile(log, aside[-1])
    os.truncate(log, 0)


def wait_until_answers(web: Child, seconds: float = 150) -> None:
    """Raises ServerError with the end of the log when the web process does not come up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and web.process is not None and web.process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://{reachable_host()}:{PORT}/healthz", timeout=5)
            return
        time.sleep(0.1)
    raise ServerError(f"网页服务没有启动，日志 {web.log}：\n{last_lines(web.log)}")


def reachable_host() -> str:
    return "127.0.0.1" if HOST == "0.0.0.0" else HOST  # noqa: S104  compared, not bound


def announce() -> None:
    print(f"\n建档立卡系统已启动：http://{reachable_host()}:{PORT}/")
    print(f"数据目录：{POVREG_HOME}（日志在 logs/ 中）")
    if DEMO:
        print(f"\n演示账号，密码均为：{environment.demo_password()}")
        for name, role in ACCOUNTS:
            print(f"  {name:<10}{role}")
    print("\n按 Ctrl-C 停止。", flush=True)


def stop(running: list[Child]) -> None:
    """Beat first, so that nothing new is sent; then all finish what they are doing. A second Ctrl-C cannot cut in."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    print("\n正在停止…", flush=True)
    for child in reversed(running):
        child.ask(signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    for child in running:
        child.finish(end - time.monotonic())


if __name__ == "__main__":
    main()
