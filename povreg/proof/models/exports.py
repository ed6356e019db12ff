"""Every file that left the house, and what proves it."""

import uuid

from django.conf import settings
from django.db import models

from povreg.kit.fields import SealedTextField
from povreg.kit.history import append_only, tracked


@tracked(exclude=("row_key",))
class ExportRecord(models.Model):
    """A workbook, table or paper that left: who took it, what it is, from what, and the signature over its digest.

    ``digest`` is over all sheets of a book (povreg.kit.sheets.digest), of another file over its bytes. ``about`` are
    the lines of its sheet 说明, ``sheets`` name, title, header and number of rows of each data sheet. ``seal`` is the
    head of the county's chain of seals when it left. Insert-only; kept for good.
    """

    class Form(models.TextChoices):
        XLSX = "xlsx", "工作簿"
        CSV = "csv", "文本表格（csv）"
        PARQUET = "parquet", "数据文件（Parquet）"
        FILE = "file", "文件"

    id = models.UUIDField("导出编号", primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=60)
    title = models.CharField("名称", max_length=160)
    form = models.CharField("格式", max_length=10, choices=Form.choices, default=Form.XLSX)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导出人"
    )
    place_code = models.CharField("范围", max_length=15, db_collation="C", blank=True, default="")
    narrowed = models.TextField("筛选", blank=True, default="")
    unmasked = models.BooleanField("含完整号码", default=False)
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    rows = models.PositiveIntegerField("行数", default=0)
    about = models.JSONField("说明", default=list)
    sheets = models.JSONField("工作表", default=list)
    digest = models.CharField("摘要", max_length=64, db_index=True)
    file_digest = models.CharField("文件摘要", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("字节", default=0)
    key_id = models.CharField("签名密钥", max_length=16)
    signature = models.CharField("签名", max_length=88)
    seal = models.CharField("当时的封印", max_length=64, blank=True, default="")
    row_key = SealedTextField(blank=True, default="")
    at = models.DateTimeField("导出时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "导出记录"
        ordering = ["-at"]
        triggers = append_only()
        indexes = [
            models.Index(fields=["-at"], name="export_at_idx"),
            models.Index(fields=["by", "-at"], name="export_by_idx"),
            models.Index(fields=["place_code", "-at"], name="export_place_idx"),
        ]

    def __str__(self) -> str:
        return self.title


class ExportSheet(models.Model):
    """Marks of the rows of one sheet of an export, twelve bytes each, made with the record's key; and what names each
    row to who may export (``names``, a line each, compressed). Insert-only."""

    record = models.ForeignKey(ExportRecord, models.PROTECT, related_name="marked", verbose_name="导出记录")
    position = models.PositiveSmallIntegerField("第几张")
    marks = models.BinaryField("行标记")
    names = models.BinaryField("行名", default=b"")

    class Meta:
        verbose_name = verbose_name_plural = "导出表的行标记"
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["record", "position"], name="export_sheet_once")]
