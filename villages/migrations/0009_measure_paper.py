from django.db import migrations

from villages.codes.services import sync_codes


def load(apps, schema_editor):
    sync_codes(apps.get_model("villages", "Code"))


class Migration(migrations.Migration):
    """Papers of measures are a kind of attachment of their own: the removal of a risk asks for one."""

    dependencies = [("villages", "0008_leads")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
