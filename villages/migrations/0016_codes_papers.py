"""Papers of people without a resident number, and the words rosters use for children, brothers and sisters."""

from django.db import migrations

from villages.codes.services import sync_codes


def load(apps, schema_editor):
    sync_codes(apps.get_model("villages", "Code"))


class Migration(migrations.Migration):
    dependencies = [("villages", "0015_visit_papers")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
