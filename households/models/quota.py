"""Scale control (规模分解), season windows and reminders."""

from django.db import models
from django.db.models import F, Q

from households.models.objection import Objection
from households.models.procedure import Batch
from households.models.template import Kind
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked(exclude=("updated_at",))
class Quota(Versioned):
    """How many people of a place a kind of list may take in in a year, over all lists (policy.md 1.5-1.8).

    ``computed`` follows from ``method`` and ``factors``; ``amount`` is what was set; a difference needs ``reason`` and
    may exceed ``computed`` by at most ``ceiling_percent``. Confirmed quotas are fixed and add up to their parent's.
    """

    class Method(models.TextChoices):
        RATE = "rate", "低收入人口发生率 × 乡村人口"
        FACTORS = "factors", "贫困影响因子法"
        GIVEN = "given", "上级核定"

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="quotas", verbose_name="区划")
    kind = models.CharField("种类", max_length=40, default=Kind.IDENTIFICATION)
    year = models.PositiveSmallIntegerField("年度")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="上级规模"
    )
    method = models.CharField("方法", max_length=10, choices=Method.choices)
    factors = models.JSONField("因子值", default=dict)
    computed = models.PositiveIntegerField("测算人数")
    amount = models.PositiveIntegerField("核定人数")
    reason = models.CharField("调整原因", max_length=200, blank=True)
    ceiling_percent = models.DecimalField("上浮上限（%）", max_digits=4, decimal_places=1, default=10)
    confirmed_on = models.DateField("下达日期", null=True, blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="经办人")

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规模"
        ordering = ["year", "place_id"]
        constraints = [
            models.UniqueConstraint(fields=["place", "kind", "year"], name="quota_once"),
            models.CheckConstraint(
                condition=Q(amount=F("computed")) | ~Q(reason=""), name="quota_override_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(amount__lte=F("computed") + F("computed") * F("ceiling_percent") / 100),
                name="quota_within_ceiling",
            ),
        ]


@tracked()
class SeasonWindow(models.Model):
    """A function is open at a place between two days (policy.md 1.24, 1.25). Where no window of a function was ever
    set for a place or above it, the function is open; else it is open only inside one."""

    class Function(models.TextChoices):
        APPLICATION = "application", "受理申请"
        DRAFTING = "drafting", "拟定名单"
        APPROVAL = "approval", "审定批复"

    function = models.CharField("功能", max_length=12, choices=Function.choices)
    kind = models.CharField("种类", max_length=20, blank=True)
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="地区")
    opens_on = models.DateField("开放")
    closes_on = models.DateField("关闭")
    reason = models.CharField("依据", max_length=200)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="设定人")
    at = models.DateTimeField("设定时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理时间"
        ordering = ["-opens_on"]
        constraints = [models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="window_order")]


class Reminder(models.Model):
    """A message of the clock to whoever holds ``right`` at ``place``. One a cause, kind and day: a task that runs twice
    or late adds nothing."""

    class Type(models.TextChoices):
        OPENED = "opened", "新任务"
        DUE = "due", "即将到期"
        OVERDUE = "overdue", "逾期"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="reminders", verbose_name="批次")
    objection = models.ForeignKey(
        Objection, models.CASCADE, null=True, blank=True, related_name="reminders", verbose_name="异议"
    )
    type = models.CharField("类型", max_length=8, choices=Type.choices)
    key = models.CharField("标识", max_length=60, unique=True, db_collation="C")
    right = models.CharField("办理权限", max_length=30)  # a villages.rights.Right
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="村")
    text = models.CharField("内容", max_length=200)
    due_on = models.DateField("期限", null=True, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    done_at = models.DateTimeField("办结时间", null=True, blank=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["place", "done_at"], name="reminder_place_idx")]
