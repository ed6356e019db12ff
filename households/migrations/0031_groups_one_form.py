from django.db import migrations

from households.register.written import group_written


def one_form(apps, schema_editor):
    """Groups as entry keeps them now: 第二组, ２组 and 2组 are one."""
    Household = apps.get_model("households", "Household")
    rows = Household.objects.exclude(group_name="").order_by()
    for name in rows.values_list("group_name", flat=True).distinct():
        if (kept := group_written(name)) != name:
            rows.filter(group_name=name).update(group_name=kept)


class Migration(migrations.Migration):
    """Groups stored before entry brought them to one form."""

    dependencies = [("households", "0030_sheet_undo")]

    operations = [migrations.RunPython(one_form, migrations.RunPython.noop)]
