"""``rotate_keys``: everything under the first of FIELD_ENCRYPTION_KEYS, while people work (povreg.shell.rotation)."""

from typing import Any

from django.core.management import CommandError

from povreg.kit.app_role import as_owner
from povreg.kit.commands import HouseCommand
from povreg.shell.embedded import ServerError
from povreg.shell.rotation import Rotation


class Command(HouseCommand):
    help = (
        "更换字段密钥：把号码、电话、账号、历史、文件和查找用的指纹都换到 FIELD_ENCRYPTION_KEYS 的第一个密钥下，"
        "不影响使用，可以随时中断后再运行。做完后可以从设置里去掉其余的密钥。"
    )

    def handle(self, *_args: Any, **options: Any) -> None:
        with as_owner():
            try:
                counts = Rotation(self.stdout.write).run()
            except ServerError as fault:
                raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"完成：改写 {sum(counts.values())} 处。现在可以从 FIELD_ENCRYPTION_KEYS 里去掉其余的密钥，只留第一个，"
            "再重新启动各进程；旧密钥请与旧备份一起保存，到旧备份过期为止。"
        )
