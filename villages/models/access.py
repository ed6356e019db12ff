"""Access for some hours (限时查阅): an inspection team reads a place it holds no posting for, and everybody knows."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

LONGEST_HOURS = 72


class TimedAccessQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of one's places, and those that one has asked for or holds."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(TimedAccess.scope.rows(user) | Q(asked_by=user) | Q(account=user))

    def waiting(self) -> Self:
        """Those that nobody has decided yet."""
        return self.filter(decided_at__isnull=True)


@tracked()
class TimedAccess(models.Model):
    """What was asked for: who reads which place for how many hours, why, by which paper; and what became of it.

    It opens nothing by itself. Granted, it has a ``posting`` as inspector that ends at its hour by itself; ``ends_at``
    is that hour as it was granted. A refused one has a ``refusal``. Who asks, who reads and who decides are never one.
    """

    account = models.ForeignKey("villages.User", models.PROTECT, related_name="timed_accesses", verbose_name="查阅人")
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="查阅范围")
    hours = models.PositiveSmallIntegerField("小时")
    reason = models.CharField("事由", max_length=200)
    document = models.CharField("依据（文号）", max_length=80)
    asked_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    decided_at = models.DateTimeField("批准时间", null=True)
    refusal = models.CharField("不批准的原因", max_length=200, blank=True)
    posting = models.OneToOneField(
        "villages.Posting", models.PROTECT, null=True, related_name="timed_access", verbose_name="任职"
    )
    ends_at = models.DateTimeField("到期时间", null=True)
    ended_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, related_name="+", verbose_name="提前结束人"
    )
    ended_at = models.DateTimeField("提前结束时间", null=True)
    ended_reason = models.CharField("提前结束的原因", max_length=200, blank=True)

    scope = Scope(place="place_id", right=Right.ACCESS_VIEW)
    objects = TimedAccessQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "限时查阅"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=LONGEST_HOURS), name="access_hours"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("account")),
                name="access_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, refusal="", posting=None, ends_at=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, posting=None, ends_at=None) & ~Q(refusal="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, refusal="", posting__isnull=False)
                & Q(ends_at__gt=F("decided_at")),
                name="access_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False, posting__isnull=False) & ~Q(ended_reason=""),
                name="access_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}查阅{self.place} {self.hours} 小时"

    @property
    def holds(self) -> bool:
        """Whether it opens the place now; needs ``posting``."""
        until = self.posting.until if self.posting else None
        return until is not None and until > timezone.now()
