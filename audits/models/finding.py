"""Findings (问题) and their rectification (整改), the rounds they are counted in, and visits of inspectors (督查)."""

import uuid
from pathlib import PurePath

from django.db import models
from django.db.models import F, Q

from povreg.kit.history import Versioned, append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def evidence_path(instance: "Evidence", filename: str) -> str:
    """A stored name that says nothing about the finding."""
    return f"evidence/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


@tracked()
class AuditRound(models.Model):
    """A round of audits in a county (一轮核查): what was found in it is counted together, as document 003 reports them.

    ``counts`` is frozen when the round is closed: numbers of findings and of households removed, kept and newly added.
    """

    class Kind(models.TextChoices):
        AUDIT = "audit", "审计"
        INSPECTION = "inspection", "督查巡查"
        COMPARISON = "comparison", "信息比对"
        SELF = "self", "自查"

    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    opened_by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="发起人")
    closed_on = models.DateField("办结日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办结人"
    )
    counts = models.JSONField("办结时的数", default=dict, blank=True)
    summary = models.CharField("通报说明", max_length=500, blank=True)

    scope = Scope(place="county_id", right=Right.FINDING_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "核查轮次"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="round_in_order"),
            models.UniqueConstraint(fields=["county", "name"], name="round_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class FindingQuerySet(ScopedQuerySet):
    def open(self) -> "FindingQuerySet":
        """Those that are not at an end."""
        return self.exclude(state__in=Finding.ENDED)


@tracked(exclude=("updated_at",))
class Finding(Versioned):
    """Something found wrong about a household or at a place, what is asked for, and what became of it.

    ``village`` is where it is to be put right: a village, or a township for what concerns all of it. ``rule`` names the
    check, negative item or sign that led to it, where one did. ``answered_by`` never verifies. A finding says what is
    wrong; what it leads to (removal, a new list) goes through ``batch`` and its procedure, never straight into a row.
    """

    class Source(models.TextChoices):
        CHECK = "check", "疑点"
        COMPARISON = "comparison", "部门比对"
        SAMPLE = "sample", "抽查"
        DETECTION = "detection", "异常检测"
        OBJECTION = "objection", "异议"
        INSPECTION = "inspection", "督查走访"
        MANUAL = "manual", "人工发现"

    class State(models.TextChoices):
        OPEN = "open", "待交办"
        ASSIGNED = "assigned", "整改中"
        ANSWERED = "answered", "待核实"
        CLOSED = "closed", "已销号"
        DISMISSED = "dismissed", "不属实"

    class Severity(models.TextChoices):
        SERIOUS = "E", "必须整改"
        DOUBT = "W", "需要核实"

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", "数据已更正"
        MEASURES = "measures", "措施已落实"
        REMOVED = "removed", "剔除"
        KEPT = "kept", "符合条件，保留"
        ADDED = "added", "补录"
        UNTRUE = "untrue", "情况不属实"

    ENDED = (State.CLOSED, State.DISMISSED)

    source = models.CharField("来源", max_length=12, choices=Source.choices)
    rule = models.CharField("规则", max_length=60, blank=True, db_collation="C")
    severity = models.CharField("程度", max_length=1, choices=Severity.choices, default=Severity.DOUBT)
    round = models.ForeignKey(
        AuditRound, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="轮次"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="责任地")
    household = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="户"
    )
    member = models.ForeignKey(
        "households.Member", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人"
    )
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("问题", max_length=80)
    said = models.TextField("情况", blank=True)
    demand = models.CharField("整改要求", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    deadline = models.DateField("整改期限", null=True, blank=True)
    opened_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="开出人"
    )
    opened_on = models.DateField("开出日期")
    answered_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报送人"
    )
    answered_on = models.DateField("报送日期", null=True, blank=True)
    outcome = models.CharField("整改结果", max_length=10, choices=Outcome.choices, blank=True)
    batch = models.ForeignKey(
        "households.Batch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理的名单"
    )
    verified_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核实人"
    )
    ended_on = models.DateField("办结日期", null=True, blank=True)
    reopened = models.PositiveSmallIntegerField("重新打开次数", default=0)

    scope = Scope(place="village_id", household="household_id", right=Right.FINDING_VIEW)
    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问题"
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | Q(verified_by__isnull=True) | ~Q(answered_by=F("verified_by")),
                name="finding_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("closed", "dismissed"), ended_on__isnull=False, verified_by__isnull=False)
                | ~Q(state__in=("closed", "dismissed")) & Q(ended_on__isnull=True),
                name="finding_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("assigned", "answered")) | Q(deadline__isnull=False) & ~Q(demand=""),
                name="finding_assigned_with_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(outcome="") & Q(answered_by__isnull=False),
                name="finding_answered_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True) | Q(household__isnull=False), name="finding_of_a_household"
            ),
        ]
        indexes = [
            models.Index(fields=["village", "state", "deadline"], name="finding_village_idx"),
            models.Index(fields=["household"], name="finding_household_idx", condition=Q(household__isnull=False)),
            models.Index(fields=["round", "state"], name="finding_round_idx"),
        ]

    def __str__(self) -> str:
        return f"问题 {self.pk}"


