"""Whether a fault means that a disk is full: that of the files, or that of the database."""

import errno

from django.db import DatabaseError

from povreg.kit.locks import code_of

DISK_FULL = "53100"
FULL = "服务器磁盘已满，没有保存。请告诉系统管理员腾出空间，然后重新提交。"


def is_full(fault: BaseException) -> bool:
    if isinstance(fault, OSError):
        return fault.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(fault, DatabaseError) and code_of(fault) == DISK_FULL
