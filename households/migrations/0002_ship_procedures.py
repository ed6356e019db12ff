from django.db import migrations

from households.procedures.engine.shipping import ship


def ship_national(apps, schema_editor):
    models = ("ProcedureTemplate", "TemplateStep", "IndicatorSet", "Indicator")
    ship(*(apps.get_model("households", name) for name in models))


class Migration(migrations.Migration):
    dependencies = [("households", "0001_initial")]

    operations = [migrations.RunPython(ship_national, migrations.RunPython.noop)]
