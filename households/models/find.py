"""How somebody looks at the household list: his filters under a name, and the columns he wants to see."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from povreg.kit.scopes import PARENT_LENGTH
from villages.models import User


class OwnQuerySet(models.QuerySet):
    """Rows that belong to one account and are nobody else's business."""

    def visible_to(self, user: User) -> Self:
        return self.filter(owner_id=user.pk) if getattr(user, "is_authenticated", False) else self.none()


class SavedFilterQuerySet(OwnQuerySet):
    """One's own filters; others see those that were shared, and change none."""

    def shared_with(self, user: User) -> Self:
        """Filters of others, shared in a place that holds one of the user's postings today."""
        return self.shared_at(places_above(user), user.pk)

    def shared_at(self, codes: Iterable[str], reader: int) -> Self:
        """Filters of others than ``reader``, shared in one of the places."""
        return self.filter(shared_in__in=codes, owner__is_active=True).exclude(owner_id=reader)


def places_above(user: User) -> set[str]:
    """Codes of the user's postings of today and of all places above them."""
    codes = {code[:length] for _role, code in user.postings_today() for length in (0, *PARENT_LENGTH)}
    return codes - {""}


def column_codes() -> ArrayField:
    return ArrayField(models.CharField(max_length=20), verbose_name="列", default=list, blank=True)


class SavedFilter(models.Model):
    """A filter of the household list under a name. ``query`` holds codes only (households.find.filters), never what was
    typed into the search box, and no year: it is applied to the year that is worked on. ``columns`` are those the list
    showed when it was saved. ``shared_in`` is the code of the place whose people may use it, too."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name="所有人"
    )
    name = models.CharField("名称", max_length=20)
    query = models.JSONField("条件", default=dict)
    columns = column_codes()
    shared_in = models.CharField("共享范围", max_length=15, blank=True, default="", db_default="", db_collation="C")
    created_at = models.DateTimeField("保存时间", auto_now_add=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_once")]
        indexes = [models.Index(fields=["shared_in"], name="saved_filter_shared_idx", condition=~Q(shared_in=""))]

    def __str__(self) -> str:
        return self.name


class ListColumns(models.Model):
    """The columns of the household list that somebody chose; without a row the usual ones are shown."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="list_columns", verbose_name="所有人"
    )
    columns = column_codes()

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名单显示的列"
