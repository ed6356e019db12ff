"""The quarterly review of who may do what (权限复核), signed by an auditor."""

from django.db import models
from django.db.models import Q

from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class PrivilegeReview(models.Model):
    """A quarter that was looked at and signed. ``counts`` is what stood on the page then: accounts by role, accounts
    nobody uses, postings that conflict, deeds of one hand where two are asked for. Rows are only ever added."""

    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度")
    counts = models.JSONField("复核时的数")
    said = models.CharField("意见", max_length=500)
    signed_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="签字人")
    signed_at = models.DateTimeField("签字时间", auto_now_add=True)

    scope = Scope(place="county_id", right=Right.TRAIL_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "权限复核"
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "quarter"], name="privilege_review_once"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="privilege_review_quarter"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.year}年第{self.quarter}季度权限复核"
