"""Public notice (公示) and announcement (公告): a list frozen when it is posted."""

import secrets

from django.db import models
from django.db.models import F, Q

from households.models.procedure import Batch, BatchEntry
from households.models.template import DayRule, TemplateStep
from povreg.kit.fields import SealedTextField
from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def new_token() -> str:
    """128 bits nobody can guess, for public addresses and QR codes."""
    return secrets.token_urlsafe(16)


class NoticeQuerySet(ScopedQuerySet):
    def public(self) -> "NoticeQuerySet":
        """What anybody may read: whatever was posted and not replaced by a correction."""
        return self.exclude(state=Notice.State.SUPERSEDED)

    def running(self) -> "NoticeQuerySet":
        return self.filter(state=Notice.State.OPEN)


@tracked()
class Notice(models.Model):
    """One posted list. ``digest`` is the SHA-256 of its entries as the public page shows them; they never change.

    The day of posting does not count; ``ends_on`` is the last day villagers may object. ``token`` is the public
    address. A correction is a new notice that ``supersedes`` this one.
    """

    class Type(models.TextChoices):
        NOTICE = "notice", "公示"
        ANNOUNCEMENT = "announcement", "公告"
        CORRECTION = "correction", "更正公告"

    class State(models.TextChoices):
        OPEN = "open", "公示中"
        CLOSED = "closed", "已结束"
        SUPERSEDED = "superseded", "已更正"

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="notices", verbose_name="批次")
    step = models.ForeignKey(TemplateStep, models.PROTECT, related_name="+", verbose_name="步骤")
    round = models.PositiveSmallIntegerField("轮次")
    type = models.CharField("类型", max_length=12, choices=Type.choices)
    sequence = models.PositiveSmallIntegerField("第几次", default=1)
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="公示范围")
    board = models.CharField("张贴地点", max_length=80)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    posted_on = models.DateField("张贴日期")
    days = models.PositiveSmallIntegerField("天数")
    day_rule = models.CharField("计日方式", max_length=10, choices=DayRule.choices)
    ends_on = models.DateField("截止日期")
    closed_on = models.DateField("结束日期", null=True, blank=True)
    hotline = models.CharField("监督电话", max_length=40, blank=True)
    token = models.CharField(
        "公开编号", max_length=32, unique=True, default=new_token, editable=False, db_collation="C"
    )
    digest = models.CharField("名单摘要", max_length=64)
    entries_count = models.PositiveIntegerField("户数", default=0)
    people_count = models.PositiveIntegerField("人数", default=0)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction", verbose_name="更正"
    )
    correction_reason = models.CharField("更正原因", max_length=200, blank=True)
    posted_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="张贴人")
    closed_by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="结束人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-posted_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "step", "round"], condition=Q(state="open"), name="one_open_notice"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("posted_on")), name="notice_order"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__gt=F("ends_on")) | Q(days=0), name="notice_not_closed_early"
            ),
        ]
        indexes = [
            models.Index(fields=["place", "state", "-posted_on"], name="notice_place_idx"),
            models.Index(fields=["state", "ends_on"], name="notice_end_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.batch.get_kind_display()}{self.get_type_display()}"


@tracked()
class NoticeEntry(models.Model):
    """One line of a posted list: nothing but what policy.md 11.5 allows. ``head_name`` is sealed and only for the
    printed board in the village; the web shows ``masked_name``. Rows are only ever added."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="lines", verbose_name="公示")
    entry = models.ForeignKey(BatchEntry, models.PROTECT, null=True, related_name="lines", verbose_name="条目")
    position = models.PositiveIntegerField("序号")
    masked_name = models.CharField("户主", max_length=80)
    head_name = SealedTextField("户主姓名", blank=True)
    group_name = models.CharField("组", max_length=40, blank=True)
    persons = models.PositiveIntegerField("人数")
    category = models.CharField("类别", max_length=40)
    reason = models.CharField("理由", max_length=80)

    scope = Scope(place="notice__place_id", household="entry__household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示条目"
        ordering = ["notice_id", "position"]
        constraints = [models.UniqueConstraint(fields=["notice", "position"], name="notice_position_once")]
        triggers = append_only()
