"""What one person is told on the site: that his job has ended, or what an office asks of him."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q

from povreg.kit.history import tracked


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """A person's own messages; nobody reads those of another."""
        return self.filter(to=user) if getattr(user, "is_authenticated", False) else self.none()

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


@tracked(exclude=("read_at",))
class Message(models.Model):
    """One message to one person. It names places, counts and jobs, never villagers.

    ``url`` is an address of this site. One act of sending has one ``sending``, and tells nobody twice.
    """

    class Kind(models.TextChoices):
        NOTE = "note", "工作提醒"
        JOB = "job", "任务"
        WORK = "work", "待办"

    to = models.ForeignKey("villages.User", models.CASCADE, related_name="messages", verbose_name="收件人")
    sender = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="notes", verbose_name="发送人"
    )
    kind = models.CharField("类型", max_length=4, choices=Kind.choices)
    text = models.CharField("内容", max_length=300)
    url = models.CharField("链接", max_length=300, blank=True)
    place = models.ForeignKey(
        "villages.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="范围"
    )
    sending = models.UUIDField("批次", default=uuid.uuid4)
    sent_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-sent_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["sending", "to"], name="message_once")]
        indexes = [
            models.Index(fields=["to", "-sent_at"], name="message_to_idx"),
            models.Index(fields=["to"], condition=Q(read_at__isnull=True), name="message_unread_idx"),
            models.Index(fields=["sender", "-sent_at"], condition=Q(kind="note"), name="message_sent_idx"),
        ]
