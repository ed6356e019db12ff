"""Village exit (贫困村退出): indicator sets as data; computed, declared and confirmed values kept apart."""

from django.db import models

from households.models.procedure import Batch
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class IndicatorSet(models.Model):
    """A set of indicators (policy.md 2.3, 2.15; dictionary.md 6.2). ``place`` null: shipped for the whole country."""

    class Subject(models.TextChoices):
        VILLAGE = "village", "贫困村"
        COUNTY = "county", "贫困县"

    code = models.CharField("代码", max_length=40, db_collation="C")
    name = models.CharField("名称", max_length=60)
    subject = models.CharField("对象", max_length=8, choices=Subject.choices)
    place = models.ForeignKey(
        "villages.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用地区"
    )
    version = models.PositiveSmallIntegerField("版本", default=1)
    source = models.CharField("依据", max_length=300)
    is_active = models.BooleanField("启用", default=True)
    is_default = models.BooleanField("默认", default=False)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标体系"
        ordering = ["subject", "code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "place", "version"], nulls_distinct=False, name="indicator_set_once"
            )
        ]


@tracked()
class Indicator(models.Model):
    """One indicator: a number against a threshold, or yes/no. ``source_code`` names what the register computes itself
    (households.procedures.engine.village_exit.COMPUTED); empty: only declared and confirmed."""

    class Value(models.TextChoices):
        NUMBER = "number", "数值"
        YES_NO = "yes_no", "是否"

    class Operator(models.TextChoices):
        LT = "lt", "低于"
        LE = "le", "不高于"
        GT = "gt", "高于"
        GE = "ge", "不低于"
        YES = "yes", "是"

    set = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="indicators", verbose_name="指标体系")
    position = models.PositiveSmallIntegerField("顺序")
    code = models.CharField("代码", max_length=30, db_collation="C")
    label = models.CharField("指标", max_length=120)
    unit = models.CharField("单位", max_length=20, blank=True)
    value = models.CharField("取值", max_length=8, choices=Value.choices)
    operator = models.CharField("比较", max_length=4, choices=Operator.choices)
    threshold = models.DecimalField("标准", max_digits=14, decimal_places=4, null=True, blank=True)
    threshold_west = models.DecimalField("西部标准", max_digits=14, decimal_places=4, null=True, blank=True)
    source_code = models.CharField("自动计算", max_length=30, blank=True, db_collation="C")
    required = models.BooleanField("必达", default=True)

    scope = Scope(place="set__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标"
        ordering = ["set_id", "position"]
        constraints = [models.UniqueConstraint(fields=["set", "code"], name="indicator_once")]


@tracked()
class IndicatorValue(models.Model):
    """What is known of one indicator in one batch. A yes/no is 1 or 0. The three values never overwrite each other:
    ``computed`` by the register, ``declared`` by the village, ``confirmed`` by the reviewer."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="indicator_values", verbose_name="批次")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name="指标")
    computed = models.DecimalField("系统计算", max_digits=16, decimal_places=4, null=True, blank=True)
    computed_note = models.CharField("计算依据", max_length=200, blank=True)
    computed_at = models.DateTimeField("计算时间", null=True, blank=True)
    declared = models.DecimalField("村填报", max_digits=16, decimal_places=4, null=True, blank=True)
    declared_note = models.CharField("填报说明", max_length=200, blank=True)
    declared_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="填报人"
    )
    confirmed = models.DecimalField("审核认定", max_digits=16, decimal_places=4, null=True, blank=True)
    confirmed_note = models.CharField("认定说明", max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="认定人"
    )

    scope = Scope(place="batch__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标值"
        ordering = ["batch_id", "indicator__position"]
        constraints = [models.UniqueConstraint(fields=["batch", "indicator"], name="indicator_value_once")]
