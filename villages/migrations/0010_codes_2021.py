"""The codes that rosters have since 2021 (policy-2026.md 9): 低保脱贫户, 特困供养脱贫户, 因丧."""

from django.db import migrations

from villages.codes.services import sync_codes


def load(apps, schema_editor):
    sync_codes(apps.get_model("villages", "Code"))


class Migration(migrations.Migration):
    dependencies = [("villages", "0009_measure_paper")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
