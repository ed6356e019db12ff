"""The batch (名单批次): a village's list of one kind and year on its way through a template's steps."""

import uuid
from pathlib import PurePath

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from households.models.template import Capacity, Level, PaperKind, ProcedureTemplate, TemplateStep, kind_label
from povreg.kit.fields import CodeField
from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class BatchQuerySet(ScopedQuerySet):
    def open(self) -> "BatchQuerySet":
        """Being drafted or on the way."""
        return self.filter(state__in=Batch.OPEN)


@tracked(exclude=("updated_at",))
class Batch(models.Model):
    """A list and where it stands. ``step`` is the step to be done next (null while drafted and once ended).

    ``round`` grows when a reviewer returns the whole list: what is asked of a step is asked again in the new round.
    ``place`` is the village (the county for a county's exit). ``step_since`` is the business day the step began.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "拟定中"
        RUNNING = "running", "办理中"
        DONE = "done", "已办结"
        STOPPED = "stopped", "已终止"

    OPEN = (State.DRAFT, State.RUNNING)

    kind = models.CharField("种类", max_length=20)
    template = models.ForeignKey(ProcedureTemplate, models.PROTECT, related_name="batches", verbose_name="模板")
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="batches", verbose_name="村")
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    step = models.ForeignKey(
        TemplateStep, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当前步骤"
    )
    step_since = models.DateField("步骤开始", null=True, blank=True)
    due_on = models.DateField("办理期限", null=True, blank=True)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    note = models.CharField("说明", max_length=200, blank=True)
    created_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="拟定人")
    created_at = models.DateTimeField("拟定时间", auto_now_add=True)
    started_on = models.DateField("启动日期", null=True, blank=True)
    ended_on = models.DateField("办结日期", null=True, blank=True)
    ended_reason = models.CharField("终止原因", max_length=200, blank=True)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name="接续自"
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名单批次"
        ordering = ["-year", "place_id", "kind", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "kind", "year"],
                condition=Q(state__in=("draft", "running"), continues__isnull=True),
                name="one_open_batch",
            ),
            models.CheckConstraint(
                condition=Q(state="running", step__isnull=False) | Q(~Q(state="running"), step__isnull=True),
                name="batch_step_while_running",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "kind", "year"], name="batch_place_idx"),
            models.Index(fields=["state", "due_on"], name="batch_due_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_kind_display()}名单" + ("（接续）" if self.continues_id else "")

    def get_kind_display(self) -> str:
        return kind_label(self.kind)


@tracked()
class BatchEntry(models.Model):
    """One household on a list. ``facts`` is what the appraisal stood on, ``digest`` its SHA-256; an approval compares.

    ``is_open`` says that the household is bound by this batch (listed, batch open): a household stands on one open
    list only. ``consent`` is the household's own word, null before it was asked. ``monitor_type``, ``risks`` and
    ``clear_way`` are what an inclusion or a risk removal will write, ``grounds`` why a household is struck off.
    ``exception`` says why a household is taken in that the line alone would not take in.
    """

    class State(models.TextChoices):
        LISTED = "listed", "在名单"
        OUT = "out", "已取消"
        BACK = "back", "已退回"

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="entries", verbose_name="批次")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="entries", verbose_name="户")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.LISTED)
    is_open = models.BooleanField("占用", default=True)
    reason = models.CharField("取消或退回原因", max_length=200, blank=True)
    out_step = models.ForeignKey(
        TemplateStep, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在步骤"
    )
    out_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人"
    )
    out_on = models.DateField("取消日期", null=True, blank=True)
    facts = models.JSONField("评议时情况", null=True, blank=True)
    digest = models.CharField("摘要", max_length=64, blank=True)
    facts_at = models.DateTimeField("取数时间", null=True, blank=True)
    consent = models.BooleanField("农户认可", null=True, blank=True)
    consent_on = models.DateField("认可日期", null=True, blank=True)
    consent_reason = models.CharField("不认可原因", max_length=200, blank=True)
    monitor_type = CodeField("监测对象类型", code_table="monitor_type")
    risks = ArrayField(CodeField(code_table="risk"), verbose_name="致贫返贫风险", default=list, blank=True)
    clear_way = CodeField("风险消除方式", code_table="clear_way")
    grounds = models.CharField("理由", max_length=300, blank=True)
    exception = models.CharField("例外理由", max_length=300, blank=True)
    exception_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="例外提出人"
    )
    exception_on = models.DateField("例外日期", null=True, blank=True)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name="接续自"
    )
    added_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="提出人")
    added_at = models.DateTimeField("列入时间", auto_now_add=True)

    scope = Scope(place="batch__place_id", household="household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名单条目"
        ordering = ["batch_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "household"], name="entry_once"),
            models.UniqueConstraint(fields=["household"], condition=Q(is_open=True), name="one_open_list_a_household"),
            models.CheckConstraint(
                condition=Q(state="listed") | Q(is_open=False) & ~Q(reason=""), name="out_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(consent=False) | ~Q(consent_reason=""), name="consent_refused_with_reason"
            ),
        ]


@tracked()
class StepRecord(models.Model):
    """A step that was done: who, as which level, when, with what outcome. Rows are only ever added."""

    class Outcome(models.TextChoices):
        DONE = "done", "完成"
        PASSED = "passed", "通过"
        RETURNED = "returned", "退回"
        REJECTED = "rejected", "不通过"
        SKIPPED = "skipped", "省略"
        CORRECTED = "corrected", "更正重办"

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="records", verbose_name="批次")
    step = models.ForeignKey(TemplateStep, models.PROTECT, related_name="+", verbose_name="步骤")
    round = models.PositiveSmallIntegerField("轮次")
    level = models.CharField("办理级别", max_length=10, choices=Level.choices)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices)
    on = models.DateField("日期")
    entered_on = models.DateField("登记日期", null=True)
    remark = models.CharField("意见", max_length=500, blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="batch__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["batch_id", "id"]
        indexes = [models.Index(fields=["batch", "by"], name="record_actor_idx")]
        triggers = append_only()

    @property
    def is_entered_late(self) -> bool:
        """Done on paper first and entered on a later day (补录)."""
        return bool(self.entered_on and self.entered_on > self.on)


@tracked()
class EntryResult(models.Model):
    """What a step found of one household (survey, nomination, comparison, sample check, difference accepted anew)."""

    class Outcome(models.TextChoices):
        PASS = "pass", "相符"
        FAIL = "fail", "不符"
        ACCEPTED = "accepted", "变更已确认"

    entry = models.ForeignKey(BatchEntry, models.PROTECT, related_name="results", verbose_name="条目")
    step = models.ForeignKey(TemplateStep, models.PROTECT, related_name="+", verbose_name="步骤")
    round = models.PositiveSmallIntegerField("轮次")
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices)
    note = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="entry__batch__place_id", household="entry__household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "逐户结果"
        ordering = ["entry_id", "id"]
        triggers = append_only()


@tracked()
class Signature(models.Model):
    """A signature on paper, noted with its capacity and date. The latest of a capacity in a round counts."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="signatures", verbose_name="批次")
    step = models.ForeignKey(TemplateStep, models.PROTECT, related_name="+", verbose_name="步骤")
    round = models.PositiveSmallIntegerField("轮次")
    entry = models.ForeignKey(
        BatchEntry, models.PROTECT, null=True, blank=True, related_name="signatures", verbose_name="条目"
    )
    capacity = models.CharField("身份", max_length=20, choices=Capacity.choices)
    name = models.CharField("签字人", max_length=40)
    signed_on = models.DateField("签字日期")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="batch__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "签字"
        ordering = ["batch_id", "id"]
        triggers = append_only()


