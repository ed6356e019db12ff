"""Households that came out of another: a list of a past year asked each of its households for it."""

from django.db import migrations, models

from povreg.kit.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("households", "0039_looks_and_consents")]
    operations = [
        AddIndexOnline(
            model_name="spell",
            index=models.Index(condition=models.Q(("origin", "split")), fields=["household"], name="spell_split_idx"),
        ),
    ]
