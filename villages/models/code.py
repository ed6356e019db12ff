"""Code tables as data (contract.md section 2, dictionary.md section 4)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from povreg.kit.history import tracked


@tracked()
class Code(models.Model):
    """One value of one code table. ``label`` is the national wording; ``spellings`` are other ways it was written."""

    table = models.CharField("代码表", max_length=40, db_collation="C")
    code = models.CharField("代码", max_length=4, db_collation="C")
    label = models.CharField("名称", max_length=60)
    spellings = ArrayField(models.CharField(max_length=60), verbose_name="其他写法", default=list, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "代码"
        ordering = ["table", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="code_once")]

    def __str__(self) -> str:
        return self.label
