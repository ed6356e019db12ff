"""分类管理 (policy-2026.md 1): what was found of every former poor household, and what the decision leaves behind."""

from django.db import models
from django.db.models import F, Q

from povreg.kit.fields import CodeField
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

FIRST_YEAR = 2026


class Outcome(models.TextChoices):
    """What becomes of the support a household had."""

    END = "end", "有序退出帮扶"
    GO_ON = "go_on", "继续帮扶"


@tracked(exclude=("updated_at",))
class Review(Versioned):
    """The facts of the comprehensive assessment (综合评估) of a household for a year: its economic state, its ability
    to develop, the evidence, and what the assessors propose. It decides nothing."""

    class Economy(models.TextChoices):
        STABLE = "stable", "稳定较好"
        FAIR = "fair", "一般"
        WEAK = "weak", "困难"

    class Ability(models.TextChoices):
        ABLE = "able", "有发展能力"
        PART = "part", "有一定发展能力"
        NONE = "none", "无发展能力"

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="reviews", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    year = models.PositiveSmallIntegerField("年度")
    economy = models.CharField("经济状况", max_length=8, choices=Economy.choices)
    ability = models.CharField("发展能力", max_length=8, choices=Ability.choices)
    evidence = models.CharField("评估依据", max_length=500)
    assessors = models.CharField("评估人", max_length=60)
    assessed_on = models.DateField("评估日期")
    proposal = models.CharField("建议", max_length=8, choices=Outcome.choices)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "综合评估"
        ordering = ["household_id", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["household", "year"], name="review_once"),
            models.CheckConstraint(condition=Q(year__gte=FIRST_YEAR, year__lte=2100), name="review_year_sane"),
        ]
        indexes = [models.Index(fields=["village", "year"], name="review_village_year_idx")]

    def __str__(self) -> str:
        return f"{self.year}年综合评估"


@tracked(exclude=("updated_at",))
class SupportDecision(Versioned):
    """What the county office decided of a household's support, from ``since`` until the day before ``until`` (null: it
    holds). The procedure that leads to it is another matter; ``document`` is the paper it stands on."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="supports", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions", verbose_name="综合评估")
    outcome = models.CharField("决定", max_length=8, choices=Outcome.choices)
    document = models.CharField("文件号", max_length=80)
    decided_on = models.DateField("决定日期")
    since = models.DateField("执行日期")
    until = models.DateField("止", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    decided_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分类管理决定"
        ordering = ["household_id", "-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(until__isnull=True, withdrawn_on__isnull=True), name="one_support"
            ),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="support_order"),
            models.CheckConstraint(condition=~Q(document=""), name="support_has_document"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawn_reason=""), name="support_withdrawn_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["village", "since"], name="support_village_idx")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}（{self.document}）"


@tracked()
class PolicyRun(models.Model):
    """A policy that runs on under a decision, until the day before ``until`` (null: without an end so far)."""

    decision = models.ForeignKey(SupportDecision, models.CASCADE, related_name="policies", verbose_name="决定")
    policy = CodeField("政策", code_table="support_policy", blank=False)
    until = models.DateField("延续至", null=True, blank=True)

    scope = Scope(place="decision__village_id", household="decision__household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延续的政策"
        ordering = ["decision_id", "policy"]
        constraints = [models.UniqueConstraint(fields=["decision", "policy"], name="policy_once")]
