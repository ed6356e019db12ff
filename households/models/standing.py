"""Standing in time (design.md section 8): which class a household had from when to when, and where that comes from.

Spells are the only truth. What a household is today (``Household.exit_status`` and the like) is their projection, which
the database writes itself whenever a spell changes, and which it refuses to have written otherwise.
"""

from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from povreg.kit.fields import CodeField
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

POVERTY, MONITORING, CIVIL = "poverty", "monitoring", "civil"


class StandingClass(models.Model):
    """A class that a household may be in (policy-2026.md 2 and 3), as data.

    ``axis``: a household is in one class of an axis on any day. ``code`` is the national code that rosters and pages
    know it by (脱贫属性 on the poverty axis, 监测对象类型 in monitoring). ``opened_by`` and ``closed_by`` name kinds
    of approved lists that may begin and end it; ``by_department`` says that a department's list may.
    """

    class Axis(models.TextChoices):
        POVERTY = POVERTY, "贫困身份"
        MONITORING = MONITORING, "监测对象"
        CIVIL = CIVIL, "民政对象"

    key = models.CharField("类别", max_length=16, primary_key=True, db_collation="C")
    axis = models.CharField("轴", max_length=12, choices=Axis.choices)
    code = models.CharField("代码", max_length=4, blank=True, db_collation="C")
    label = models.CharField("名称", max_length=20)
    position = models.PositiveSmallIntegerField("顺序")
    opened_by = ArrayField(models.CharField(max_length=20), verbose_name="纳入程序", default=list)
    closed_by = ArrayField(models.CharField(max_length=20), verbose_name="退出程序", default=list)
    by_department = models.BooleanField("部门认定", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "身份类别"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class Known(models.TextChoices):
    """How well a bound is known."""

    DAY = "day", "到日"
    YEAR = "year", "只知年度"
    UNKNOWN = "unknown", "时间不详"


class Origin(models.TextChoices):
    """Where a spell, or its end, comes from; the database looks each up when the transaction commits."""

    LIST = "list", "批复名单"
    OPENING = "opening", "建库期名册"
    DEPARTMENT = "department", "部门名单"
    CORRECTION = "correction", "更正令"
    CARRIED = "carried", "沿用"
    SPLIT = "split", "分户承继"
    NEXT = "next", "转为后一身份"
    CLOSED = "closed", "销户"


def _ending() -> Q:
    """A spell that ended says by what; one that goes on does not."""
    return Q(until__isnull=True, until_known="", end_origin="") | Q(until__isnull=False) & ~Q(until_known="") & ~Q(
        end_origin=""
    )


class SpellQuerySet(ScopedQuerySet):
    def on(self, day: Any) -> "SpellQuerySet":
        """The spells that hold on a day."""
        return self.filter(during__contains=day)


@tracked(exclude=("during",))
class Spell(models.Model):
    """A household in a class from ``since`` (null: always, as far as is known) until the day before ``until`` (null: it
    goes on).

    A bound known by year only is the year's 31 December. ``until_known`` unknown means that the class is proven up to
    the day before ``sure_until`` (null: to the first day), and that it ended on some day before ``until``: in between
    reports say 时间不详. ``proven_on`` is the day a roster said so (数据日期). ``year`` is the year a list or roster
    decided for, where it is another than that of ``since``. ``axis`` and ``code`` repeat those of the class; the
    database fills them in.
    """

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="spells", verbose_name="户", db_index=False
    )
    village = models.ForeignKey(
        "villages.Place", models.PROTECT, related_name="+", verbose_name="行政村", db_index=False
    )
    klass = models.ForeignKey(StandingClass, models.PROTECT, related_name="+", verbose_name="类别", db_index=False)
    axis = models.CharField("轴", max_length=12, editable=False, db_collation="C")
    code = models.CharField("代码", max_length=4, blank=True, editable=False, db_collation="C")
    since = models.DateField("起", null=True, blank=True)
    since_known = models.CharField("起始精度", max_length=8, choices=Known.choices, default=Known.DAY)
    until = models.DateField("止", null=True, blank=True)
    until_known = models.CharField("终止精度", max_length=8, choices=Known.choices, blank=True, default="")
    sure_until = models.DateField("确知到", null=True, blank=True)
    proven_on = models.DateField("数据日期", null=True, blank=True)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    during = models.GeneratedField(
        expression=Func(F("since"), F("until"), function="daterange", output_field=DateRangeField()),
        output_field=DateRangeField(),
        db_persist=True,
    )
    origin = models.CharField("来源", max_length=12, choices=Origin.choices)
    batch = models.ForeignKey(
        "households.Batch", models.PROTECT, null=True, blank=True, related_name="spells", verbose_name="纳入名单"
    )
    end_origin = models.CharField("终止来源", max_length=12, choices=Origin.choices, blank=True, default="")
    end_batch = models.ForeignKey(
        "households.Batch", models.PROTECT, null=True, blank=True, related_name="ended_spells", verbose_name="退出名单"
    )
    department_row = models.ForeignKey(
        "households.DepartmentRow",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="spells",
        verbose_name="部门名单",
    )
    correction = models.ForeignKey(
        "households.CorrectionOrder",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="spells",
        verbose_name="更正令",
    )
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承继自"
    )
    document = models.CharField("文件或说明", max_length=120, blank=True)
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = SpellQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "身份期间"
        ordering = ["household_id", F("since").asc(nulls_first=True), "id"]
        constraints = [
            ExclusionConstraint(
                name="one_class_an_axis_and_day",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("axis", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                deferrable=models.Deferrable.IMMEDIATE,  # looked at once a statement: one may end and begin
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")), name="spell_order"
            ),
            models.CheckConstraint(condition=Q(since__isnull=False) | Q(since_known="unknown"), name="spell_start"),
            models.CheckConstraint(condition=_ending(), name="spell_end"),
        ]
        indexes = [
            models.Index(fields=["household", "axis"], name="spell_household_idx"),
            models.Index(fields=["household"], condition=Q(origin="split"), name="spell_split_idx"),
            models.Index(fields=["village", "axis", "klass"], name="spell_village_idx"),
        ]


@tracked()
class Episode(models.Model):
    """What belongs to a monitoring spell beside its bounds: ordered risks with sub-items, measures wanted, at removal
    the way and the second snapshot (policy-2026.md 8)."""

    spell = models.OneToOneField(
        Spell, models.CASCADE, primary_key=True, related_name="episode", verbose_name="监测期间"
    )
    risks = ArrayField(CodeField(code_table="risk"), verbose_name="致贫返贫风险", default=list, blank=True)
    details = models.JSONField("风险细项", default=dict, blank=True)
    wanted = models.CharField("需要的帮扶", max_length=200, blank=True)
    clear_way = CodeField("风险消除方式", code_table="clear_way")
    snapshot = models.JSONField("消除时情况", default=dict, blank=True)

    scope = Scope(place="spell__village_id", household="spell__household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "监测期间情况"


@tracked()
class OpeningStock(models.Model):
    """The opening of a county's register (建库期): rosters may write standing until the office closes it, once.

    A county without a row, or whose row has no ``closed_on``, is in it. ``counts`` is the count sheet of the closing.
    """

    county = models.OneToOneField(
        "villages.Place", models.PROTECT, primary_key=True, related_name="+", verbose_name="县"
    )
    closed_on = models.DateField("结束日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人"
    )
    counts = models.JSONField("清点数", default=dict, blank=True)

    scope = Scope(place="county_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "建库期"
        triggers = [
            pgtrigger.Protect(
                name="closed_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__closed_on__isnull=False)
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]


@tracked()
class CorrectionOrder(models.Model):
    """An order to correct a household's standing (更正令): ordered by one person, approved by another, with the paper
    it rests on. Only then may a spell be put right."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="corrections", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    document = models.CharField("文件号", max_length=80)
    reason = models.CharField("更正原因", max_length=200)
    klass = models.ForeignKey(
        StandingClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="更正后的类别"
    )
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止", null=True, blank=True)
    spell = models.ForeignKey(
        Spell, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="被更正的期间"
    )
    ordered_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="提出人")
    ordered_on = models.DateField("提出日期")
    approved_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    approved_on = models.DateField("批准日期", null=True, blank=True)
    refused_reason = models.CharField("不予批准的原因", max_length=200, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正令"
        ordering = ["-ordered_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("ordered_by")), name="correction_by_two"
            )
        ]


@tracked()
class DepartmentList(models.Model):
    """A department's list of its own classes (民政部门的低保、特困等名单) as it was handed over."""

    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    department = models.CharField("部门", max_length=60)
    document = models.CharField("文件号或批次", max_length=80)
    as_of = models.DateField("名单日期")
    taken_by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="接收人")
    taken_at = models.DateTimeField("接收时间", auto_now_add=True)

    scope = Scope(place="county_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部门名单"
        ordering = ["-as_of", "-id"]


@tracked()
class DepartmentRow(models.Model):
    """One household of a department's list; ``members`` are the persons it names (empty: the whole household)."""

    list = models.ForeignKey(DepartmentList, models.PROTECT, related_name="rows", verbose_name="名单")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    klass = models.ForeignKey(StandingClass, models.PROTECT, related_name="+", verbose_name="类别")
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    members = models.ManyToManyField("households.Member", related_name="+", verbose_name="人员", blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部门名单条目"
        constraints = [models.UniqueConstraint(fields=["list", "household", "klass"], name="department_row_once")]


@tracked()
class StandingProposal(models.Model):
    """A roster said otherwise than the register (contract.md section 5): what it said, kept until somebody takes it
    into a list or dismisses it with a reason. One open proposal a household and kind."""

    class Kind(models.TextChoices):
        IN = "in", "拟纳入"
        OUT = "out", "拟退出"
        CLEAR = "clear", "拟消除"
        ERROR = "error", "疑似错误"

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        TAKEN = "taken", "已列入名单"
        DISMISSED = "dismissed", "不采纳"

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="proposals", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    kind = models.CharField("种类", max_length=6, choices=Kind.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    differences = models.JSONField("差异", default=dict)
    source = models.ForeignKey(
        "households.SheetImport", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="导入"
    )
    source_name = models.CharField("来源", max_length=120, blank=True)
    found_at = models.DateTimeField("发现时间", auto_now_add=True)
    batch = models.ForeignKey(
        "households.Batch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="列入名单"
    )
    settled_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人"
    )
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "身份差异"
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["household", "kind"], condition=Q(state="open"), name="one_open_proposal"),
            models.CheckConstraint(condition=~Q(state="dismissed") | ~Q(reason=""), name="dismissed_with_reason"),
        ]
        indexes = [models.Index(fields=["village", "state"], name="proposal_village_idx")]
