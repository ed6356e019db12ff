"""Whether the risk of a monitored household may be marked as removed (policy-2026.md 8), by episode and year."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from households.models.assessment import code_list, derived
from povreg.kit.fields import CodeField, YuanField
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked(old_only=True)
class Clearance(models.Model):
    """What the recompute said of an open monitoring episode at the end of a year (today in the running one).

    ``failed`` and ``missing`` hold the codes of criteria (households.eligibility.criteria) and of conditions
    (households.eligibility.clearing); what stands in neither holds. ``evidence`` keeps what the conditions looked at.
    ``months`` are whole months since inclusion, null where its day is not known.
    """

    spell = models.ForeignKey("households.Spell", models.CASCADE, related_name="clearances", verbose_name="监测期间")
    household = derived("households.Household", "户", db_index=True)
    village = derived("villages.Place", "行政村")
    year = models.PositiveSmallIntegerField("年度")
    monitor_type = CodeField("监测对象类型", code_table="monitor_type")
    since = models.DateField("纳入日期", null=True)
    months = models.PositiveSmallIntegerField("纳入月数", null=True)
    per_head = YuanField("人均纯收入（元）", max_digits=14)
    line_amount = YuanField("监测线（元）")
    failed = code_list("不符合的条件")
    missing = code_list("没有记录的条件")
    eligible = models.BooleanField("可以消除风险", default=False)
    evidence = models.JSONField("依据", default=dict)
    judged_at = models.DateTimeField("评定时间")

    scope = Scope(place="village_id", household="household_id", right=Right.ASSESSMENT_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "风险消除条件"
        constraints = [models.UniqueConstraint(fields=["spell", "year"], name="clearance_once")]
        indexes = [
            models.Index(fields=["year", "village"], name="clearance_place_idx"),
            GinIndex(fields=["failed"], name="clearance_failed_idx"),
            GinIndex(fields=["missing"], name="clearance_missing_idx"),
        ]
