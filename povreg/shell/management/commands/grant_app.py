"""``grant_app``: what the application role may do, set anew (``migrate`` ends with it)."""

from typing import Any

from django.core.management.base import CommandError

from povreg.kit.app_role import RoleError, app_role, as_owner, grant_app, owns_itself
from povreg.kit.commands import HouseCommand


class Command(HouseCommand):
    help = "Give the role of DATABASE_URL its rights, as the role of DATABASE_OWNER_URL (after a restore by hand)."

    def handle(self, *_args: Any, **options: Any) -> None:
        with as_owner():
            try:
                grant_app()
            except RoleError as fault:
                raise CommandError(str(fault)) from fault
        if owns_itself():
            self.stderr.write(f"提醒：网页和任务使用的数据库账号 {app_role()} 就是所有者。请设置 DATABASE_OWNER_URL。")
        elif options["verbosity"]:
            self.stdout.write(f"数据库账号 {app_role()} 的权限已设置。")
