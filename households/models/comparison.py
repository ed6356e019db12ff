"""What comparing households with the records of others found (信息比对): cars, flats, companies, public pay."""

from django.db import models
from django.db.models import Q

from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class Comparison(models.Model):
    """One result handed over for a county: by whom, under which number, of which day; it serves every list of the kind
    and year. Households that it does not name were compared and nothing was found."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    kind = models.CharField("程序", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    compared_on = models.DateField("比对日期")
    document = models.CharField("文号或批次", max_length=80)
    source = models.CharField("比对单位", max_length=120)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "信息比对"
        ordering = ["-compared_on", "-id"]


@tracked()
class ComparisonHit(models.Model):
    """A household that a comparison named. Until it is explained with evidence, no list takes the household in."""

    class What(models.TextChoices):
        CAR = "car", "车辆"
        FLAT = "flat", "商品房"
        COMPANY = "company", "经商办企业"
        PUBLIC_PAY = "public_pay", "财政供养人员"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        OPEN = "open", "待核实"
        EXPLAINED = "explained", "已说明"

    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="hits", verbose_name="比对")
    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="comparison_hits", verbose_name="户"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    what = models.CharField("情形", max_length=12, choices=What.choices)
    detail = models.CharField("情况", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    explanation = models.CharField("核实说明", max_length=300, blank=True)
    explained_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核实人"
    )
    explained_on = models.DateField("核实日期", null=True, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "比对疑点"
        ordering = ["comparison_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "household", "what"], name="hit_once"),
            models.CheckConstraint(condition=~Q(state="explained") | ~Q(explanation=""), name="hit_explained_in_words"),
        ]
        indexes = [models.Index(fields=["household", "state"], name="hit_household_idx")]
