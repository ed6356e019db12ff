"""Who helps whom (结对帮扶), from when to when; and what the office is proposed."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

MOST_HELPERS = 3
"""First, second and third helper (document 004)."""


class PairingQuerySet(ScopedQuerySet):
    def today(self) -> "PairingQuerySet":
        return self.on(timezone.localdate())

    def on(self, day: date) -> "PairingQuerySet":
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))


@tracked()
class Pairing(models.Model):
    """A helper responsible for a household for a time; a change is a new row with its own start (policy.md 8.4).

    ``turn`` says whether he is the first, second or third helper; ``unit`` is the one he came from then.
    """

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="pairings", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    helper = models.ForeignKey("villages.User", models.PROTECT, related_name="pairings", verbose_name="帮扶责任人")
    turn = models.PositiveSmallIntegerField("第几帮扶人", default=1, db_default=1)
    unit = models.ForeignKey(
        "villages.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="帮扶单位"
    )
    starts_on = models.DateField("开始帮扶时间", default=timezone.localdate)
    ends_on = models.DateField("结束帮扶时间", null=True, blank=True)
    note = models.CharField("帮扶内容", max_length=200, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结对"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="pairing_order"
            ),
            models.CheckConstraint(condition=Q(turn__gte=1), name="pairing_turn"),
            models.UniqueConstraint(
                fields=["household", "turn"], condition=Q(ends_on__isnull=True), name="one_open_pairing_a_turn"
            ),
        ]
        indexes = [models.Index(fields=["helper", "household"], name="pairing_helper_idx")]


@tracked()
class PairingLimit(models.Model):
    """How many households a helper of a rank may take in a county (document 001); else the shipped limit."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    rank = models.CharField("职务级别", max_length=20)
    most = models.PositiveSmallIntegerField("最多几户")

    scope = Scope(place="place_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结对户数上限"
        constraints = [models.UniqueConstraint(fields=["place", "rank"], name="pairing_limit_once")]


class PairingProposal(models.Model):
    """A matching that was worked out for a place: what the office may accept, pair by pair, or change."""

    class State(models.TextChoices):
        OPEN = "open", "待确认"
        DONE = "done", "已确认"
        DROPPED = "dropped", "已作废"

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="范围")
    made_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="提出人")
    made_at = models.DateTimeField("提出时间", auto_now_add=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    households = models.PositiveIntegerField("户数")
    helpers = models.PositiveIntegerField("帮扶责任人")
    unmatched = models.PositiveIntegerField("没有配上的户")
    seconds = models.FloatField("计算用时（秒）")

    scope = Scope(place="place_id", right=Right.PAIRING_EDIT)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结对建议"
        ordering = ["-made_at", "-id"]


class PairingChoice(models.Model):
    """One pair of a proposal: the helper that was found and why; what the office made of it."""

    class State(models.TextChoices):
        OPEN = "open", "待确认"
        ACCEPTED = "accepted", "已确认"
        REFUSED = "refused", "不采用"

    proposal = models.ForeignKey(PairingProposal, models.CASCADE, related_name="choices", verbose_name="结对建议")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    helper = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="建议的帮扶责任人"
    )
    reasons = models.CharField("理由", max_length=300, blank=True)
    cost = models.FloatField("代价", default=0)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认后的结对"
    )

    scope = Scope(place="village_id", household="household_id", right=Right.PAIRING_EDIT)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结对建议明细"
        ordering = ["proposal_id", "village_id", "household_id"]
        constraints = [models.UniqueConstraint(fields=["proposal", "household"], name="choice_once")]
