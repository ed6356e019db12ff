"""Dated events of households and members, and warnings somebody confirmed."""

from django.db import models

from povreg.kit.fields import CodeField
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class RegisterEvent(models.Model):
    """Something that happened to a household or a member on a day (人员变更, 户变更), with its reason.

    ``kind`` for members is the national 人员变更 code; for households the 户变更 code. ``other`` is the household that
    was split off, merged into, or moved to or from.
    """

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="changes", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    member = models.ForeignKey(
        "households.Member", models.PROTECT, null=True, blank=True, related_name="changes", verbose_name="成员"
    )
    member_change = CodeField("人员变更", code_table="member_change")
    household_change = CodeField("户变更", code_table="household_change")
    happened_on = models.DateField("发生日期")
    reason = models.CharField("原因说明", max_length=200, blank=True)
    other = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="相关户"
    )
    other_village = models.ForeignKey(
        "villages.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="相关村"
    )
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, verbose_name="登记人", related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "变动"
        ordering = ["-happened_on", "-id"]
        indexes = [models.Index(fields=["household", "-happened_on"], name="event_household_idx")]


@tracked()
class AcceptedWarning(models.Model):
    """A logic warning that somebody looked at and confirmed. It holds while the facts it was about do not change:
    ``digest`` is the hash of those facts."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="accepted", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    rule = models.CharField("规则", max_length=40)
    target = models.CharField("对象", max_length=60, blank=True)
    digest = models.CharField("依据摘要", max_length=64)
    by = models.ForeignKey("villages.User", models.PROTECT, verbose_name="确认人", related_name="+")
    at = models.DateTimeField("确认时间", auto_now=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "已确认的提示"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year", "rule", "target"], nulls_distinct=False, name="accepted_once"
            )
        ]
