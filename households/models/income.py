"""The income test of one application or discovery (policy-2026.md 4), apart from every yearly record."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from households.models.annual import EXPENSE_FIELDS, INCOME_FIELDS, TRANSFER_FIELDS
from povreg.kit.fields import YuanField
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

NEW_INCOME_FIELDS = ("public_job_income", "dividend", "award", "sale_income")
PAID_FIELDS = ("paid_medical", "paid_schooling", "paid_housing", "paid_disaster")
MADE_GOOD_FIELDS = ("claims", "relief")
TEST_FIELDS = (
    *INCOME_FIELDS,
    *NEW_INCOME_FIELDS,
    *TRANSFER_FIELDS,
    *MADE_GOOD_FIELDS,
    *EXPENSE_FIELDS,
    *PAID_FIELDS,
)
"""Every amount of a test in the order of the form; those of the yearly worksheet bear the worksheet's names."""


class IncomeRange(models.TextChoices):
    """Where an income stands to the monitor line. Nothing recorded is never safe."""

    INSIDE = "inside", "监测范围内"
    WATCH = "watch", "观察带"
    OUTSIDE = "outside", "监测范围外"
    UNRECORDED = "unrecorded", "未记录"


class NoRange(models.TextChoices):
    """Why a test says nothing."""

    NO_LINE = "no_line", "还没有当年的监测线"
    NO_INCOME = "no_income", "收入没有记录"
    NO_PERSONS = "no_persons", "共同生活的人没有记录"


@tracked(exclude=("updated_at",))
class IncomeTest(Versioned):
    """Income, heavy spending and people of a household for the twelve months before it applied or was discovered.

    Amounts are yuan of ``since`` to ``until`` (the last day of the month before ``asked_on``), null where nothing was
    said. ``left_out`` names the items that do not count here. ``member_ids`` and ``others`` are the people who shared
    the household on ``asked_on``; ``basis`` says why these. Result, line and what follows are written by
    households.register.income_range; an empty ``result`` is no verdict (``reason``).
    """

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="income_tests", verbose_name="户"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    lead = models.OneToOneField(
        "households.Lead", models.PROTECT, null=True, blank=True, related_name="income_test", verbose_name="线索"
    )
    application = models.OneToOneField(
        "households.Application", models.PROTECT, null=True, blank=True, related_name="income_test",
        verbose_name="申请",
    )  # fmt: skip
    asked_on = models.DateField("申请或发现日期")
    since = models.DateField("起始日")
    until = models.DateField("截止日")

    wage_income = YuanField("工资性收入")
    public_job_income = YuanField("公益性岗位收入")
    business_income = YuanField("生产经营性收入")
    property_income = YuanField("财产性收入")
    dividend = YuanField("资产收益分红")
    award = YuanField("产业、就业奖补")
    sale_income = YuanField("出售财物所得")
    tr_family_planning = YuanField("计划生育金")
    tr_dibao = YuanField("低保金")
    tr_wubao = YuanField("五保金")
    tr_pension = YuanField("养老保险金")
    tr_eco = YuanField("生态补偿金")
    tr_other = YuanField("其他转移性收入")
    claims = YuanField("保险理赔")
    relief = YuanField("临时救助")
    business_expense = YuanField("生产经营性支出")
    paid_medical = YuanField("医疗自付")
    paid_schooling = YuanField("上学自付")
    paid_housing = YuanField("住房自付")
    paid_disaster = YuanField("灾害损失自付")
    left_out = ArrayField(models.CharField(max_length=24), verbose_name="不计入的项目", default=list, blank=True)

    member_ids = ArrayField(models.BigIntegerField(), verbose_name="共同生活的成员", default=list, blank=True)
    others = models.PositiveSmallIntegerField("没有登记的共同生活人数", default=0)
    basis = models.CharField("人口口径", max_length=120, blank=True)
    before_per_head = YuanField("上一年度人均纯收入")
    event = models.CharField("突发情况", max_length=120, blank=True)

    line = models.ForeignKey(
        "villages.PovertyLine", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监测线"
    )
    line_amount = YuanField("监测线（元）", null=True, blank=True)
    watch_until = YuanField("观察带上限（元）", null=True, blank=True)
    persons = models.PositiveSmallIntegerField("人数", null=True, blank=True)
    net_income = YuanField("家庭纯收入（元）", max_digits=14, null=True, blank=True)
    per_head = YuanField("人均纯收入（元）", max_digits=14, null=True, blank=True)
    result = models.CharField("结论", max_length=10, choices=IncomeRange.choices, blank=True)
    reason = models.CharField("没有结论的原因", max_length=10, choices=NoRange.choices, blank=True)
    is_heavy = models.BooleanField("刚性支出过大", default=False)
    is_sharp_fall = models.BooleanField("收入骤减", default=False)
    tested_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="测算人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", household="household_id", right=Right.LEAD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "收入测算"
        ordering = ["-asked_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(since__lt=F("until"), until__lt=F("asked_on")), name="test_period"),
            models.CheckConstraint(
                condition=Q(lead__isnull=False) ^ Q(application__isnull=False), name="test_of_one_cause"
            ),
            models.CheckConstraint(
                condition=~Q(result__in=("inside", "watch", "outside"))
                | Q(reason="", line_amount__isnull=False, per_head__isnull=False),
                name="test_result_with_figures",
            ),
        ]
        indexes = [models.Index(fields=["household", "-asked_on"], name="income_test_household_idx")]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m}—{self.until:%Y-%m}"
