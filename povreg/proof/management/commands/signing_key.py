"""``signing_key``: the public keys for publication; ``--renew`` takes a new one although the one before is lost."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from povreg.kit.app_role import as_owner
from povreg.kit.commands import HouseCommand
from povreg.proof.keys import SigningKeyError, known, renew
from povreg.proof.signing import pem_of, trusted


class Command(HouseCommand):
    """Prints public keys only."""

    help = "显示签名密钥的公钥；--renew 在原密钥丢失时启用新密钥"
    checks_keys = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--renew", action="store_true", help="启用 SIGNING_KEYS 里的第一个密钥")
        parser.add_argument("--reason", default="", help="原密钥怎么丢失的，会公开")

    def handle(self, *, renew: bool, reason: str, **_: Any) -> None:
        if renew:
            self._renew(reason)
        keys = trusted()
        for row in known():
            state = "" if row.key_id in keys else "（没有可信的密钥确认它）"
            self.stdout.write(f"{row.key_id} 启用于 {row.since:%Y-%m-%d}{state} {row.note}\n{pem_of(row.public)}")

    def _renew(self, reason: str) -> None:
        if not reason.strip():
            raise CommandError("请用 --reason 写明原密钥是怎么丢失的。")
        try:
            with as_owner():
                before = renew(reason.strip()[:200])
        except SigningKeyError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"已接替 {before.key_id}。请重新公布公钥。")
