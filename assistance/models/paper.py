"""The card of a household with its code, and what a household asks to be set right (PIPL articles 45 and 46)."""

import secrets

from django.db import models
from django.db.models import Q

from povreg.kit.fields import LookupHashField, SealedTextField, SecretField
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def new_code() -> str:
    """The unguessable part of the address of a household's own page: 128 bits."""
    return secrets.token_urlsafe(16).replace("-", "A").replace("_", "B")


def new_tracking() -> str:
    """128 bits in capital hexadecimal digits, like the numbers of leads and objections."""
    return secrets.token_hex(16).upper()


class CardQuerySet(ScopedQuerySet):
    def valid(self) -> "CardQuerySet":
        return self.filter(revoked_on__isnull=True)


@tracked(exclude=("tries", "tried_on"))
class HouseholdCard(models.Model):
    """A code that leads to a household's own page, printed on its card; a household has one that is valid.

    The code is sealed so that the card can be printed again; ``code_hash`` finds it. ``tries`` counts wrong second
    facts of the day ``tried_on``.
    """

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="cards", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    code = SecretField("查询码")
    code_hash = LookupHashField(unique=True)
    issued_on = models.DateField("生成日期")
    issued_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="生成人")
    revoked_on = models.DateField("作废日期", null=True, blank=True)
    revoked_reason = models.CharField("作废原因", max_length=120, blank=True)
    tries = models.PositiveSmallIntegerField("当天输错次数", default=0)
    tried_on = models.DateField("输错日期", null=True, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.OBJECTION_TAKE)
    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "户查询码"
        ordering = ["household_id", "-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(revoked_on__isnull=True), name="one_valid_card_a_household"
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True, revoked_reason="")
                | Q(revoked_on__isnull=False) & ~Q(revoked_reason=""),
                name="card_revoked_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["village"], name="card_village_idx")]

    def __str__(self) -> str:
        return f"查询码 {self.pk}"


class CorrectionQuerySet(ScopedQuerySet):
    def open(self) -> "CorrectionQuerySet":
        """Those that wait for an answer."""
        return self.filter(answered_on__isnull=True)


@tracked(exclude=("updated_at",))
class CorrectionRequest(Versioned):
    """What a household says is wrong about it, and what it was answered. Its words and the phone are sealed."""

    class About(models.TextChoices):
        PEOPLE = "people", "家庭成员"
        CONTACT = "contact", "电话、住址"
        INCOME = "income", "收入"
        LIVING = "living", "住房、饮水等条件"
        STANDING = "standing", "户类型、监测情况"
        HELP = "help", "帮扶措施、资金"
        OTHER = "other", "其他"

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", "已更正"
        PARTLY = "partly", "部分更正"
        REFUSED = "refused", "不更正"

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="correction_requests", verbose_name="户"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    about = models.CharField("更正哪方面", max_length=10, choices=About.choices)
    said = SealedTextField("申请内容")
    phone = SealedTextField("联系电话", blank=True)
    tracking = models.CharField(
        "查询号", max_length=32, unique=True, default=new_tracking, editable=False, db_collation="C"
    )
    received_on = models.DateField("收到日期")
    due_on = models.DateField("答复期限")
    created_at = models.DateTimeField("收到时间", auto_now_add=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, blank=True)
    answer = models.CharField("答复", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_on = models.DateField("答复日期", null=True, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.LEAD_VIEW)
    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正申请"
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, outcome="", answer="")
                | Q(answered_on__isnull=False) & ~Q(outcome="") & ~Q(answer=""),
                name="correction_answered_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "answered_on", "due_on"], name="correction_village_idx"),
            models.Index(fields=["household", "-received_on"], name="correction_household_idx"),
        ]

    def __str__(self) -> str:
        return f"更正申请 {self.pk}"

    @property
    def tracking_no(self) -> str:
        """The number as people copy it: in fours."""
        return "-".join(self.tracking[start : start + 4] for start in range(0, len(self.tracking), 4))
