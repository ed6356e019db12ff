"""Choices of the export centre that somebody keeps under a name."""

from django.db import models

from households.models.find import OwnQuerySet


class SavedExport(models.Model):
    """What to export, under a name: datasets with their columns, year, format. Never masked or not: that is asked each
    time, with its reason."""

    owner = models.ForeignKey("villages.User", models.CASCADE, related_name="+", verbose_name="所有人")
    name = models.CharField("名称", max_length=20)
    datasets = models.JSONField("数据集和列")
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    form = models.CharField("格式", max_length=8)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "常用导出"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_export_once")]

    def __str__(self) -> str:
        return self.name
