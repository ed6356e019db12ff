"""Many lists decided in one act (policy.md 2.8): one paper, one signature, one scan; and who has opened which list."""

import uuid
from pathlib import PurePath

from django.contrib.postgres.fields import ArrayField
from django.db import models

from households.models.procedure import Batch
from households.models.template import StepKind, TemplateStep
from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def scan_path(instance: "BulkAct", filename: str) -> str:
    """A stored name that says nothing about the place."""
    return f"procedures/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


@tracked()
class BulkAct(models.Model):
    """One decision on many lists: the paper it stands on (``document``, ``file``), who signed it when, and which lists
    were drawn to be looked at, for nobody had opened them. ``signers`` maps capacities to names."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="地区")
    step_kind = models.CharField("步骤", max_length=20, choices=StepKind.choices)
    batch_ids = ArrayField(models.BigIntegerField(), verbose_name="名单")
    drawn_ids = ArrayField(models.BigIntegerField(), verbose_name="抽中的名单", default=list, blank=True)
    document = models.CharField("文号或材料名称", max_length=80, blank=True)
    signers = models.JSONField("签字人", default=dict)
    signed_on = models.DateField("签字日期", null=True, blank=True)
    remark = models.CharField("意见", max_length=500, blank=True)
    file = models.FileField("扫描件", upload_to=scan_path, blank=True)
    content_type = models.CharField("格式", max_length=60, blank=True)
    size = models.PositiveIntegerField("大小（字节）", default=0)
    sha256 = models.CharField("摘要", max_length=64, blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间", auto_now_add=True)
    launched_at = models.DateTimeField("提交时间", null=True, blank=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量办理"
        ordering = ["-at"]


class BatchLook(models.Model):
    """Somebody who decides on lists has opened this one at this step. Rows are only ever added."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="looks", verbose_name="名单")
    step = models.ForeignKey(TemplateStep, models.PROTECT, related_name="+", verbose_name="步骤")
    round = models.PositiveSmallIntegerField("轮次")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="查看人")
    at = models.DateTimeField("时间", auto_now_add=True)

    scope = Scope(place="batch__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名单查看"
        constraints = [models.UniqueConstraint(fields=["batch", "step", "round", "by"], name="look_once")]
        triggers = append_only()
