"""How somebody looks at the household list: his filters under a name, and the columns he wants to see."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class OwnQuerySet(models.QuerySet):
    """Rows that belong to one account and are nobody else's business."""

    def visible_to(self, user: Any) -> "OwnQuerySet":
        return self.filter(owner_id=user.pk) if getattr(user, "is_authenticated", False) else self.none()


def column_codes() -> ArrayField:
    return ArrayField(models.CharField(max_length=20), verbose_name="列", default=list, blank=True)


class SavedFilter(models.Model):
    """A filter of the household list under a name. ``query`` holds codes only (households.find.filters), never what was
    typed into the search box, and no year: it is applied to the year that is worked on. ``columns`` are those the list
    showed when it was saved."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name="所有人"
    )
    name = models.CharField("名称", max_length=20)
    query = models.JSONField("条件", default=dict)
    columns = column_codes()
    created_at = models.DateTimeField("保存时间", auto_now_add=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_once")]

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
