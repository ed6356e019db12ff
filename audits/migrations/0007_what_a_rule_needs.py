"""What a run of the rules could not judge, and which lists were not there; of a day of birth a doubt keeps the year."""

from django.db import migrations, models


YEAR_OF_BIRTH = """
UPDATE audits_doubt
SET seen = seen || jsonb_build_object('member.birth_date', left(seen ->> 'member.birth_date', 4)::int)
WHERE length(seen ->> 'member.birth_date') > 4
"""


class Migration(migrations.Migration):
    dependencies = [("audits", "0006_photos_and_saved_exports")]

    operations = [
        migrations.AddField("checkrun", "unjudged", models.JSONField(null=True, verbose_name="未判断")),
        migrations.AddField("checkrun", "lacking", models.JSONField(default=list, verbose_name="没有的资料")),
        migrations.RunSQL(YEAR_OF_BIRTH, migrations.RunSQL.noop),
    ]
