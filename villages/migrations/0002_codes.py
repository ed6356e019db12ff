from django.db import migrations

from villages.codes.services import sync_codes


def load(apps, schema_editor):
    sync_codes(apps.get_model("villages", "Code"))


class Migration(migrations.Migration):
    dependencies = [("villages", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
