from django.db import migrations

from villages.standards.shipping import ship_national


def ship(apps, schema_editor):
    ship_national(apps.get_model("villages", "PovertyLine"), apps.get_model("villages", "CriteriaSet"))


class Migration(migrations.Migration):
    dependencies = [("villages", "0002_codes")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
