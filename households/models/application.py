"""What comes before a list: application, house survey."""

from django.db import models
from django.db.models import Q

from households.models.procedure import Batch
from households.models.template import kind_label
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class Application(models.Model):
    """A household asks to be listed, itself or through a proxy (policy.md 6.11). ``authorised_on`` is the day it
    agreed in writing that its data be compared (承诺授权, policy.md 6.7)."""

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        LISTED = "listed", "已列入名单"
        DECLINED = "declined", "不予受理"
        WITHDRAWN = "withdrawn", "已撤回"
        ADMITTED = "admitted", "已纳入"
        REFUSED = "refused", "不予纳入"

    WAITING = (State.OPEN, State.LISTED)

    kind = models.CharField("申请事项", max_length=20)
    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="applications", verbose_name="户"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    year = models.PositiveSmallIntegerField("年度")
    applied_on = models.DateField("申请日期")
    reason = models.CharField("申请理由", max_length=300)
    by_proxy = models.BooleanField("由他人代办", default=False)
    proxy_name = models.CharField("代办人", max_length=40, blank=True)
    proxy_relation = models.CharField("与申请人关系", max_length=40, blank=True)
    thumbprint = models.BooleanField("按手印", default=False)
    authorised_on = models.DateField("授权查询日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    state_reason = models.CharField("处理说明", max_length=200, blank=True)
    decided_on = models.DateField("办结日期", null=True, blank=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name="批次"
    )
    received_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="受理人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", household="household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申请"
        ordering = ["-applied_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "kind"], condition=Q(state="open"), name="one_open_application"
            ),
            models.CheckConstraint(condition=Q(by_proxy=False) | ~Q(proxy_name=""), name="proxy_has_a_name"),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(decided_on__isnull=False) & ~Q(state_reason=""),
                name="application_refused_with_reason",
            ),
        ]

    def get_kind_display(self) -> str:
        return kind_label(self.kind)


@tracked()
class Survey(models.Model):
    """A visit to a household by at least two people who both signed (policy.md 7.9). A correction is a new row."""

    class Finding(models.TextChoices):
        MEETS = "meets", "符合条件"
        FAILS = "fails", "不符合条件"

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="surveys", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    kind = models.CharField("调查事项", max_length=20)
    year = models.PositiveSmallIntegerField("年度")
    surveyed_on = models.DateField("调查日期")
    finding = models.CharField("调查结论", max_length=6, choices=Finding.choices)
    note = models.CharField("调查情况", max_length=500, blank=True)
    household_signed = models.BooleanField("农户已签字", default=False)
    read_back = models.BooleanField("已向农户宣读", default=False)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", household="household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "入户调查"
        ordering = ["-surveyed_on", "-id"]


@tracked()
class Surveyor(models.Model):
    """One of the people who surveyed; ``signed_on`` is the day of the signature on the form."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="surveyors", verbose_name="调查")
    name = models.CharField("调查人", max_length=40)
    is_representative = models.BooleanField("村民代表", default=False)
    signed_on = models.DateField("签字日期")

    scope = Scope(place="survey__village_id", household="survey__household_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调查人"
        constraints = [models.UniqueConstraint(fields=["survey", "name"], name="surveyor_once")]
