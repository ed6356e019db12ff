"""What runs on after a measure was delivered: months of a public post, sites of resettlement (policy-2026.md 11)."""

from django.db import models
from django.db.models import F, Q

from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class PostMonth(models.Model):
    """The attendance of a public post in a month (its first day): days due, days worked."""

    post = models.ForeignKey("assistance.Measure", models.PROTECT, related_name="attendance", verbose_name="公益性岗位")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    month = models.DateField("月份")
    due = models.PositiveSmallIntegerField("应到天数")
    present = models.PositiveSmallIntegerField("实到天数")
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公岗考勤"
        ordering = ["-month", "post_id"]
        constraints = [
            models.UniqueConstraint(fields=["post", "month"], name="post_month_once"),
            models.CheckConstraint(condition=Q(due__gte=1, due__lte=31), name="post_month_due"),
            models.CheckConstraint(condition=Q(present__lte=F("due")), name="post_month_present"),
        ]


@tracked(exclude=("updated_at",))
class ResettlementSite(Versioned):
    """A place that households moved to (易地搬迁安置点): how many homes it has, since when people live there."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="所在地")
    name = models.CharField("名称", max_length=60)
    homes = models.PositiveIntegerField("住房套数")
    opened_on = models.DateField("入住日期", null=True, blank=True)
    note = models.CharField("配套（学校、卫生室、帮扶车间）", max_length=200, blank=True)

    scope = Scope(place="place_id", right=Right.LEAD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安置点"
        ordering = ["place_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="site_once"),
            models.CheckConstraint(condition=Q(homes__gte=1), name="site_homes"),
        ]

    def __str__(self) -> str:
        return self.name