def paper_path(instance: "Paper", filename: str) -> str:
    """A stored name that says nothing about the village or a household."""
    return f"procedures/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


@tracked()
class Paper(models.Model):
    """A scan or photo attached to a step of a batch. Served only through a view that asks for the scope."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="papers", verbose_name="批次")
    step = models.ForeignKey(TemplateStep, models.PROTECT, related_name="+", verbose_name="步骤")
    round = models.PositiveSmallIntegerField("轮次")
    kind = models.CharField("类别", max_length=20, choices=PaperKind.choices)
    entry = models.ForeignKey(
        BatchEntry, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="条目"
    )
    file = models.FileField("文件", upload_to=paper_path)
    original_name = models.CharField("原文件名", max_length=120)
    content_type = models.CharField("格式", max_length=60)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("摘要", max_length=64)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", auto_now_add=True)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    scope = Scope(place="batch__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "程序附件"
        ordering = ["batch_id", "id"]


@tracked()
class StayReason(models.Model):
    """Why a household stays in the register this year (不脱贫原因, policy.md 2.14)."""

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="stay_reasons", verbose_name="户"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    year = models.PositiveSmallIntegerField("年度")
    reason = CodeField("不脱贫原因", code_table="not_exit_reason")
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now=True)

    scope = Scope(place="village_id", household="household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不脱贫原因"
        constraints = [
            models.UniqueConstraint(fields=["household", "year"], name="stay_reason_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="stay_reason_given"),
        ]
