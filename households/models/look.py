"""Who looked at a household, and what it consented to (个人信息保护法 articles 13, 15, 44, 56)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from povreg.kit.history import tracked
from villages.rights import Right, Role
from villages.rights.scope import Scope, ScopedQuerySet


class Look(models.Model):
    """Somebody opened the household's page, read it by program or printed it: once a person, day and way. Rows are
    never changed; they go after KEEP_LOOKS_DAYS. ``role`` and ``office`` are those of that day: people move on."""

    class Way(models.TextChoices):
        PAGE = "page", "查看登记信息"
        PRINT = "print", "打印或下载表格"

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="looks", verbose_name="户")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="查看人")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    office = models.CharField("单位或任职地", max_length=80)
    way = models.CharField("方式", max_length=8, choices=Way.choices)
    day = models.DateField("日期")

    scope = Scope(place="household__village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "查看记录"
        ordering = ["-day", "-id"]
        triggers = [pgtrigger.Protect(name="as_it_was", operation=pgtrigger.Update)]
        constraints = [models.UniqueConstraint(fields=["household", "by", "day", "way"], name="household_look_once")]
        indexes = [models.Index(fields=["day"], name="household_look_day_idx")]


@tracked()
class Consent(models.Model):
    """A household agreed that its data be used for a purpose (households/data/purposes.json): when, by which paper,
    how many of its adults signed. Taken back, it stays as it was until then."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="consents", verbose_name="户")
    purpose = models.CharField("用途", max_length=12)
    given_on = models.DateField("同意日期")
    paper = models.CharField("凭据（文书名称、编号）", max_length=80)
    signers = models.PositiveSmallIntegerField("签字的成年人数")
    file = models.ForeignKey(
        "households.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="扫描件"
    )
    noted_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")
    noted_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回说明", max_length=200, blank=True)

    scope = Scope(place="household__village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权同意"
        ordering = ["-given_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "purpose"], condition=Q(withdrawn_on=None), name="one_consent_a_purpose"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_reason="")
                | Q(withdrawn_on__gte=F("given_on")) & ~Q(withdrawn_reason=""),
                name="consent_withdrawn_whole",
            ),
            models.CheckConstraint(condition=Q(signers__gte=1), name="consent_signed"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.given_on}"
