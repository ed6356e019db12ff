"""Visits to households (走访): who went when, what he saw, who signed, what comes next."""

from django.db import models
from django.db.models import Q

from povreg.kit.fields import SealedTextField
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class Answer(models.TextChoices):
    """What was found of one thing; nothing: it was not looked at."""

    UNASKED = "", "没有问到"
    FINE = "fine", "没问题"
    PROBLEM = "problem", "有问题"


class Way(models.TextChoices):
    FIELD = "field", "实地"
    PHONE = "phone", "电话"
    VIDEO = "video", "视频"


class Signer(models.TextChoices):
    HEAD = "head", "户主"
    OTHER = "other", "家里其他人"
    NOBODY = "", "没有签字"


class VisitQuerySet(ScopedQuerySet):
    def standing(self) -> "VisitQuerySet":
        """Those that were not taken back."""
        return self.filter(withdrawn_on__isnull=True)


def answer(label: str) -> models.CharField:
    return models.CharField(label, max_length=8, choices=Answer.choices, blank=True, default="")


@tracked(exclude=("updated_at",))
class Visit(Versioned):
    """One visit. What a family tells may touch illness or debts: ``problems`` is sealed, a line for each thing that is
    not in order. No position is kept, only whether the family was at home in the village (``at_home``)."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="visits", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="visits", verbose_name="走访人")
    visited_on = models.DateField("走访日期")
    way = models.CharField("方式", max_length=8, choices=Way.choices)
    at_home = models.BooleanField("家里人在村里", null=True, blank=True)
    living = answer("吃、穿")
    housing = answer("住房")
    water = answer("饮水")
    school = answer("上学")
    health = answer("看病花钱")
    work = answer("务工就业")
    problems = SealedTextField("问题", blank=True)
    next_step = models.CharField("下一步", max_length=120, blank=True)
    next_on = models.DateField("下一步的日期", null=True, blank=True)
    signer = models.CharField("签字人", max_length=8, choices=Signer.choices, blank=True, default="")
    signature = models.ForeignKey(
        "households.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签名"
    )
    unsigned_reason = models.CharField("没有签字的原因", max_length=60, blank=True)
    lead = models.ForeignKey(
        "households.Lead", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="转成的线索"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=120, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访"
        ordering = ["-visited_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signer="", signature__isnull=True) | ~Q(signer="") & Q(signature__isnull=False),
                name="visit_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_reason="")
                | Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason=""),
                name="visit_withdrawn_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-visited_on"], name="visit_household_idx"),
            models.Index(fields=["village", "-visited_on"], name="visit_village_idx"),
            models.Index(fields=["by", "-visited_on"], name="visit_by_idx"),
        ]

    def __str__(self) -> str:
        return f"走访 {self.pk}"


class VisitPhoto(models.Model):
    """A photo taken on a visit; the file is one of the household's."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos", verbose_name="走访")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    attachment = models.ForeignKey("households.Attachment", models.PROTECT, related_name="+", verbose_name="照片")

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访照片"
        constraints = [models.UniqueConstraint(fields=["attachment"], name="visit_photo_once")]
