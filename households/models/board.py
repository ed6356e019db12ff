"""Photos of the board: evidence that a list hung there for its days."""

from django.db import models

from households.models.notice import Notice
from households.models.procedure import Paper
from povreg.kit.fields import SealedTextField
from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class BoardPhoto(models.Model):
    """What a photo of the board said before it was shrunk. ``taken_at`` and ``position`` (degrees, sealed) come out of
    the photo itself and may be missing; ``moment`` is which end of the notice it shows. ``sha256`` is of the file as it
    was sent, ``look`` 64 bits of what it looks like, ``resembles`` another notice whose photo looks alike. Rows are
    only ever added."""

    class Moment(models.TextChoices):
        START = "start", "张贴时"
        END = "end", "期满时"

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="board", verbose_name="附件")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="board_photos", verbose_name="公示")
    moment = models.CharField("时点", max_length=8, choices=Moment.choices)
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    position = SealedTextField("拍摄位置", blank=True)
    sha256 = models.CharField("原件摘要", max_length=64)
    look = models.BigIntegerField("图像特征", null=True, blank=True)
    resembles = models.ForeignKey(
        Notice, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="相似照片所在公示"
    )
    is_late = models.BooleanField("公示期后上传", default=False)

    scope = Scope(place="notice__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "张贴照片"
        ordering = ["notice_id", "id"]
        indexes = [models.Index(fields=["sha256"], name="board_photo_file_idx")]
        triggers = append_only()
