"""Resident teams (驻村工作队): how many days each member was in the village, month by month (policy.md 8.2, 8.3)."""

from django.db import models
from django.db.models import Q

from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class TeamMonth(models.Model):
    """Days that a cadre was in the village in a month; ``month`` is its first day."""

    cadre = models.ForeignKey("villages.Cadre", models.CASCADE, related_name="months", verbose_name="干部")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="所驻的村")
    month = models.DateField("月份")
    days = models.PositiveSmallIntegerField("在村天数")
    leave_days = models.PositiveSmallIntegerField("请假天数", default=0)
    note = models.CharField("说明", max_length=100, blank=True)

    scope = Scope(place="village_id", right=Right.UNIT_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "在村天数"
        ordering = ["-month", "cadre_id"]
        constraints = [
            models.UniqueConstraint(fields=["cadre", "month"], name="team_month_once"),
            models.CheckConstraint(condition=Q(days__lte=31, leave_days__lte=31), name="team_month_days"),
        ]
