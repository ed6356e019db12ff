"""Photos and scans of a household."""

import uuid
from pathlib import PurePath

from django.db import models

from povreg.kit.fields import CodeField
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def random_path(instance: "Attachment", filename: str) -> str:
    """A stored name that says nothing about the household."""
    return f"attachments/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


@tracked()
class Attachment(models.Model):
    """One checked file. ``sha256`` proves it unaltered; it is only served through a view that asks for the scope."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="attachments", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    kind = CodeField("类别", code_table="attachment_kind")
    title = models.CharField("说明", max_length=80, blank=True)
    file = models.FileField("文件", upload_to=random_path)
    original_name = models.CharField("原文件名", max_length=120)
    content_type = models.CharField("格式", max_length=60)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("摘要", max_length=64)
    by = models.ForeignKey("villages.User", models.PROTECT, verbose_name="上传人", related_name="+")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["-created_at"]
