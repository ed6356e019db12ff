"""Who lived in which household since when (design.md 8): the truth behind a member's household and relation."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Deferrable, F, Func, Q

from households.models.codes import HEAD
from households.models.presence_sql import in_step
from povreg.kit.fields import CodeField
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

DAYS = Func("since", "until", function="daterange", output_field=DateRangeField())


class Change(models.TextChoices):
    """Why somebody came or went: the national 人员变更 codes, and what the household did."""

    DEATH = "01", "死亡"
    MARRIED_OUT = "02", "嫁出"
    EMIGRATED = "03", "出国定居"
    IMPRISONED = "04", "判刑收监"
    MARRIED_IN = "05", "嫁入"
    BORN = "06", "新生儿"
    OTHER_IN = "07", "其他转入"
    OTHER_OUT = "08", "其他转出"
    MISTAKE = "09", "登记有误"
    SPLIT = "H2", "分户"
    MERGED = "H3", "并户"


class PresenceQuerySet(ScopedQuerySet):
    def on(self, year_day: object) -> "PresenceQuerySet":
        """Who lived there on a day, whether or not born by then (households.register.years asks that, too)."""
        here = Q(since__isnull=True) | Q(since__lte=year_day)
        return self.filter(here, Q(until__isnull=True) | Q(until__gt=year_day))


@tracked(old_only=True)
class Presence(models.Model):
    """One person in one household under one relation, from ``since`` (None: always, or not known) until the day before
    ``until`` (None: still). ``continued``: the same stay under another relation. ``village`` is where the household
    lives now.

    Rows follow the members (households.models.presence_sql): a verb writes the member, and rows here only where it
    knows what a member's row cannot say: that a relation changed on a day, or why somebody moved on.
    """

    member = models.ForeignKey(
        "households.Member", models.CASCADE, related_name="presences", verbose_name="成员", db_index=False
    )
    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="presences", verbose_name="户", db_index=False
    )
    village = models.ForeignKey(
        "villages.Place", models.PROTECT, related_name="+", verbose_name="行政村", db_index=False
    )
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止", null=True, blank=True)
    relation = CodeField("与户主关系", code_table="relation")
    continued = models.BooleanField("同一次居住", default=False)
    came = models.CharField("来的原因", max_length=2, choices=Change.choices, blank=True, default="")
    went = models.CharField("走的原因", max_length=2, choices=Change.choices, blank=True, default="")

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "居住"
        ordering = ["member_id", F("since").asc(nulls_first=True), "id"]
        triggers = [in_step()]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="presence_in_order",
            ),
            ExclusionConstraint(
                name="one_household_a_day",
                expressions=[("member", "="), (DAYS, "&&")],
                deferrable=Deferrable.IMMEDIATE,
            ),
            ExclusionConstraint(
                name="one_head_a_day",
                expressions=[("household", "="), (DAYS, "&&")],
                condition=Q(relation=HEAD),
                deferrable=Deferrable.IMMEDIATE,
            ),
        ]
        indexes = [
            models.Index(fields=["household"], include=["member", "since", "until"], name="presence_household_idx"),
            models.Index(
                fields=["village"], include=["household", "member", "since", "until"], name="presence_village_idx"
            ),
            models.Index(fields=["member", "since"], name="presence_member_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.since or ''}—{self.until or ''}"
