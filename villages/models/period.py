"""What a county sets about its years and eras: dated rows, never overwritten (policy-2026.md section 1)."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from povreg.kit.history import tracked
from povreg.kit.scopes import ancestors, county_of, within
from villages.models.standard import PovertyLine
from villages.rights import Right


class CountyRowQuerySet(models.QuerySet):
    """Settings of counties."""

    def visible_to(self, user: Any) -> Self:
        """Those of the counties at, above and below the user's postings."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        condition = Q(pk__in=[])
        for code in user.places_with(Right.STANDARD_VIEW):
            condition |= Q(county_id__in=ancestors(code)) | within("county_id", county_of(code))
        return self.filter(condition)

    def current(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class CountyRow(models.Model):
    """One setting of a county; what was wrong is withdrawn, what came after it is another row."""

    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    source = models.CharField("依据", max_length=200)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    created_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects = CountyRowQuerySet.as_manager()

    class Meta:
        abstract = True


@tracked()
class WorkingYear(CountyRow):
    """The year a county works on, until the next row of it; withdrawn, the one before holds again."""

    year = models.PositiveSmallIntegerField("工作年度")

    class Meta:
        verbose_name = verbose_name_plural = "工作年度"
        ordering = ["county_id", "-pk"]
        indexes = [models.Index(fields=["county", "-id"], name="working_year_of")]

    def __str__(self) -> str:
        return f"{self.year}年"


@tracked()
class OfficeName(CountyRow):
    """What the office that keeps the register is called from a day on (扶贫办, 乡村振兴局, 农业农村委), its leading
    group and its telephone; blank: as the era has it."""

    since = models.DateField("启用日期")
    name = models.CharField("机构名称", max_length=40)
    group = models.CharField("领导小组名称", max_length=60, blank=True)
    hotline = models.CharField("监督电话", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "机构名称"
        ordering = ["county_id", "-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "since"], condition=Q(withdrawn_at__isnull=True), name="office_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Programme(CountyRow):
    """A programme of the province that a county switches on for some years (低收入农户 and the like): procedures on
    offer beside those of the era, and the kind of line that judges income there."""

    class Line(models.TextChoices):
        PROVINCIAL = PovertyLine.Kind.PROVINCIAL.value, PovertyLine.Kind.PROVINCIAL.label
        MONITOR = PovertyLine.Kind.MONITOR.value, PovertyLine.Kind.MONITOR.label

    name = models.CharField("名称", max_length=60)
    procedures = ArrayField(models.CharField(max_length=20), verbose_name="办理事项")
    line_kind = models.CharField("评定所用标准", max_length=12, choices=Line.choices, default=Line.PROVINCIAL)
    year_from = models.PositiveSmallIntegerField("起始年度")
    year_to = models.PositiveSmallIntegerField("截止年度", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "省定项目"
        ordering = ["county_id", "-year_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year_to__isnull=True) | Q(year_to__gte=F("year_from")), name="programme_years"
            )
        ]

    def __str__(self) -> str:
        return self.name
