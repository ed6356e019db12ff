"""Needs of a household (需求调查) and its plan of a year (一户一策)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from povreg.kit.fields import CodeField, YuanField
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class Path(models.TextChoices):
    """The six branches out of poverty by labour and will (document 001)."""

    INDUSTRY = "industry", "发展产业"
    JOB = "job", "转移就业"
    SHARES = "shares", "入股分红"
    RELOCATION = "relocation", "易地搬迁"
    STUDY = "study", "助学成才"
    BACKSTOP = "backstop", "兜底保障"


class Need(models.TextChoices):
    """What a family says it lacks."""

    MONEY = "money", "资金"
    SKILL = "skill", "技术"
    JOB = "job", "就业岗位"
    SALE = "sale", "产品销路"
    HOUSE = "house", "住房"
    WATER = "water", "饮水"
    SCHOOL = "school", "上学费用"
    MEDICAL = "medical", "看病费用"
    CARE = "care", "照料"
    ROAD = "road", "道路和设施"
    OTHER = "other", "其他"


def paths(label: str) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=12, choices=Path.choices), verbose_name=label, default=list, blank=True
    )


@tracked()
class NeedsSurvey(models.Model):
    """What a household needs and wants, as it was asked on a day; the plan comes after it (document 004)."""

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="needs_surveys", verbose_name="户"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    surveyed_on = models.DateField("调查日期")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="调查人")
    needs = ArrayField(
        models.CharField(max_length=12, choices=Need.choices), verbose_name="需要什么", default=list, blank=True
    )
    will = paths("愿意走的路子")
    situation = models.CharField("现状", max_length=300, blank=True)
    difficulty = models.CharField("困难", max_length=300, blank=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "需求调查"
        ordering = ["-surveyed_on", "-id"]
        indexes = [models.Index(fields=["household", "-surveyed_on"], name="needs_household_idx")]

    def __str__(self) -> str:
        return f"{self.surveyed_on:%Y-%m-%d} 需求调查"


@tracked(exclude=("updated_at",))
class Plan(Versioned):
    """What shall be done for a household in a year; agreed with it once measures answer its risks."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟定中"
        AGREED = "agreed", "已商定"

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="plans", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    year = models.PositiveSmallIntegerField("年度")
    survey = models.ForeignKey(NeedsSurvey, models.PROTECT, related_name="+", verbose_name="需求调查")
    causes = ArrayField(CodeField(code_table="cause"), verbose_name="致贫原因", default=list, blank=True)
    risks = ArrayField(CodeField(code_table="risk"), verbose_name="风险", default=list, blank=True)
    path = models.CharField("主要路子", max_length=12, choices=Path.choices)
    other_paths = paths("其他路子")
    path_reason = models.CharField("为什么走这条路", max_length=200)
    target_income = YuanField("人均纯收入目标（元）")
    target = models.CharField("年度目标", max_length=200, blank=True)
    drawn_on = models.DateField("拟定日期")
    drawn_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="拟定人")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.DRAFT)
    agreed_on = models.DateField("商定日期", null=True, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶计划"
        ordering = ["-year", "village_id", "household_id"]
        constraints = [
            models.UniqueConstraint(fields=["household", "year"], name="plan_once_a_year"),
            models.CheckConstraint(
                condition=Q(state="draft", agreed_on__isnull=True) | Q(state="agreed", agreed_on__isnull=False),
                name="plan_agreed_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["village", "year"], name="plan_village_idx")]

    def __str__(self) -> str:
        return f"{self.year}年帮扶计划"


@tracked()
class PlanLine(models.Model):
    """One measure that a plan holds."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines", verbose_name="计划")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    item = models.ForeignKey("assistance.CatalogueItem", models.PROTECT, related_name="+", verbose_name="措施")
    quantity = models.DecimalField("数量", max_digits=10, decimal_places=2, null=True, blank=True)
    amount = YuanField("金额（元）")
    due_on = models.DateField("完成期限")
    responsible = models.CharField("责任人或单位", max_length=60, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划措施"
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return str(self.item)
