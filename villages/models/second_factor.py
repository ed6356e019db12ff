"""The second factor of signing in (policy.md 11.11)."""

from django.db import models

from povreg.kit.fields import LookupHashField, SealedTextField
from povreg.kit.history import tracked


@tracked(exclude=("secret", "last_step"))
class SecondFactor(models.Model):
    """The secret that an account shares with an authenticator; it holds once a first code was right.

    ``last_step`` is the 30 seconds of the last code that opened: no code opens twice.
    """

    user = models.OneToOneField("villages.User", models.PROTECT, related_name="second_factor", verbose_name="账号")
    secret = SealedTextField("密钥", default="")
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    last_step = models.BigIntegerField("上次所用时段", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "二次验证"


class RecoveryCode(models.Model):
    """A code on paper that opens once where the authenticator is lost; kept as a keyed hash."""

    user = models.ForeignKey("villages.User", models.PROTECT, related_name="recovery_codes", verbose_name="账号")
    digest = LookupHashField("摘要")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]
