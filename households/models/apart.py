"""Two rows that look like one person and are two."""

from django.db import models
from django.db.models import F, Q

from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class NotSameQuerySet(ScopedQuerySet):
    def in_force(self) -> "NotSameQuerySet":
        """Those that nobody took back."""
        return self.filter(withdrawn_on=None)


@tracked()
class NotSame(models.Model):
    """Somebody found out that two rows are two people, and how: then nothing proposes them as one any more, and they
    are not merged. ``one`` is the row that was registered first; the mark lies where he lives now."""

    one = models.ForeignKey("households.Member", models.PROTECT, related_name="+", verbose_name="一人")
    other = models.ForeignKey("households.Member", models.PROTECT, related_name="+", verbose_name="另一人")
    reason = models.CharField("怎样核实", max_length=200)
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="核实人")
    at = models.DateTimeField("核实时间", auto_now_add=True)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )

    scope = Scope(place="one__village_id", household="one__household_id", right=Right.HOUSEHOLD_VIEW)
    objects = NotSameQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不是同一人的核实"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="not_same_in_order"),
            models.CheckConstraint(condition=~Q(reason=""), name="not_same_with_reason"),
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(withdrawn_on__isnull=True), name="not_same_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one}和{self.other}"
