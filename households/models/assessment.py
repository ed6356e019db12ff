"""Verdicts on 两不愁三保障: one row a household and year, and who flipped."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from households.models.closing import frozen_when_closed
from households.models.presence_sql import surveyed_here, village_then
from povreg.kit.fields import CodeField, YuanField, yes_no
from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

NO_LINE = "no_line"
"""The reason of an income that is missing because no line was entered."""


class Verdict(models.TextChoices):
    """Three-valued everywhere: what is not recorded is neither met nor unmet."""

    PASS = "pass", "达标"
    FAIL = "fail", "未达标"
    MISSING = "missing", "缺数据"


def derived(model: str, label: str, *, db_index: bool = False, **options: Any) -> models.ForeignKey:
    """A reference that a recompute copies from rows it has just read; nobody finds verdicts by it alone."""
    return models.ForeignKey(
        model,
        models.PROTECT,
        related_name="+",
        verbose_name=label,
        db_constraint=False,
        db_index=db_index,
        **options,
    )


def code_list(label: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=24), verbose_name=label, default=list)


@tracked(old_only=True)
class Assessment(models.Model):
    """What the criteria set said of a household for a year, and from which figures.

    ``failed`` and ``missing`` hold criterion codes; a criterion of the set in neither holds. ``evidence`` keeps the
    facts the criteria looked at (absent: not recorded; members by id). ``margin`` is net income per head / line - 1,
    the line being the one that judges (null: none was entered); ``national_amount`` and ``provincial_amount``, of which
    it is one, stand side by side: the line of the country's rules and that of the province.
    It is also the household's row of the year: ``exit_status``, ``household_type``, ``monitor_type``, ``risk_cleared``
    are its standing on 31 December (today in the running year), ``at_end`` whether it had a class then. ``counted`` is
    whether it had one on any day of the year: a household without is tested, and stands in no figure of verdicts.

    ``gaps`` are the entry sections that are incomplete, ``filled`` of ``fields`` entry fields are recorded. Rows change
    only when their content does.

    Village, set and line are copied from rows the same statement read, so the database does not check them again: a
    county's worth of checks costs more than its verdicts.
    """

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="assessments", verbose_name="户", db_index=False
    )
    village = derived("villages.Place", "行政村")
    counted_in = village_then("当年所在村")
    year = models.PositiveSmallIntegerField("年度")
    criteria_set = derived("villages.CriteriaSet", "评定标准")
    line = derived("villages.PovertyLine", "标准线", null=True)
    line_amount = YuanField("标准（元）", null=True, blank=True)
    national_amount = YuanField("国标（元）")
    provincial_amount = YuanField("省标（元）")
    persons = models.PositiveSmallIntegerField("人数")
    net_income = YuanField("家庭纯收入（元）", max_digits=14)
    per_head = YuanField("人均纯收入（元）", max_digits=14)
    margin = models.DecimalField("高于标准的比例", max_digits=12, decimal_places=4, null=True)
    verdict = models.CharField("结论", max_length=7, choices=Verdict.choices)
    failed = code_list("未达标指标")
    missing = code_list("未记录指标")
    evidence = models.JSONField("依据", default=dict)
    borderline = models.BooleanField("踩线", default=False)
    blockers = code_list("不得退出的情形")
    eligible = models.BooleanField("具备退出条件", default=False)
    gaps = code_list("未填完的部分")
    filled = models.PositiveSmallIntegerField("已填项", default=0)
    fields = models.PositiveSmallIntegerField("应填项", default=0)
    counted = models.BooleanField("计入统计", default=True, db_default=True)
    at_end = models.BooleanField("年末在册", default=True, db_default=True)
    exit_status = CodeField("年末脱贫属性", code_table="exit_status", db_default="")
    household_type = CodeField("年末户类型", code_table="household_type", db_default="")
    monitor_type = CodeField("年末监测对象类型", code_table="monitor_type", db_default="")
    risk_cleared = yes_no("年末风险已消除")
    household_attr = CodeField("贫困户属性", code_table="household_attr", db_default="")
    main_cause = CodeField("主要致贫原因", code_table="cause", db_default="")
    assessed_at = models.DateTimeField("评定时间")

    scope = Scope(place="village_id", household="household_id", right=Right.ASSESSMENT_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评定结果"
        triggers = [*frozen_when_closed(), surveyed_here()]
        constraints = [models.UniqueConstraint(fields=["household", "year"], name="assessment_once")]
        indexes = [
            models.Index(fields=["year", "village", "verdict"], include=["household"], name="assessment_of_place_idx"),
            GinIndex(fields=["failed"], name="assessment_failed_idx"),
            GinIndex(fields=["missing"], name="assessment_missing_idx"),
            GinIndex(fields=["gaps"], name="assessment_gaps_idx"),
            models.Index(fields=["year", "per_head"], name="assessment_income_idx"),
            models.Index(fields=["year", "village"], condition=models.Q(borderline=True), name="assessment_border_idx"),
        ]

    @property
    def reasons(self) -> dict[str, str]:
        """Why a criterion is missing where it is not for want of a record: no line was entered for the year."""
        return {"income": NO_LINE} if self.line_amount is None and "income" in self.missing else {}


class Flip(models.Model):
    """A verdict that changed: from what to what, and whether facts or the rule changed. Insert-only; the first verdict
    of a household and year is no change."""

    class Cause(models.TextChoices):
        DATA = "data", "数据变化"
        RULE = "rule", "标准变化"

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="flips", verbose_name="户", db_index=False
    )
    village = derived("villages.Place", "行政村", db_index=True)
    year = models.PositiveSmallIntegerField("年度")
    before = models.CharField("原结论", max_length=7, choices=Verdict.choices)
    after = models.CharField("新结论", max_length=7, choices=Verdict.choices)
    cause = models.CharField("原因", max_length=6, choices=Cause.choices)
    changed = code_list("变化的指标")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="任务")
    at = models.DateTimeField("时间")

    scope = Scope(place="village_id", household="household_id", right=Right.ASSESSMENT_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结论变化"
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["household", "-at"], name="flip_household_idx"),
            models.Index(fields=["job"], name="flip_job_idx"),
        ]
        triggers = append_only(moves=("village",))
