"""Counts of assistance that dashboards read instead of households."""

from typing import Any

from django.db import models

from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def count(label: str) -> Any:
    return models.PositiveIntegerField(label, default=0)


def yuan(label: str) -> Any:
    return models.DecimalField(label, max_digits=16, decimal_places=2, default=0)


class AssistanceTally(models.Model):
    """What was given in a year at one place, and where visits, plans and helpers stand there on the day of ``as_of``
    (in the running year only): a village, or the place of a project. What lies below a place is not in its row; readers
    add up."""

    place = models.ForeignKey("villages.Place", models.CASCADE, related_name="+", db_index=False, verbose_name="区划")
    year = models.PositiveSmallIntegerField("年度")
    measures = count("措施")
    given_to = count("受益户")
    spent = yuan("措施金额（元）")
    watched = count("监测户应走访")
    watched_done = count("监测户已走访")
    watched_late = count("监测户逾期未走访")
    others = count("其他户应走访")
    others_done = count("其他户已走访")
    others_late = count("其他户逾期未走访")
    plans_due = count("应有计划")
    plans_made = count("已商定计划")
    helped_due = count("应有帮扶责任人")
    helped = count("有帮扶责任人")
    asked = yuan("投资估算（元）")
    allocated = yuan("已安排（元）")
    paid = yuan("已拨付（元）")
    as_of = models.DateTimeField("数据时点")

    scope = Scope(place="place_id", right=Right.DASHBOARD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶统计数"
        constraints = [models.UniqueConstraint(fields=["year", "place"], name="assistance_tally_once")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.year}年帮扶统计数"
