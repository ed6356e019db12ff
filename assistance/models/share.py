"""Shares that households hold in a partner (配股, 土地入股, 脱贫转股; document 002)."""

from django.db import models
from django.db.models import F, Q

from povreg.kit.fields import YuanField
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class Shareholding(models.Model):
    """What one household holds in a partner from a day on. ``taken_from``: the holding of a household that had left
    poverty, handed on to this one (脱贫转股), or that was merged into it; each is handed on once."""

    class Origin(models.TextChoices):
        ALLOTTED = "allotted", "财政资金配股"
        LAND = "land", "土地入股"
        CASH = "cash", "现金入股"
        HANDED = "handed", "脱贫转股"
        MERGED = "merged", "并户转入"

    partner = models.ForeignKey("assistance.Partner", models.PROTECT, related_name="shares", verbose_name="带贫主体")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="shares", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    link = models.ForeignKey("assistance.PartnerLink", models.PROTECT, related_name="+", verbose_name="带动")
    origin = models.CharField("来源", max_length=10, choices=Origin.choices)
    count = models.DecimalField("股数", max_digits=12, decimal_places=2)
    worth = YuanField("折合金额（元）")
    since = models.DateField("入股日期")
    until = models.DateField("退出日期", null=True, blank=True)
    taken_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="handed_to", verbose_name="转自"
    )

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "股份"
        ordering = ["partner_id", "household_id", "-since"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="share_count"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="share_order"),
            models.CheckConstraint(
                condition=Q(origin__in=("handed", "merged"), taken_from__isnull=False)
                | ~Q(origin__in=("handed", "merged")) & Q(taken_from__isnull=True),
                name="share_handed_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count:f} 股"

    @property
    def first_origin(self) -> str:
        """Where the shares came from before households merged."""
        row = self
        while row.origin == self.Origin.MERGED and row.taken_from is not None:
            row = row.taken_from
        return row.origin
