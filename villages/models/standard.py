"""Poverty lines and criteria sets: data with place, year, source and version, never overwritten (policy.md 4.5)."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from povreg.kit.fields import YuanField
from povreg.kit.history import tracked
from povreg.kit.scopes import ancestors, within
from villages.rights import Right


class StandardQuerySet(models.QuerySet):
    """Standards with a ``place`` (none: the whole country)."""

    def visible_to(self, user: Any) -> Self:
        """The country's standards, and those of places above, at and below the user's postings."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        places = user.places_with(Right.STANDARD_VIEW)
        condition = Q(place__isnull=True) if places else Q(pk__in=[])
        for code in places:
            condition |= Q(place_id__in=ancestors(code)) | within("place_id", code)
        return self.filter(condition)


@tracked()
class PovertyLine(models.Model):
    """One line: yuan a person and year, for a kind, a year and a place (no place: the whole country).

    A correction withdraws the row and adds another, so every verdict can still name the line it used.
    """

    class Kind(models.TextChoices):
        NBS = "nbs", "国家统计局农村贫困标准"
        EXIT = "exit", "脱贫（退出）标准"
        PROVINCIAL = "provincial", "省定标准"
        MONITOR = "monitor", "防返贫监测线"
        DIBAO = "dibao", "低保标准"

    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    year = models.PositiveSmallIntegerField("年度")
    place = models.ForeignKey("villages.Place", models.PROTECT, null=True, blank=True, verbose_name="适用地区")
    amount = YuanField("标准（元/人·年）", null=False, blank=False)
    source = models.CharField("依据", max_length=200)
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    created_by = models.ForeignKey("villages.User", models.PROTECT, null=True, blank=True, verbose_name="登记人")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "标准线"
        ordering = ["kind", "-year", "place_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "place"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="line_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_kind_display()} {self.amount}元"


@tracked()
class CriteriaSet(models.Model):
    """A versioned set of criteria (一超过两不愁三保障, 一超六有, a county's own) with the years it holds for.

    ``criteria`` are codes declared in households.eligibility.criteria; ``params`` override thresholds
    (school age, borderline margin: villages.standards.rules). The most specific place wins, then the latest first year.
    """

    name = models.CharField("名称", max_length=60)
    version = models.PositiveSmallIntegerField("版本", default=1)
    criteria = ArrayField(models.CharField(max_length=20), verbose_name="指标")
    params = models.JSONField("参数", default=dict, blank=True)
    place = models.ForeignKey("villages.Place", models.PROTECT, null=True, blank=True, verbose_name="适用地区")
    year_from = models.PositiveSmallIntegerField("起始年度")
    year_to = models.PositiveSmallIntegerField("截止年度", null=True, blank=True)
    source = models.CharField("依据", max_length=200)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    created_by = models.ForeignKey("villages.User", models.PROTECT, null=True, blank=True, verbose_name="登记人")

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评定标准"
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version", "place"], nulls_distinct=False, name="set_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