class FindingStep(models.Model):
    """One step of a finding, kept for good: who did what, when, in which words."""

    class Kind(models.TextChoices):
        OPENED = "opened", "开出"
        ASSIGNED = "assigned", "交办"
        ANSWERED = "answered", "报送整改"
        RETURNED = "returned", "退回"
        CLOSED = "closed", "核实销号"
        DISMISSED = "dismissed", "认定不属实"
        REOPENED = "reopened", "重新打开"

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="steps", verbose_name="问题")
    kind = models.CharField("步骤", max_length=10, choices=Kind.choices)
    text = models.TextField("内容", blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间", auto_now_add=True)

    scope = Scope(place="finding__village_id", household="finding__household_id", right=Right.FINDING_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改步骤"
        ordering = ["finding_id", "id"]
        triggers = append_only()


@tracked()
class Evidence(models.Model):
    """A photo or scan that belongs to a step of a finding. ``sha256`` proves it unaltered."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="evidence", verbose_name="问题")
    step = models.ForeignKey(FindingStep, models.PROTECT, related_name="evidence", verbose_name="步骤")
    title = models.CharField("说明", max_length=80, blank=True)
    file = models.FileField("文件", upload_to=evidence_path)
    content_type = models.CharField("格式", max_length=60)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("摘要", max_length=64)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", auto_now_add=True)

    scope = Scope(place="finding__village_id", household="finding__household_id", right=Right.FINDING_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改凭据"
        ordering = ["finding_id", "id"]


@tracked()
class InspectionVisit(models.Model):
    """A visit of an inspector to a village (督查走访): how, how many households were called on, what was seen.

    ``reached`` of ``called`` households were met; ``listed`` is how many the village had in the register that day, so
    that the coverage can be said.
    """

    class Method(models.TextChoices):
        VISIT = "visit", "实地走访"
        UNANNOUNCED = "unannounced", "暗访"
        TELEPHONE = "telephone", "电话核查"
        PAPERS = "papers", "查阅档案"

    round = models.ForeignKey(
        AuditRound, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="轮次"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="村")
    visited_on = models.DateField("走访日期")
    method = models.CharField("方式", max_length=12, choices=Method.choices)
    team = models.CharField("组成人员", max_length=80)
    called = models.PositiveSmallIntegerField("走访户数")
    reached = models.PositiveSmallIntegerField("见到户数")
    listed = models.PositiveIntegerField("在册户数")
    seen = models.TextField("发现的情况")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", right=Right.FINDING_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督查走访"
        ordering = ["-visited_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(reached__lte=F("called")), name="inspection_reached")]

    def __str__(self) -> str:
        return f"{self.village}督查走访"
