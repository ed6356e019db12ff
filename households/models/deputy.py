"""Who stands in for whom (代办): a dated order for a person or an office."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from povreg.kit.history import tracked
from povreg.kit.scopes import within_any
from villages.rights import Right, Role
from villages.rights.scope import Scope, ScopedQuerySet

STANDS_IN_AS = (Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)


class DeputyQuerySet(ScopedQuerySet):
    def visible_to(self, user: object) -> "DeputyQuerySet":
        """Orders at the places where a person sees lists, or grants postings."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        rights = (Right.BATCH_VIEW, Right.POSTING_GRANT)
        codes = {code for right in rights for code in user.places_with(right)}  # type: ignore[attr-defined]
        return self.filter(within_any("place_id", codes))

    def in_force(self, day: date) -> "DeputyQuerySet":
        """Granted orders whose days include this one."""
        return self.filter(posting__isnull=False, withdrawn_on=None, since__lte=day, until__gte=day)


@tracked()
class Deputy(models.Model):
    """The county's order that ``deputy`` acts for ``absent`` (null: for an office that is vacant) in a role at a place,
    from ``since`` to ``until``. It gives nothing by itself: who grants postings makes it ``posting``, for its days."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="地点")
    role = models.CharField("岗位", max_length=20, choices=[(role.value, role.label) for role in STANDS_IN_AS])
    absent = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="被代办人"
    )
    deputy = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="代办人")
    since = models.DateField("起")
    until = models.DateField("止")
    document = models.CharField("依据（文号）", max_length=80)
    reason = models.CharField("原因", max_length=120)
    ordered_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="安排人")
    at = models.DateTimeField("登记时间", auto_now_add=True)
    posting = models.OneToOneField(
        "villages.Posting", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="任职"
    )
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "代办"
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="deputy_order"),
            models.CheckConstraint(condition=Q(absent=None) | ~Q(absent=F("deputy")), name="deputy_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy}代{self.absent or self.get_role_display()}"
