"""Who helps whom (结对帮扶), from when to when."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class PairingQuerySet(ScopedQuerySet):
    def today(self) -> "PairingQuerySet":
        day = timezone.localdate()
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))


@tracked()
class Pairing(models.Model):
    """A helper responsible for a household for a time; a change is a new row with its own start (policy.md 8.4)."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="pairings", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    helper = models.ForeignKey("villages.User", models.PROTECT, related_name="pairings", verbose_name="帮扶责任人")
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
        ]
        indexes = [models.Index(fields=["helper", "household"], name="pairing_helper_idx")]
