from django.db import migrations

from villages.codes.services import sync_codes


def load(apps, schema_editor):
    sync_codes(apps.get_model("villages", "Code"))


class Migration(migrations.Migration):
    """Photos of visits and signatures are kinds of attachment."""

    dependencies = [("villages", "0014_no_failed_logins")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
