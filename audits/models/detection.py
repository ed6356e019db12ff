"""Signs of invented data (真不真): what a look over a county's year found, by village and by account."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from povreg.kit.fields import YuanField
from povreg.kit.scopes import COUNTY, within
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class RunQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Looks over the counties in which the person may see signs somewhere: they hold counts of a county only."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        condition = models.Q(pk__in=[])
        for code in user.places_with(Right.SAMPLE_VIEW):
            condition |= within("county_id", code[:COUNTY])
        return self.filter(condition)


class DetectionRun(models.Model):
    """One look over a county's year. ``counts``: by kind how many villages are strong, middle, none, unjudged;
    ``looked``: by kind why it was not looked for, where it was not; ``shape``: the county's households by income, which
    every village is held against; ``line`` is the one that judged most of them."""

    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    year = models.PositiveSmallIntegerField("年度")
    made_at = models.DateTimeField("时间", auto_now_add=True)
    households = models.PositiveIntegerField("户数")
    villages = models.PositiveIntegerField("村数")
    seconds = models.FloatField("用时（秒）")
    line = YuanField("标准（元）", null=True)
    counts = models.JSONField("结果")
    looked = models.JSONField("未查的原因", default=dict)
    shape = models.JSONField("全县分布", default=list)

    scope = Scope(place="county_id", right=Right.SAMPLE_VIEW)
    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异常检测"
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["county", "year", "-made_at"], name="detection_run_idx")]


class Sign(models.Model):
    """What one kind of sign says of a village, or of an account that works there. ``p`` is the probability of as much
    in an honest village of this county; ``household_ids`` are those behind it, ``picture`` what is drawn. A lead for a
    visit, never a verdict."""

    class Kind(models.TextChoices):
        OVERALL = "overall", "综合"
        INCOME = "income", "收入踩线"
        COPIES = "copies", "收入雷同"
        DIGITS = "digits", "尾数"
        EDITS = "edits", "修改时间"
        VISITS = "visits", "走访"
        PHOTOS = "photos", "照片重复"
        MEETINGS = "meetings", "评议会议"

    class Level(models.TextChoices):
        STRONG = "strong", "强"
        MIDDLE = "middle", "中"
        NONE = "none", "无"

    run = models.ForeignKey(DetectionRun, models.CASCADE, related_name="signs", verbose_name="检测")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    account = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    level = models.CharField("程度", max_length=8, choices=Level.choices)
    score = models.FloatField("分值")
    size = models.PositiveIntegerField("户数")
    observed = models.FloatField("实有")
    expected = models.FloatField("应有")
    household_ids = ArrayField(models.BigIntegerField(), verbose_name="户", default=list)
    picture = models.JSONField("图", default=dict)

    scope = Scope(place="village_id", right=Right.SAMPLE_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异常"
        ordering = ["-score", "village_id"]
        indexes = [
            models.Index(fields=["run", "kind", "-score"], name="sign_rank_idx"),
            models.Index(fields=["village", "run"], name="sign_village_idx"),
        ]
