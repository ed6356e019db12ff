"""The policy library (政策库), and why somebody entitled does not get what a policy gives."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class Policy(models.Model):
    """One policy as it holds from a day to another: for whom, what, from whom, by which document.

    ``who`` names conditions (assistance/policies/conditions.py) that all must hold; ``items`` are beginnings of codes
    of the catalogue: a measure of one of them is the policy enjoyed. ``voluntary``: one may apply, nobody must be
    served. ``place`` is the county whose own version it is.
    """

    code = models.CharField("编码", max_length=16, db_collation="C")
    label = models.CharField("政策", max_length=40)
    place = models.ForeignKey(
        "villages.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用地区"
    )
    who = ArrayField(models.CharField(max_length=16), verbose_name="享受条件")
    items = ArrayField(models.CharField(max_length=8), verbose_name="对应措施")
    voluntary = models.BooleanField("自愿申请", default=False)
    amount = models.CharField("标准", max_length=60, blank=True)
    department = models.CharField("主管部门", max_length=40, blank=True)
    document = models.CharField("文件", max_length=120, blank=True)
    runs_on = models.CharField("脱贫后怎样接续", max_length=60, blank=True)
    starts_on = models.DateField("开始执行日期")
    ends_on = models.DateField("停止执行日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "政策"
        ordering = ["code", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "place", "starts_on"], nulls_distinct=False, name="policy_version_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="policy_version_order"
            ),
        ]

    def __str__(self) -> str:
        return self.label


@tracked()
class NotServed(models.Model):
    """Why somebody entitled to a policy does not get it in a year."""

    class Reason(models.TextChoices):
        UNWILLING = "unwilling", "本人不申请"
        UNFIT = "unfit", "核实不符合条件"
        OTHER_POLICY = "other_policy", "已享受同类政策"
        PENDING = "pending", "正在办理"
        AWAY = "away", "在外地享受"

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    member = models.ForeignKey("households.Member", models.PROTECT, related_name="+", verbose_name="人")
    policy = models.CharField("政策", max_length=16, db_collation="C")
    year = models.PositiveSmallIntegerField("年度")
    reason = models.CharField("原因", max_length=16, choices=Reason.choices)
    note = models.CharField("说明", max_length=120, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "未享受原因"
        constraints = [
            models.UniqueConstraint(fields=["member", "policy", "year"], name="not_served_once"),
        ]
