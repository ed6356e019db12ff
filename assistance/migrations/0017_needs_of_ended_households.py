"""A need of a household that is no more is asked for no longer."""

from django.db import migrations, models

STATE = models.CharField(
    choices=[("open", "待对接"), ("met", "已满足"), ("closed", "已关闭"), ("gone", "户已销号")],
    default="open",
    max_length=8,
    verbose_name="状态",
)


class Migration(migrations.Migration):
    dependencies = [("assistance", "0016_classes_counts_and_merges")]

    operations = [
        migrations.AlterField("socialneed", "state", STATE),
        migrations.AlterField("socialneedevent", "state", STATE),
    ]
