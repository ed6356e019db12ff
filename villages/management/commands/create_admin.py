"""The first two administrators of a county: one opens accounts, the other grants postings."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from povreg.kit.commands import HouseCommand
from villages.models import Place, Posting, User
from villages.people import postings, services
from villages.rights import Role

SUFFIX = "-anquan"


class Command(HouseCommand):
    help = (
        "开通一个县的账号管理员和安全管理员（两个账号，须由两个人使用），打印一次性初始密码。"
        "已有的账号加 --reset 重置密码。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--county", required=True, help="县级区划代码，如 500154")
        parser.add_argument("--username", required=True, help="账号管理员的用户名")
        parser.add_argument("--name", required=True, help="账号管理员的姓名")
        parser.add_argument("--security-username", default="", help=f"安全管理员的用户名（默认在前者后加 {SUFFIX}）")
        parser.add_argument("--security-name", default="", help="安全管理员的姓名（默认同前）")
        parser.add_argument("--reset", action="store_true", help="账号已存在时重置密码、解锁并补上任职")

    def handle(self, **options: Any) -> None:
        county = Place.objects.filter(code=options["county"], level=Place.Level.COUNTY).first()
        if county is None:
            raise CommandError(f"没有代码为 {options['county']} 的县。请先用 load_places 载入区划，再核对代码。")
        wanted = [
            (options["username"], options["name"], Role.ACCOUNTS_ADMIN),
            (
                options["security_username"] or options["username"] + SUFFIX,
                options["security_name"] or options["name"],
                Role.SECURITY_ADMIN,
            ),
        ]
        try:
            with transaction.atomic():
                made = [make(county, *who, reset=options["reset"]) for who in wanted]
        except ValidationError as refusal:
            raise CommandError("\n".join(refusal.messages)) from refusal
        for account, password, role in made:
            self.stdout.write(f"{role.label}  {account.username}  {password}")
        self.stdout.write("密码只显示这一次，首次登录时必须修改。两个账号请交给两个人。")


def make(county: Place, username: str, name: str, role: Role, *, reset: bool) -> tuple[User, str, Role]:
    """The account with its posting and a new initial password. Raises ValidationError when it exists and ``reset`` is
    not asked for, or when its other postings must not meet with this one."""
    account = User.objects.filter(username=username.strip().lower()).first() if reset else None
    if account is None:
        account, password = services.open_account(by=None, username=username, name=name, place=county)
    else:
        services.reopen(by=None, account=account)
        password = services.reset_password(by=None, account=account)
    if not Posting.objects.today().filter(user=account, role=role, place=county).exists():
        postings.grant(by=None, account=account, role=role, place=county, starts_on=timezone.localdate())
    return account, password, role
