"""Requests that must do their work once: the key they came with and how they were answered."""

from django.db import models
from django.db.models import Q

from povreg.kit.fields import SealedTextField


class SentRequest(models.Model):
    """One key of one account (none: a visitor of the public pages). ``name`` and ``digest`` are keyed hashes of the key
    and of what was sent; the answer is sealed, for it may name people.

    ``changed`` is set by the change itself, in its transaction: a request whose process died afterwards is known to be
    done, one whose process died before is done anew. ``attempt`` tells the two runs apart. Rows live a day.
    """

    account = models.ForeignKey(
        "villages.User", models.CASCADE, null=True, related_name="+", verbose_name="账号", db_index=False
    )
    name = models.CharField("编号", max_length=32, db_collation="C")
    digest = models.CharField("内容摘要", max_length=32, db_collation="C")
    attempt = models.PositiveSmallIntegerField("次数", default=1)
    changed = models.BooleanField("已生效", default=False)
    status = models.PositiveSmallIntegerField("回答", null=True)
    headers = models.JSONField("回答的头", default=dict)
    body = SealedTextField("回答的内容", blank=True, default="")
    begun_at = models.DateTimeField("开始时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "已提交的请求"
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], nulls_distinct=False, name="sent_once"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__range=(200, 399)), name="sent_answers_that_are_kept"
            ),
        ]
