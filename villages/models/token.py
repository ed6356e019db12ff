"""Tokens with which other programs call the API in a person's name."""

from django.db import models
from django.db.models import F, Q


class ApiToken(models.Model):
    """One token. Only its hash is stored: what the database holds opens nothing.

    Rows stay for a time after the token ended, so that the log of the API can be read against them; then the clean-up
    job deletes them (villages.people.tokens.forget_tokens).
    """

    user = models.ForeignKey("villages.User", models.PROTECT, related_name="tokens", verbose_name="账号")
    digest = models.CharField("摘要", max_length=64, unique=True, editable=False, db_collation="C")
    created_at = models.DateTimeField("领取时间", auto_now_add=True)
    expires_at = models.DateTimeField("有效至")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_ends_after_it_begins")
        ]
