"""Doubts (疑点) that rules found, runs of the rules, exemptions, and what a county set about a rule."""

from django.db import models
from django.db.models import F, Q

from audits.models.finding import Finding
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class DoubtQuerySet(ScopedQuerySet):
    def open(self) -> "DoubtQuerySet":
        """Those that the last run still found and nobody exempted or confirmed."""
        return self.filter(solved_on__isnull=True, exempted=False, confirmed=False)


class Doubt(models.Model):
    """What a rule found about a household, a member of it, or a village (neither) for a year.

    Derived: a run writes it, and no history is kept beside the days. ``last_seen`` is the last run that still found it,
    ``solved_on`` the first that no longer did; found again, it is open again and ``times`` grows. ``seen`` are the
    facts the rule looked at, by field or label. ``confirmed``: somebody ticked the same warning when it was entered;
    ``exempted``: an exemption holds. Severity is that of the rule, for the county.
    """

    class Severity(models.TextChoices):
        ERROR = "E", "必须改正"
        WARNING = "W", "需要核实"
        GAP = "G", "没有填写"

    rule = models.CharField("规则", max_length=60, db_collation="C")
    severity = models.CharField("程度", max_length=1, choices=Severity.choices)
    group = models.PositiveSmallIntegerField("类别")
    year = models.PositiveSmallIntegerField("年度")
    village = models.ForeignKey(
        "villages.Place", models.PROTECT, related_name="+", verbose_name="村", db_index=False, db_constraint=False
    )
    household = models.ForeignKey(
        "households.Household", models.CASCADE, null=True, related_name="+", verbose_name="户", db_index=False
    )
    member = models.ForeignKey(
        "households.Member", models.CASCADE, null=True, related_name="+", verbose_name="人", db_index=False
    )
    seen = models.JSONField("依据", default=dict)
    first_seen = models.DateField("首次发现")
    last_seen = models.DateField("最近发现")
    solved_on = models.DateField("解决日期", null=True)
    times = models.PositiveSmallIntegerField("发现次数", default=1)
    exempted = models.BooleanField("已豁免", default=False)
    confirmed = models.BooleanField("录入时已确认", default=False)
    finding = models.ForeignKey(
        Finding, models.SET_NULL, null=True, related_name="doubts", verbose_name="整改", db_index=False
    )

    scope = Scope(place="village_id", household="household_id", right=Right.CHECK_VIEW)
    objects = DoubtQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "疑点"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "year", "village", "household", "member"], nulls_distinct=False, name="doubt_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["village", "rule"],
                name="doubt_open_idx",
                condition=Q(solved_on=None, exempted=False, confirmed=False),
            ),
            models.Index(fields=["household", "year"], name="doubt_household_idx"),
            models.Index(fields=["member"], name="doubt_member_idx", condition=Q(member__isnull=False)),
            models.Index(fields=["finding"], name="doubt_finding_idx", condition=Q(finding__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"疑点 {self.pk}"


@tracked()
class Exemption(models.Model):
    """A doubt that was looked at and holds for a reason (户里确实如此), until a day; or a rule that does not fit a
    village. Without a household it exempts the whole village from the rule."""

    rule = models.CharField("规则", max_length=60, db_collation="C")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="村")
    household = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="户"
    )
    member = models.ForeignKey(
        "households.Member", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人"
    )
    reason = models.CharField("理由", max_length=200)
    until = models.DateField("有效期至")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="豁免人")
    at = models.DateTimeField("豁免时间", auto_now_add=True)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )

    scope = Scope(place="village_id", household="household_id", right=Right.CHECK_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "豁免"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_with_reason"),
            models.CheckConstraint(
                condition=Q(member__isnull=True) | Q(household__isnull=False), name="exemption_of_a_household"
            ),
        ]
        indexes = [models.Index(fields=["rule", "village"], name="exemption_rule_idx")]


class CheckRun(models.Model):
    """One run of the rules over a place and year: how many households were looked at, what each rule found, how many it
    could not judge (by township and rule; None in runs that did not count it), and which lists nobody has recorded
    there (audits.checks.needs)."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="范围")
    year = models.PositiveSmallIntegerField("年度")
    started_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True)
    households = models.PositiveIntegerField("核查户数", default=0)
    found = models.PositiveIntegerField("疑点", default=0)
    fresh = models.PositiveIntegerField("新发现", default=0)
    solved = models.PositiveIntegerField("已解决", default=0)
    counts = models.JSONField("各规则", default=dict)
    unjudged = models.JSONField("未判断", null=True)
    lacking = models.JSONField("没有的资料", default=list)

    scope = Scope(place="place_id", right=Right.CHECK_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "核查运行"
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["place", "year", "-started_at"], name="check_run_idx")]


@tracked()
class RuleSetting(models.Model):
    """What a county set about a rule from a year on: its parameters, its severity, whether it is used at all. The
    latest row holds; what was wrong is set anew, never overwritten."""

    rule = models.CharField("规则", max_length=60, db_collation="C")
    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    year_from = models.PositiveSmallIntegerField("起始年度")
    year_to = models.PositiveSmallIntegerField("截止年度", null=True, blank=True)
    params = models.JSONField("参数", default=dict, blank=True)
    severity = models.CharField("程度", max_length=1, choices=Doubt.Severity.choices, blank=True)
    enabled = models.BooleanField("启用", default=True)
    reason = models.CharField("依据", max_length=200)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="设定人")
    at = models.DateTimeField("设定时间", auto_now_add=True)

    scope = Scope(place="county_id", right=Right.CHECK_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规则设定"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year_to__isnull=True) | Q(year_to__gte=F("year_from")), name="rule_setting_years"
            )
        ]
        indexes = [models.Index(fields=["county", "rule"], name="rule_setting_idx")]
