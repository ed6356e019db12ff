"""What came of a helper's year (帮扶责任人考核): what families said, and the grade the office gave."""

from django.db import models
from django.db.models import F, Q

from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked(exclude=("updated_at",))
class HelperAppraisal(Versioned):
    """The appraisal of a helper for a year. ``asked`` families were asked, ``content`` of them were content; visits,
    measures and results are counted from the register when they are shown."""

    class Grade(models.TextChoices):
        GOOD = "good", "好"
        FAIR = "fair", "较好"
        MIDDLING = "middling", "一般"
        POOR = "poor", "较差"

    helper = models.ForeignKey("villages.User", models.PROTECT, related_name="appraisals", verbose_name="帮扶责任人")
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="所在地")
    year = models.PositiveSmallIntegerField("年度")
    asked = models.PositiveSmallIntegerField("问了几户", default=0)
    content = models.PositiveSmallIntegerField("满意几户", default=0)
    grade = models.CharField("等次", max_length=10, choices=Grade.choices)
    remark = models.CharField("评语", max_length=200, blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="考核人")
    on = models.DateField("考核日期")

    scope = Scope(place="place_id", right=Right.HELPER_APPRAISE)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶考核"
        ordering = ["-year", "place_id", "helper_id"]
        constraints = [
            models.UniqueConstraint(fields=["helper", "year"], name="appraisal_once_a_year"),
            models.CheckConstraint(condition=Q(content__lte=F("asked")), name="appraisal_content"),
        ]
