from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0027_objections_kept"),
        ("villages", "0016_codes_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("sheetimport", "choices", models.JSONField(default=dict, verbose_name="取舍")),
        migrations.AddField(
            "sheetimport", "context", models.UUIDField(editable=False, null=True, verbose_name="修改记录")
        ),
        migrations.AddField(
            "sheetimport", "undone_at", models.DateTimeField(editable=False, null=True, verbose_name="撤销时间")
        ),
        migrations.AddField(
            "sheetimport",
            "undone_by",
            models.ForeignKey(
                null=True,
                on_delete=deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="撤销人",
            ),
        ),
        migrations.AlterField(
            "sheetimport",
            "status",
            models.CharField(
                choices=[
                    ("uploaded", "已上传"), ("checking", "检查中"), ("checked", "待确认"), ("importing", "导入中"),
                    ("done", "已导入"), ("failed", "失败"), ("cancelled", "已取消"), ("undone", "已撤销"),
                ],
                default="uploaded", max_length=10, verbose_name="状态",
            ),
        ),
    ]  # fmt: skip
