"""Democratic appraisal (民主评议): attendance, votes, and an outcome that is computed, never typed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from households.models.procedure import Batch, BatchEntry
from households.models.template import TemplateStep
from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked(exclude=("quorum_met",))
class Meeting(models.Model):
    """One meeting of representatives. ``quorum_met``: present / representatives is at least the quorum of the step
    (two thirds unless the county set another), copied here as a fraction. Rows are only ever added."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="meetings", verbose_name="批次")
    step = models.ForeignKey(TemplateStep, models.PROTECT, related_name="+", verbose_name="步骤")
    round = models.PositiveSmallIntegerField("轮次")
    held_on = models.DateField("会议日期")
    venue = models.CharField("会议地点", max_length=80)
    chair = models.CharField("主持人", max_length=40)
    recorder = models.CharField("记录人", max_length=40, blank=True)
    representatives = models.PositiveIntegerField("应到代表")
    present = models.PositiveIntegerField("实到代表")
    quorum_num = models.PositiveIntegerField("到会比例分子", default=2)
    quorum_den = models.PositiveIntegerField("到会比例分母", default=3)
    quorum_met = models.GeneratedField(
        expression=GreaterThanOrEqual(F("present") * F("quorum_den"), F("representatives") * F("quorum_num")),
        output_field=models.BooleanField("达到法定人数"),
        db_persist=True,
    )
    minutes = models.TextField("会议记录", blank=True)
    teller = models.CharField("计票人", max_length=40, blank=True)
    scrutineer = models.CharField("监票人", max_length=40, blank=True)
    attended = ArrayField(models.CharField(max_length=40), verbose_name="到会代表", default=list, blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="batch__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评议会议"
        ordering = ["batch_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(representatives__gt=0), name="meeting_has_representatives"),
            models.CheckConstraint(condition=Q(present__lte=F("representatives")), name="meeting_present_fits"),
            models.CheckConstraint(
                condition=Q(quorum_num__gt=0, quorum_den__gt=0, quorum_num__lte=F("quorum_den")), name="meeting_quorum"
            ),
        ]
        triggers = append_only()


@tracked(exclude=("passed",))
class Vote(models.Model):
    """The votes on one household. ``passed``: more than half of all who voted were in favour, abstentions included."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="votes", verbose_name="会议")
    entry = models.ForeignKey(BatchEntry, models.PROTECT, related_name="votes", verbose_name="条目")
    votes_for = models.PositiveIntegerField("同意")
    votes_against = models.PositiveIntegerField("不同意")
    abstained = models.PositiveIntegerField("弃权")
    passed = models.GeneratedField(
        expression=GreaterThan(F("votes_for"), F("votes_against") + F("abstained")),
        output_field=models.BooleanField("通过"),
        db_persist=True,
    )

    scope = Scope(place="meeting__batch__place_id", household="entry__household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "表决"
        ordering = ["meeting_id", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "entry"], name="vote_once")]
        triggers = append_only()


@tracked()
class RepresentativeRoll(models.Model):
    """The representatives of a village (村民代表) for a term: how many there are, and who. Meetings are counted against
    the roll of their day."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    term = models.CharField("届次", max_length=20)
    since = models.DateField("任期起")
    until = models.DateField("任期止", null=True, blank=True)
    names = ArrayField(models.CharField(max_length=40), verbose_name="代表姓名")
    source = models.CharField("依据", max_length=120)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "村民代表名册"
        ordering = ["place_id", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["place", "since"], name="roll_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="roll_order"),
        ]

    def __str__(self) -> str:
        return f"{self.place}{self.term}村民代表"
