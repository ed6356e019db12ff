"""Counts the dashboards read instead of households."""

from django.db import models

from households.models.closing import frozen_when_closed
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class Tally(models.Model):
    """Households and people of a place and year in one bucket of one measure (verdict/fail, failed/housing, ...).

    Written for the village and every level above it when a recompute ends; ``poor`` keeps poor and other villages apart
    at levels above the village (同一把尺子). Measures are declared in households.eligibility.summaries.
    """

    place = models.ForeignKey(
        "villages.Place", models.CASCADE, related_name="+", db_index=False, db_constraint=False, verbose_name="区划"
    )
    year = models.PositiveSmallIntegerField("年度")
    measure = models.CharField("统计项", max_length=20, db_collation="C")
    bucket = models.CharField("分组", max_length=24, db_collation="C")
    poor = models.BooleanField("贫困村", default=False)
    households = models.PositiveIntegerField("户数")
    people = models.PositiveIntegerField("人数")
    amount = models.DecimalField("合计", max_digits=18, decimal_places=2, null=True)
    as_of = models.DateTimeField("数据时点")

    scope = Scope(place="place_id", right=Right.DASHBOARD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "统计数"
        triggers = frozen_when_closed("place_id", moves=())
        constraints = [
            models.UniqueConstraint(fields=["year", "place", "measure", "bucket", "poor"], name="tally_once")
        ]
