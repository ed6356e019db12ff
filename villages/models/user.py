"""Accounts and postings: who acts, in which role, where, from when to when."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from povreg.kit.history import tracked
from povreg.kit.prepared import Ready
from villages.rights import Right, Role
from villages.rights.holder import HoldsPostings
from villages.rights.scope import Scope, ScopedQuerySet


class UserQuerySet(ScopedQuerySet):
    def visible_to(self, user: object) -> "UserQuerySet":
        """Accounts opened inside one's places, and accounts that hold a posting there today."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        posted = Posting.objects.visible_to(user).today().values("user_id")
        return self.filter(User.scope.rows(user) | Q(pk__in=posted))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Looks up accounts; creating one is a verb (villages.people.services)."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


@tracked(exclude=("password", "last_login"))
class User(HoldsPostings, AbstractBaseUser):
    """One person's account. There is no superuser: everything comes from postings.

    ``place`` is where the account was opened: whoever administers accounts there looks after it, posted or not.
    ``locked_until`` is a lock set by an administrator; wrong passwords make wait elsewhere (villages/people/tries.py).
    """

    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    unit = models.ForeignKey(
        "villages.Unit", models.PROTECT, null=True, blank=True, verbose_name="单位", related_name="users"
    )
    place = models.ForeignKey(
        "villages.Place", models.PROTECT, null=True, blank=True, verbose_name="所属地", related_name="+"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须先修改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)
    created_at = models.DateTimeField("开户时间", auto_now_add=True)

    scope = Scope(place="place_id", right=Right.ACCOUNT_VIEW)
    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_locked(self) -> bool:
        """By an administrator, which also ends the sessions that are open; wrong passwords do not."""
        return self.locked_until is not None and self.locked_until > timezone.now()

    def postings_today(self) -> list[tuple[Role, str]]:
        """(role, place code) of the postings that hold today; read once per instance."""
        if not self.is_active:
            return []
        if not hasattr(self, "_postings_today"):
            rows = HELD(self.pk, timezone.localdate())
            self._postings_today = [(Role(role), code) for role, code in rows]
        return self._postings_today


class PostingQuerySet(ScopedQuerySet):
    def on(self, day: object) -> "PostingQuerySet":
        """Postings that hold on a day (both ends included)."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def today(self) -> "PostingQuerySet":
        """Postings that hold now: those of today, without those whose hour has come."""
        return self.on(timezone.localdate()).still()

    def still(self) -> "PostingQuerySet":
        """Without those that ended at an hour which has come."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=Now()))


@tracked()
class Posting(models.Model):
    """A role at a place for a time. The place of a county-wide role is the county. One that ends at an hour of its last
    day (``until``) was given for some hours (:mod:`villages.models.access`)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="postings", verbose_name="任职地")
    starts_on = models.DateField("起", default=timezone.localdate)
    ends_on = models.DateField("止", null=True, blank=True)
    until = models.DateTimeField("到期时刻", null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="granted", verbose_name="授予人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="place_id", right=Right.ACCOUNT_VIEW)
    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["user_id", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="posting_order"
            ),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(ends_on__isnull=False), name="posting_until"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}"


HELD = Ready(
    lambda user, day: Posting.objects.filter(user=user).on(day).still().values_list("role", "place_id"), int, date
)
"""Roles and places of an account on a day: every request asks."""
