"""What the surroundings say, read once: settings, manage.py and run.py must agree on it before Django starts."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import environ

from povreg.shell import embedded, refusals

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
if os.environ.get("POVREG_DOTENV", "1") == "1":
    env.read_env(BASE_DIR / ".env")
FROM_FILES = (
    *("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "SIGNING_KEYS", "BACKUP_KEY", "METRICS_TOKEN"),
    *(
        "DATABASE_PASSWORD",
        "DATABASE_OWNER_PASSWORD",
        "REDIS_PASSWORD",
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
    ),
)
"""Settings whose value may lie in the file that {name}_FILE names: such as secrets of a container or of systemd."""


def read_secret_files(names: Sequence[str] = FROM_FILES) -> None:
    """Take each secret that a file holds into the environment; several keys may stand one a line. Raises
    embedded.ServerError for a file that cannot be read, or a secret that is given twice."""
    for name in names:
        if not (path := env.str(f"{name}_FILE", default="")):
            continue
        if env.str(name, default=""):
            raise embedded.ServerError(f"{name} 和 {name}_FILE 只能设置一个，请去掉其中一个。")
        try:
            lines = Path(path).read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as fault:
            raise embedded.ServerError(f"{name}_FILE 指的文件读不出来：{path}。请核对路径和权限。") from fault
        os.environ[name] = ",".join(line.strip() for line in lines if line.strip())


read_secret_files()


def directory(name: str, default: Path) -> Path:
    """A path from the environment; a relative one starts at the checkout, wherever the command is run."""
    given = env.str(name, default="")
    return BASE_DIR / Path(given).expanduser() if given else default


POVREG_HOME = directory("POVREG_HOME", BASE_DIR / ".povreg")
EMBEDDED_DATABASE = not (env.str("DATABASE_URL", default="") or env.str("DATABASE_HOST", default=""))
EMBEDDED_REDIS = not (env.str("REDIS_URL", default="") or env.str("REDIS_HOST", default=""))
HTTPS = env.bool("HTTPS", default=False)
PRODUCTION = HTTPS or not EMBEDDED_DATABASE
"""Where a register of real people is kept: invented ones are refused there (povreg.shell.refusals)."""
ALLOW_DEMO = env.bool("ALLOW_DEMO", default=False)
EMBEDDED = EMBEDDED_DATABASE or EMBEDDED_REDIS


def start_servers() -> embedded.Servers | None:
    """The embedded servers that no URL is given for, held until this process ends; None when both are given.

    Raises embedded.ServerError when one cannot be started.
    """
    if not EMBEDDED:
        return None
    return embedded.ensure(POVREG_HOME, needs_database=EMBEDDED_DATABASE, needs_redis=EMBEDDED_REDIS)


def owner_of(application: dict[str, Any]) -> dict[str, Any]:
    """Whom DATABASE_OWNER_URL names; without it the application's own role, which then is the owner."""
    given = application
    if env.str("DATABASE_OWNER_USER", default=""):
        given = application | {name: env.str(f"DATABASE_OWNER_{name}", default="") for name in ("USER", "PASSWORD")}
    elif env.str("DATABASE_OWNER_URL", default=""):
        given = refusals.database(env, "DATABASE_OWNER")
    return {name: given[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT") if name in given}


def secret(name: str, make: Callable[[], str]) -> str:
    """A secret from the environment; on a laptop it is made once and kept in the home.

    Raises embedded.ServerError in production, where a lost key would mean unreadable identity numbers.
    """
    given = env.str(name, default="")
    if given:
        return given
    if not EMBEDDED:
        raise embedded.ServerError(f"缺少环境变量 {name}。使用外部数据库时必须设置，示例见 .env.example。")
    return embedded.keep_once(POVREG_HOME / "keys" / name, make)


def new_key() -> str:
    """32 random bytes in base64: one key of the field encryption."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def demo_password() -> str:
    """Shared by the demonstration accounts: DEMO_PASSWORD, else one made for this home."""
    given = env.str("DEMO_PASSWORD", default="")
    return given or embedded.keep_once(POVREG_HOME / "keys" / "DEMO_PASSWORD", new_password)


def new_password() -> str:
    """Easy to type, and of all four classes that the password rule asks for."""
    return f"Povreg-{secrets.randbelow(9000) + 1000}-{secrets.randbelow(9000) + 1000}"
