"""Departments' lists (部门比对): what was handed over, sealed and to be deleted by a day, and whom it hit."""

import datetime
import uuid
from pathlib import PurePath

from django.db import models
from django.db.models import Q
from django.utils import timezone

from audits.models.finding import Finding
from povreg.kit.fields import LookupHashField, SealedTextField
from povreg.kit.history import tracked
from povreg.kit.plaintext import DOT, plain_name
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def upload_path(instance: "ComparisonList", filename: str) -> str:
    """A stored name that says nothing; the file goes as soon as it is read."""
    return f"comparisons/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


@tracked()
class ComparisonList(models.Model):
    """A department's list: which source, as of when, until when its rows are kept. ``counts`` says what became of the
    rows that were read; rows that could not be used are counted by why, never kept."""

    class State(models.TextChoices):
        READING = "reading", "正在读取"
        COMPARED = "compared", "已比对"
        FAILED = "failed", "没有读成"
        DELETED = "deleted", "已按期删除"

    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    source = models.CharField("数据种类", max_length=24, db_collation="C")
    department = models.CharField("部门", max_length=60)
    as_of = models.DateField("数据日期")
    keep_until = models.DateField("保存到")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.READING)
    file = models.FileField("文件", upload_to=upload_path, blank=True)
    file_name = models.CharField("文件名", max_length=120, blank=True)
    digest = models.CharField("文件摘要", max_length=64, blank=True)
    counts = models.JSONField("计数", default=dict)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", auto_now_add=True)
    compared_at = models.DateTimeField("比对时间", null=True, blank=True)

    scope = Scope(place="county_id", right=Right.COMPARE_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "比对数据"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(keep_until__gte=models.F("as_of")), name="comparison_kept_after")
        ]
        indexes = [models.Index(fields=["county", "source"], name="comparison_source_idx")]

    def __str__(self) -> str:
        return f"{self.department} {self.as_of}"


def compared_name(name: str) -> str:
    """A name as it is compared: without blanks and middle dots, whatever form of dot a department writes."""
    return plain_name(name).replace(DOT, "")


class ComparisonRow(models.Model):
    """A row of a department's list, sealed; only hash, birth date and a hash of the name are compared."""

    list = models.ForeignKey(ComparisonList, models.CASCADE, related_name="rows", verbose_name="名单", db_index=False)
    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    line = models.PositiveIntegerField("行号")
    id_hash = LookupHashField()
    name = SealedTextField("姓名", blank=True)
    name_hash = LookupHashField(of="name", text=compared_name)
    birth_date = models.DateField("出生日期", null=True)
    detail = SealedTextField("内容", blank=True)
    on = models.DateField("发生日期", null=True)

    scope = Scope(place="county_id", right=Right.COMPARE_IMPORT)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "比对数据行"
        indexes = [models.Index(fields=["list", "id_hash"], name="comparison_row_id_idx")]


class HitQuerySet(ScopedQuerySet):
    def open(self) -> "HitQuerySet":
        return self.filter(answer="")


@tracked()
class ComparisonHit(models.Model):
    """Somebody of the register stands on a department's list: a doubt to be answered, never a removal by itself.

    ``weak``: matched by name and birth date only, because the number is missing or poor. ``detail`` is what the list
    says of him, sealed; it goes with the list's rows, answer and kind stay.
    """

    class Answer(models.TextChoices):
        TRUE = "true", "属实，不符合条件"
        TRUE_KEPT = "true_kept", "属实，不影响认定"
        NOMINAL = "nominal", "挂名（挂名车、挂名企业）"
        OLD_CAR = "old_car", "二手旧车、报废车"
        BEFORE_MARRIAGE = "before_marriage", "婚前财产、已分户"
        RELOCATED = "relocated", "易地搬迁、灾后重建住房"
        NAMESAKE = "namesake", "同名同姓，不是本人"
        DATA = "data", "部门数据有误"

    FALSE = (Answer.NOMINAL, Answer.OLD_CAR, Answer.BEFORE_MARRIAGE, Answer.RELOCATED, Answer.NAMESAKE, Answer.DATA)

    list = models.ForeignKey(ComparisonList, models.PROTECT, related_name="hits", verbose_name="名单")
    source = models.CharField("数据种类", max_length=24, db_collation="C")
    severity = models.CharField("程度", max_length=1, choices=[("E", "清除类"), ("W", "严审类"), ("N", "核对类")])
    weak = models.BooleanField("弱匹配", default=False)
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    member = models.ForeignKey("households.Member", models.PROTECT, related_name="+", verbose_name="人")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="村")
    detail = SealedTextField("部门数据", blank=True)
    on = models.DateField("发生日期", null=True)
    found_on = models.DateField("比对日期")
    answer = models.CharField("答复", max_length=16, choices=Answer.choices, blank=True)
    answer_reason = models.CharField("说明", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_on = models.DateField("答复日期", null=True, blank=True)
    finding = models.ForeignKey(
        Finding, models.SET_NULL, null=True, blank=True, related_name="hits", verbose_name="整改"
    )

    scope = Scope(place="village_id", household="household_id", right=Right.COMPARE_VIEW)
    objects = HitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "比对命中"
        constraints = [
            models.UniqueConstraint(fields=["list", "member"], name="comparison_hit_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True) | ~Q(answer="") & Q(answered_on__isnull=False)
                & ~Q(answer_reason=""), name="comparison_answered_with_reason",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["village", "source"], name="comparison_hit_open_idx", condition=Q(answer="")),
            models.Index(fields=["household"], name="comparison_hit_home_idx"),
        ]


def month_hence() -> datetime.date:
    """The day until which a list is kept where nobody says otherwise."""
    return timezone.localdate() + datetime.timedelta(days=90)
