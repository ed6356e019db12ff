"""How somebody prints a list."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class PrintColumnsQuerySet(models.QuerySet):
    """Rows that belong to one account and are nobody else's business."""

    def visible_to(self, user: models.Model) -> Self:
        return self.filter(owner_id=user.pk) if getattr(user, "is_authenticated", False) else self.none()


class PrintColumns(models.Model):
    """The columns that somebody chose for the print of a list; without a row the page's own are printed."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="print_columns", verbose_name="所有人"
    )
    listing = models.CharField("名单", max_length=40, db_collation="C")
    columns = ArrayField(models.CharField(max_length=40), verbose_name="列", default=list, blank=True)

    objects = PrintColumnsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "打印的列"
        constraints = [models.UniqueConstraint(fields=["owner", "listing"], name="print_columns_once")]
