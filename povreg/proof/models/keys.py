"""Public parts of the county's signing keys."""

from django.db import models


class SigningKey(models.Model):
    """A key that signs here, or signed before: its public part only. Written by the owner (``migrate``,
    ``signing_key``); the application role cannot change it.

    An older key is trusted because the newer one signed its public part (``vouched_by``, ``voucher``), and the newest
    because its private part is configured outside the database: a row that somebody adds here is trusted by nobody.
    """

    key_id = models.CharField("密钥标识", max_length=16, unique=True, db_collation="C")
    public = models.CharField("公钥", max_length=44)
    since = models.DateTimeField("启用时间", auto_now_add=True)
    vouched_by = models.CharField("由哪个新密钥确认", max_length=16, blank=True, default="", db_collation="C")
    voucher = models.CharField("确认签名", max_length=88, blank=True, default="")
    note = models.CharField("更换说明", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "签名密钥"
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.key_id
