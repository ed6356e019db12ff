"""What the status page declares."""

from povreg.kit.menu import Entry, declare
from villages.rights import Right

MENU = (Entry("system", "系统状态", "system-status", (Right.SYSTEM_VIEW,), 10, hint="版本、队列、磁盘、备份、证书"),)


def connect() -> None:
    declare(*MENU)
