"""Settings that cannot work are refused at start, with a sentence that names the setting, the fault and the remedy.

No sentence holds a value: it would stand in a log.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from environ import Env

from povreg.shell.embedded import ServerError

SHORTEST_SECRET = 50  # characters (Django's own bound, security.W009)
FEWEST_DIFFERENT = 5
KEY_BYTES = 32
DATABASE_SCHEMES = ("postgres", "postgresql")
REDIS_SCHEMES = ("redis", "rediss", "unix")
APART = "密码里有 / ? # % @ : 等字符时，请不要写在地址里，改为分开设置 {names}。"


def good_secret(text: str) -> str:
    """The SECRET_KEY. Raises ServerError for one that can be guessed."""
    if len(text) < SHORTEST_SECRET or len(set(text)) < FEWEST_DIFFERENT or text.startswith("django-insecure-"):
        raise ServerError(
            f"SECRET_KEY 太短或太简单：至少 {SHORTEST_SECRET} 个字符，且不能是示例值。"
            '请重新生成：python -c "import secrets; print(secrets.token_urlsafe(60))"'
        )
    return text


def good_keys(keys: Sequence[str], name: str = "FIELD_ENCRYPTION_KEYS") -> list[str]:
    """A setting of keys, each 32 bytes in base64. Raises ServerError naming the place of the faulty one."""
    if not keys:
        raise ServerError(f"{name} 是空的。请填写密钥，示例见 .env.example。")
    for number, key in enumerate(keys, 1):
        try:
            fits = len(base64.b64decode(key, validate=True)) == KEY_BYTES
        except (binascii.Error, ValueError):
            fits = False
        if not fits:
            raise ServerError(
                f"{name} 的第 {number} 个密钥格式不对：应为 32 字节的 base64（44 个字符，以 = 结尾）。"
                "请核对是否漏抄、多了空格或引号；多个密钥之间用英文逗号隔开。"
            )
    if len(set(keys)) < len(keys):
        raise ServerError(f"{name} 里有两个相同的密钥。请删去重复的一个，其余顺序不变。")
    return list(keys)


def database(env: Env, prefix: str = "DATABASE") -> dict[str, Any]:
    """A PostgreSQL server from {prefix}_HOST, _PORT, _NAME, _USER, _PASSWORD, else from {prefix}_URL.

    Raises ServerError for an address that cannot be read as one, or that a password has broken.
    """
    if host := env.str(f"{prefix}_HOST", default=""):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": host,
            "PORT": env.str(f"{prefix}_PORT", default="5432"),
            "NAME": env.str(f"{prefix}_NAME", default="povreg"),
            "USER": env.str(f"{prefix}_USER", default="povreg_app"),
            "PASSWORD": env.str(f"{prefix}_PASSWORD", default=""),
        }
    refuse_broken(env.str(f"{prefix}_URL"), f"{prefix}_URL", DATABASE_SCHEMES)
    return dict(env.db_url(f"{prefix}_URL"))


def redis_address(env: Env) -> str:
    """REDIS_URL, or one made from REDIS_HOST, REDIS_PORT and REDIS_PASSWORD. Raises ServerError."""
    if host := env.str("REDIS_HOST", default=""):
        password = quote(env.str("REDIS_PASSWORD", default=""), safe="")
        where = f"{host}:{env.int('REDIS_PORT', default=6379)}/0"
        return f"redis://:{password}@{where}" if password else f"redis://{where}"
    url = env.str("REDIS_URL")
    refuse_broken(url, "REDIS_URL", REDIS_SCHEMES)
    return url


def refuse_broken(url: str, name: str, schemes: Sequence[str]) -> None:
    """Raise ServerError for an address whose parts are not where they should be."""
    prefix = name.removesuffix("_URL")
    parts = ("HOST", "PORT", "PASSWORD") if prefix == "REDIS" else ("HOST", "PORT", "NAME", "USER", "PASSWORD")
    remedy = APART.format(names="、".join(f"{prefix}_{part}" for part in parts))
    try:
        found = urlsplit(url)
        whole = found.scheme in schemes and not found.fragment and "%" not in _odd_percents(url)
        whole = whole and (found.scheme == "unix" or bool(found.hostname or found.path)) and (found.port or 1) > 0
        whole = whole and "@" not in found.path and "@" not in found.query
    except ValueError:
        whole = False
    if not whole:
        raise ServerError(f"{name} 读不懂，应为 {schemes[0]}://用户:密码@主机:端口/名称。{remedy}")


def _odd_percents(url: str) -> str:
    """What is left of the percent signs that do not stand before two hexadecimal digits."""
    pieces = url.split("%")[1:]
    return "".join("%" for piece in pieces if len(piece) < 2 or set(piece[:2]) - set("0123456789abcdefABCDEF"))


def demo_refusal(*, production: bool, allowed: bool) -> str:
    """Why invented households and shared passwords may not come into the register that lies here; empty if they may."""
    if allowed or not production:
        return ""
    return (
        "这里使用外部数据库或 HTTPS，是正式环境，不能启用演示（DEMO=1、load_demo）：演示账号共用一个密码，"
        "演示数据会混进真实数据。请把 DEMO 设为 0。确实是培训或测试环境的，请再设置 ALLOW_DEMO=1。"
    )
