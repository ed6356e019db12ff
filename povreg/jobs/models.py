"""Long work as rows: what runs, for whom, how far it is, and what came out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of long work. It is a row first and a Celery task with this row's id after commit.

    ``params`` holds codes, years and ids only, never personal data. ``expected`` and ``done`` count the work's own unit
    (households, sheet rows); ``changed`` says how many of them ended up different.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"

    ENDED = (Status.DONE, Status.FAILED, Status.CANCELLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类型", max_length=40)
    title = models.CharField("标题", max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name="发起人", related_name="jobs"
    )
    place_code = models.CharField("范围", max_length=15, db_collation="C", blank=True)
    params = models.JSONField("参数", default=dict)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.QUEUED)
    expected = models.PositiveIntegerField("应处理", default=0)
    done = models.PositiveIntegerField("已处理", default=0)
    changed = models.PositiveIntegerField("有变化", default=0)
    message = models.CharField("进展", max_length=200, blank=True)
    error = models.TextField("失败原因", blank=True)
    report = models.JSONField("结果", default=dict)
    result_file = models.FileField("结果文件", upload_to="jobs/%Y/%m/", blank=True)
    result_name = models.CharField("结果文件名", max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    heartbeat_at = models.DateTimeField("最近进展", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["status", "heartbeat_at"], name="job_lost_idx"),
            models.Index(fields=["owner", "-created_at"], name="job_owner_idx"),
        ]

    def __str__(self) -> str:
        return self.title


class JobPart(models.Model):
    """One slice of a fanned-out job (a township of a recompute). A slice counts once however often it is delivered."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="parts", verbose_name="任务")
    key = models.CharField("分片", max_length=40, db_collation="C")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    done = models.PositiveIntegerField("已处理", default=0)
    changed = models.PositiveIntegerField("有变化", default=0)
    report = models.JSONField("结果", default=dict)
    running = models.BooleanField("进行中", default=False)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    heartbeat_at = models.DateTimeField("最近进展", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任务分片"
        constraints = [
            models.UniqueConstraint(fields=["job", "key"], name="job_part_once"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(running=False), name="job_part_ended_or_running"),
        ]
