"""Samples (抽查): a frame, a seed, the households drawn from it, and what was found in each."""

import uuid
from pathlib import PurePath

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def photo_path(instance: "SamplePhoto", filename: str) -> str:
    """A stored name that says nothing about the household."""
    return f"samples/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


@tracked(exclude=("frame",))
class Sample(models.Model):
    """One draw. What decided it never changes again: ``seed``, ``frame`` (lines "stratum,household", packed) with its
    digest, and ``strata``: for each stratum how many households there are and how many were drawn. Whoever has the
    seed and the frame draws the same again. ``results`` are the rates with their intervals, frozen when it is closed.
    """

    class Design(models.TextChoices):
        SIMPLE = "simple", "简单随机"
        TOWNSHIPS = "townships", "按乡镇分层"
        VILLAGES = "villages", "按村分层"
        RISK = "risk", "按异常程度加密"
        CLUSTERED = "clustered", "先抽村再抽户"

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="范围")
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("名称", max_length=60)
    design = models.CharField("抽法", max_length=10, choices=Design.choices)
    measures = ArrayField(models.CharField(max_length=20), verbose_name="指标")
    confidence = models.DecimalField("置信度", max_digits=4, decimal_places=3)
    margin = models.DecimalField("允许误差", max_digits=4, decimal_places=3)
    expected = models.DecimalField("预计比例", max_digits=4, decimal_places=3)
    least = models.PositiveSmallIntegerField("每村至少（户）", default=0)
    risk_weight = models.DecimalField("加密倍数", max_digits=4, decimal_places=1, default=1)
    villages_drawn = models.PositiveSmallIntegerField("抽多少个村", default=0)
    seed = models.CharField("种子", max_length=32, db_collation="C")
    frame = models.BinaryField("抽样框")
    frame_digest = models.CharField("抽样框摘要", max_length=64)
    strata = models.JSONField("各层")
    drawn_at = models.DateTimeField("抽取时间", auto_now_add=True)
    drawn_by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="抽取人")
    results = models.JSONField("结果", default=dict, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办结人"
    )

    scope = Scope(place="place_id", right=Right.SAMPLE_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查"
        ordering = ["-drawn_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["place", "year", "name"], name="sample_name_once"),
            models.CheckConstraint(
                condition=Q(confidence__gt=0.5, confidence__lt=1, margin__gt=0, margin__lt=0.5), name="sample_shares"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


@tracked(exclude=("updated_at",))
class SampleCase(Versioned):
    """A household of a sample: whether it was seen and what was found. ``position`` is its place in its stratum; those
    of the reserve step in, in this order, for households that nobody could reach. ``answers``: measure to true (wrong,
    or approving), false, null (it could not be told). ``persons`` are those who lived there when it was drawn."""

    class State(models.TextChoices):
        RESERVE = "reserve", "备选"
        OPEN = "open", "待核"
        DONE = "done", "已核"
        UNREACHED = "unreached", "没有见到"

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="cases", verbose_name="抽查")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    population = models.CharField("对象", max_length=16, db_collation="C")
    stratum = models.CharField("层", max_length=40, db_collation="C")
    position = models.PositiveIntegerField("层内次序")
    persons = models.PositiveSmallIntegerField("人数")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    answers = models.JSONField("结果", default=dict, blank=True)
    seen_on = models.DateField("入户日期", null=True, blank=True)
    seen_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核查人"
    )
    note = models.CharField("情况", max_length=500, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.SAMPLE_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查户"
        ordering = ["sample_id", "village_id", "stratum", "position"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "household"], name="sample_case_once"),
            models.CheckConstraint(
                condition=Q(state="done", seen_on__isnull=False) | ~Q(state="done"), name="sample_case_done_on_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="unreached") | ~Q(note=""), name="sample_case_unreached_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["village", "state"], name="sample_case_village_idx")]


@tracked()
class SamplePhoto(models.Model):
    """A photo taken in a household of a sample. ``sha256`` proves it unaltered."""

    case = models.ForeignKey(SampleCase, models.CASCADE, related_name="photos", verbose_name="抽查户")
    file = models.FileField("文件", upload_to=photo_path)
    content_type = models.CharField("格式", max_length=60)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("摘要", max_length=64, db_collation="C")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="拍摄人")
    at = models.DateTimeField("上传时间", auto_now_add=True)

    scope = Scope(place="case__village_id", household="case__household_id", right=Right.SAMPLE_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查照片"
        ordering = ["case_id", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="sample_photo_once")]
