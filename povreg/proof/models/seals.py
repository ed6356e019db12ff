"""The daily seals of the change history."""

from django.conf import settings
from django.db import models

from povreg.kit.history import append_only


class Seal(models.Model):
    """One link of a county's chain: a day's history as one hash, on top of the link before, signed.

    ``chain`` is the county's code, empty for what belongs to no county (accounts, standards). ``tables`` says of each
    table of history how many versions were sealed, under which root, and which columns they then had: columns that come
    later change nothing. ``head`` is the hash over all the other fields (povreg.proof.seals.hashing).
    """

    chain = models.CharField("县代码", max_length=6, blank=True, db_collation="C")
    number = models.PositiveIntegerField("第几号")
    day = models.DateField("日期")
    previous = models.CharField("上一号", max_length=64, blank=True)
    events = models.PositiveIntegerField("变更数")
    tables = models.JSONField("各表", default=dict)
    head = models.CharField("封印", max_length=64, unique=True)
    key_id = models.CharField("签名密钥", max_length=16)
    signature = models.CharField("签名", max_length=88)
    at = models.DateTimeField("封印时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "历史封印"
        ordering = ["chain", "-number"]
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="seal_number_once"),
            models.UniqueConstraint(fields=["chain", "day"], name="seal_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} 第{self.number}号 {self.head}"


class SealPart(models.Model):
    """Some thousand leaves of a seal: ids of the versions (8 bytes each), salts (16) and leaves (32), in one order.
    An erased version has no salt any more; only the owner, who erases, may take one out."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="parts", verbose_name="封印")
    table = models.CharField("历史表", max_length=63)
    position = models.PositiveIntegerField("第几段")
    last = models.BigIntegerField("最后一个版本")
    ids = models.BinaryField("版本")
    salts = models.BinaryField("盐")
    leaves = models.BinaryField("叶")

    class Meta:
        verbose_name = verbose_name_plural = "封印的叶"
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["seal", "table", "position"], name="seal_part_once")]
        indexes = [models.Index(fields=["table", "last"], name="seal_part_last_idx")]


class Erasure(models.Model):
    """A version of a row whose values were erased by law: its leaf stays, its values and its salt are gone. Signed, so
    that nobody can pass an alteration off as one."""

    table = models.CharField("历史表", max_length=63)
    version = models.BigIntegerField("版本")
    leaf = models.CharField("叶", max_length=64)
    rule = models.CharField("依据", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人"
    )
    at = models.DateTimeField("时间")
    key_id = models.CharField("签名密钥", max_length=16)
    signature = models.CharField("签名", max_length=88)

    class Meta:
        verbose_name = verbose_name_plural = "依法删除的历史"
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["table", "version"], name="erased_once")]

    @property
    def said(self) -> str:
        """What is signed."""
        return f"{self.table} {self.version} {self.leaf} {self.at.isoformat()} {self.rule}"
