"""Leads (线索): what somebody said, or a recompute found, before anything is decided (policy-2026.md 5 to 7)."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from households.models.procedure import Batch
from povreg.kit.fields import CodeField, LookupHashField, SealedTextField, YuanField
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

TRACKING_BYTES = 16
"""128 bits: not to be guessed."""


def new_tracking() -> str:
    """The unguessable part of a lead's number, in capital hexadecimal digits."""
    return secrets.token_hex(TRACKING_BYTES).upper()


class LeadQuerySet(ScopedQuerySet):
    def open(self) -> "LeadQuerySet":
        """Those that wait for somebody."""
        return self.exclude(state=Lead.State.DECIDED)


@tracked(exclude=("updated_at",))
class Lead(Versioned):
    """One lead: a household (or a place with a name that was told), what is wrong with it, and what became of it.

    ``cause`` is the criterion for which a verdict of ``year`` raised it, "" where somebody did: a household has one
    open lead a cause. ``subject`` names what ``value`` and ``threshold`` measure (医保自付, 元). Words, name and phone
    that were told are sealed. ``village`` is the village, or the township where no village was told.
    """

    class Source(models.TextChoices):
        APPLICATION = "application", "农户申报"
        VISIT = "visit", "走访"
        DEPARTMENT = "department", "部门推送"
        CAMPAIGN = "campaign", "集中排查"
        INCOME = "income", "收入低于监测线"
        GUARANTEE = "guarantee", "保障未达标"
        IMPORT = "import", "导入差异"
        TELEPHONE = "telephone", "电话反映"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        NEW = "new", "待核实"
        CHECKING = "checking", "核实中"
        DECIDED = "decided", "已办结"

    class Outcome(models.TextChoices):
        LISTED = "listed", "已列入名单"
        DISMISSED = "dismissed", "不纳入"
        HANDED_OVER = "handed_over", "转其他部门"
        WITHDRAWN = "withdrawn", "情况已消失"

    source = models.CharField("来源", max_length=12, choices=Source.choices)
    household = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, blank=True, related_name="leads", verbose_name="户"
    )
    member = models.ForeignKey(
        "households.Member", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="所在村")
    group_name = models.CharField("自然村（组）", max_length=40, blank=True)
    told_name = SealedTextField("反映的姓名", blank=True)
    told_phone = SealedTextField("联系电话", blank=True)
    told_phone_hash = LookupHashField(of="told_phone")
    said = SealedTextField("反映内容", blank=True)

    year = models.PositiveSmallIntegerField("年度")
    found_on = models.DateField("发现日期")
    cause = models.CharField("触发的指标", max_length=24, blank=True, db_collation="C")
    subject = models.CharField("事项", max_length=40, blank=True)
    value = YuanField("数值", max_digits=14, null=True, blank=True)
    threshold = YuanField("界限", max_digits=14, null=True, blank=True)
    monitor_type = CodeField("拟定类别", code_table="monitor_type")
    risks = ArrayField(CodeField(code_table="risk"), verbose_name="风险类型", default=list, blank=True)

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.NEW)
    tracking = models.CharField(
        "查询号", max_length=32, unique=True, default=new_tracking, editable=False, db_collation="C"
    )
    raised_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    checked_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核实人"
    )
    checking_since = models.DateField("开始核实日期", null=True, blank=True)
    visited_on = models.DateField("入户日期", null=True, blank=True)
    finding = models.TextField("核实情况", blank=True)
    outcome = models.CharField("结果", max_length=12, choices=Outcome.choices, blank=True)
    outcome_reason = models.CharField("理由", max_length=300, blank=True)
    handed_to = models.CharField("转交单位", max_length=60, blank=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name="列入的名单"
    )
    decided_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办结人"
    )
    decided_on = models.DateField("办结日期", null=True, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.LEAD_VIEW)
    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "线索"
        ordering = ["-found_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "cause"],
                condition=~Q(state="decided") & ~Q(cause=""),
                name="one_open_lead_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(state="decided", decided_on__isnull=False) & ~Q(outcome="") & ~Q(outcome_reason="")
                | ~Q(state="decided") & Q(outcome="", decided_on__isnull=True),
                name="lead_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="listed", batch__isnull=False) | ~Q(outcome="listed") & Q(batch__isnull=True),
                name="lead_listed_in_a_batch",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="handed_over") | ~Q(handed_to=""), name="lead_handed_to_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(household__isnull=False) | Q(cause="", member__isnull=True), name="lead_of_a_household"
            ),
        ]
        indexes = [
            models.Index(fields=["village", "state", "found_on"], name="lead_village_idx"),
            models.Index(fields=["household", "-found_on"], name="lead_household_idx"),
        ]

    def __str__(self) -> str:
        return f"线索 {self.pk}"

    @property
    def tracking_no(self) -> str:
        """The number as people copy it: in fours."""
        return "-".join(self.tracking[start : start + 4] for start in range(0, len(self.tracking), 4))
