from django.db import migrations

from villages.standards.shipping import correct_national


def correct(apps, schema_editor):
    correct_national(apps.get_model("villages", "PovertyLine"), apps.get_model("villages", "CriteriaSet"))


class Migration(migrations.Migration):
    """National exit lines of 2016 to 2018 are corrected, that of 2013 is added; the set of the years to 2020 ends,
    that of the years from 2021 begins. Verdicts are recomputed by the next night's run."""

    dependencies = [("villages", "0005_periods")]

    operations = [migrations.RunPython(correct, migrations.RunPython.noop)]
