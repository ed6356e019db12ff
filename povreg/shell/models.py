"""By which keys the sealed values of this database were written."""

from django.db import models


class KeyMark(models.Model):
    """A key that was in use here: its public id, and whether look-up hashes are made with it (``hash_mark``: what it
    makes of a fixed text). Written by ``migrate``, as the owner; nobody else changes it. No key can be found from it.
    """

    key_id = models.CharField("密钥标识", max_length=6, unique=True)
    hash_mark = models.CharField("查找指纹", max_length=32, blank=True, default="")
    since = models.DateTimeField("启用时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "密钥指纹"

    def __str__(self) -> str:
        return self.key_id
