"""People are found by pinyin: whole syllables beside the initials, for everybody registered already."""

import django.db.models.functions.text
from django.db import migrations, models

from povreg.kit.history import act
from povreg.kit.pinyin import name_spelled

AT_ONCE = 20_000
NEXT = "SELECT id, name FROM households_member WHERE id > %s ORDER BY id LIMIT %s"
WRITE = """
UPDATE households_member m SET name_initials = s.initials, name_pinyin = s.pinyin
FROM unnest(%s::bigint[], %s::text[], %s::text[]) s (id, initials, pinyin)
WHERE m.id = s.id
"""


def spell(apps, schema_editor):
    """Slice by slice, so that memory does not grow with the register. Initials change where a surname has a reading of
    its own (查, 尉迟)."""
    with schema_editor.connection.cursor() as cursor, act(by=None, verb="fill_pinyin"):
        last = 0
        while True:
            cursor.execute(NEXT, [last, AT_ONCE])
            people = cursor.fetchall()
            if not people:
                return
            ids, names = zip(*people, strict=True)
            spelled = [name_spelled(name) for name in names]
            initials, pinyin = [each[0][:40] for each in spelled], [each[1][:80] for each in spelled]
            cursor.execute(WRITE, [list(ids), initials, pinyin])
            last = ids[-1]


class Migration(migrations.Migration):
    dependencies = [("households", "0002_ship_procedures"), ("villages", "0003_standards")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="name_pinyin",
            field=models.CharField(
                blank=True,
                db_collation="C",
                db_default="",
                default="",
                editable=False,
                max_length=80,
                verbose_name="姓名拼音",
            ),
        ),
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                django.db.models.functions.text.Left("village_id", 6),
                models.F("name_pinyin"),
                models.F("name_initials"),
                name="member_pinyin_idx",
            ),
        ),
    ]
