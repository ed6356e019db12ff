from django.db import migrations, models


class Migration(migrations.Migration):
    """The state of an upload whose rows are being taken back."""

    dependencies = [("households", "0029_facts_ways_back_kinds")]

    operations = [
        migrations.AlterField(
            "sheetimport",
            "status",
            models.CharField(
                choices=[
                    ("uploaded", "已上传"),
                    ("checking", "检查中"),
                    ("checked", "待确认"),
                    ("importing", "导入中"),
                    ("done", "已导入"),
                    ("failed", "失败"),
                    ("cancelled", "已取消"),
                    ("undoing", "撤销中"),
                    ("undone", "已撤销"),
                ],
                default="uploaded",
                max_length=10,
                verbose_name="状态",
            ),
        ),
    ]
