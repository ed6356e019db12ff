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


class RotationStep(models.Model):
    """A step of ``rotate_keys`` that is done for the key now in front; a rotation that was interrupted goes on after
    it."""

    key_id = models.CharField("密钥标识", max_length=6)
    step = models.CharField("步骤", max_length=80)
    changed = models.PositiveBigIntegerField("改写数", default=0)
    done_at = models.DateTimeField("完成时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "更换密钥的步骤"
        constraints = [models.UniqueConstraint(fields=["key_id", "step"], name="rotation_step_once")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.step}"


class BackupRun(models.Model):
    """A backup that was made, or a set that was tried out by restoring it; the status page tells how old they are."""

    class Kind(models.TextChoices):
        BACKUP = "backup", "备份"
        DRILL = "drill", "试恢复"

    kind = models.CharField("种类", max_length=6, choices=Kind.choices)
    at = models.DateTimeField("时间", auto_now_add=True)
    ok = models.BooleanField("成功")
    name = models.CharField("备份", max_length=60)
    size = models.PositiveBigIntegerField("字节", default=0)
    rows = models.PositiveBigIntegerField("行数", default=0)
    said = models.CharField("结果", max_length=400, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "备份记录"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
