"""Uploaded sheets on their way into the register, and the log of unmasked looks."""

import uuid
from pathlib import Path
from typing import Self

from django.db import models
from django.db.models import Q

from povreg.kit.history import append_only, tracked
from povreg.kit.scopes import within_any
from villages.models import User
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def upload_path(instance: "SheetImport", filename: str) -> str:
    return f"imports/{uuid.uuid4().hex}{Path(filename).suffix.lower()[:5]}"


class SheetImportQuerySet(ScopedQuerySet):
    def visible_to(self, user: User) -> Self:
        """Imports into the counties of the user's postings, and his own (a township's officer has no county); who sees
        the trail of a county sees all its imports."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        own = Q(by=user.pk) if user.can(Right.IMPORT) else Q(pk__in=[])
        watched = within_any("county_id", user.places_with(Right.TRAIL_VIEW))
        return self.filter(own | watched | Q(pk__in=super().visible_to(user).values("pk")))


class SheetImport(models.Model):
    """One uploaded workbook: layout, column mapping, dry-run report, final report, rejects workbook.

    A file is parsed and previewed first (``preview``), then confirmed once; ``sha256`` recognises the same file.
    ``mapping`` holds columns assigned by hand (by header, or by letter: ``@K``), ``choices`` what was decided about
    sheets and questions; ``context`` is the one of the history under which the rows were written.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "已上传"
        CHECKING = "checking", "检查中"
        CHECKED = "checked", "待确认"
        IMPORTING = "importing", "导入中"
        DONE = "done", "已导入"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"
        UNDOING = "undoing", "撤销中"
        UNDONE = "undone", "已撤销"

    layout = models.CharField("表格", max_length=20)
    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    file = models.FileField("文件", upload_to=upload_path)
    file_name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField("摘要", max_length=64, db_index=True)
    mapping = models.JSONField("列对应", default=dict)
    choices = models.JSONField("取舍", default=dict)
    context = models.UUIDField("修改记录", null=True, editable=False)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.UPLOADED)
    preview = models.JSONField("预检结果", default=dict)
    report = models.JSONField("导入结果", default=dict)
    rejects = models.FileField("退回表", upload_to="imports/", blank=True)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="任务")
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="上传人")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    undone_at = models.DateTimeField("撤销时间", null=True, editable=False)
    undone_by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="撤销人")

    scope = Scope(place="county_id", right=Right.IMPORT)
    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入"
        ordering = ["-created_at"]


@tracked()
class UnmaskLog(models.Model):
    """Somebody looked at, or exported, full identity numbers: who, what, why; or typed a number and was told where its
    owner is registered (``what`` begins with CHECK; a reason only above the daily number). Insert-only."""

    CHECK = "登记查重"

    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="查看人")
    household = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, related_name="+", verbose_name="户"
    )
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="范围")
    what = models.CharField("内容", max_length=60)
    rows = models.PositiveIntegerField("行数", default=1)
    reason = models.CharField("理由", max_length=200)
    at = models.DateTimeField("时间", auto_now_add=True)

    scope = Scope(place="place_id", right=Right.ACCOUNT_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "完整证件查看记录"
        ordering = ["-at"]
        triggers = append_only()
