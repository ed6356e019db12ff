"""A wrong approval put right (更正), and past procedures kept as archives that change nothing."""

import uuid
from pathlib import PurePath

from django.db import models

from households.models.notice import Notice
from households.models.procedure import Batch, BatchEntry
from households.models.standing import CorrectionOrder
from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class ApprovalCorrection(models.Model):
    """What an approved list wrote of one household was wrong: undone by orders of two people, on the document of the
    level above, and told to the village. ``notice`` is the 更正公告, null until the orders were approved."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="corrections", verbose_name="名单")
    entry = models.ForeignKey(BatchEntry, models.PROTECT, related_name="corrections", verbose_name="条目")
    document = models.CharField("上级文件", max_length=80)
    reason = models.CharField("更正原因", max_length=200)
    told = models.CharField("公告说明", max_length=80)
    orders = models.ManyToManyField(CorrectionOrder, related_name="+", verbose_name="更正令")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="更正公告")
    ordered_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="提出人")
    ordered_on = models.DateField("提出日期")

    scope = Scope(place="batch__place_id", household="entry__household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批复更正"
        ordering = ["-ordered_on", "-id"]


@tracked()
class Archive(models.Model):
    """A procedure of earlier years that was carried out on paper: kept to be read, it changes no standing."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    year = models.PositiveSmallIntegerField("年度")
    subject = models.CharField("事项", max_length=40)
    started_on = models.DateField("开始日期", null=True, blank=True)
    decided_on = models.DateField("批复日期")
    document = models.CharField("批复文号", max_length=80, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    households = models.ManyToManyField("households.Household", related_name="archives", verbose_name="涉及的户")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    entered_on = models.DateField("补录日期")

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "历史档案"
        ordering = ["-year", "place_id", "-id"]


def archive_path(instance: "ArchivePaper", filename: str) -> str:
    """A stored name that says nothing about the village."""
    return f"archives/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


@tracked()
class ArchivePaper(models.Model):
    """A scan of an archive."""

    archive = models.ForeignKey(Archive, models.PROTECT, related_name="papers", verbose_name="档案")
    title = models.CharField("名称", max_length=60)
    file = models.FileField("文件", upload_to=archive_path)
    content_type = models.CharField("格式", max_length=60)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("摘要", max_length=64)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", auto_now_add=True)

    scope = Scope(place="archive__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "档案材料"
        ordering = ["archive_id", "id"]
        triggers = append_only()
