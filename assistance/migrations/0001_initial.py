import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('households', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('villages', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pairing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='开始帮扶时间')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束帮扶时间')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='帮扶内容')),
                ('helper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairings', to=settings.AUTH_USER_MODEL, verbose_name='帮扶责任人')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairings', to='households.household', verbose_name='户')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='villages.place', verbose_name='行政村')),
            ],
            options={
                'verbose_name': '结对',
                'verbose_name_plural': '结对',
                'indexes': [models.Index(fields=['helper', 'household'], name='pairing_helper_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='pairing_order')],
            },
        ),
        migrations.CreateModel(
            name='PairingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='开始帮扶时间')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束帮扶时间')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='帮扶内容')),
                ('helper', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='帮扶责任人')),
                ('household', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='households.household', verbose_name='户')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='assistance.pairing')),
                ('village', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='villages.place', verbose_name='行政村')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pairing',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "assistance_pairingevent" ("ends_on", "helper_id", "household_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "village_id") SELECT new_values."ends_on", new_values."helper_id", new_values."household_id", new_values."id", new_values."note", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."starts_on", new_values."village_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e65f945a24e2fe7f05eb2913c62e1bbf2fa444ca', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_defb8', referencing='REFERENCING NEW TABLE AS new_values ', table='assistance_pairing', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pairing',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "assistance_pairingevent" ("ends_on", "helper_id", "household_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "village_id") SELECT new_values."ends_on", new_values."helper_id", new_values."household_id", new_values."id", new_values."note", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."starts_on", new_values."village_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='92689074ce657d16413b644d663fdb3032390fee', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_481fc', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='assistance_pairing', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pairing',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "assistance_pairingevent" ("ends_on", "helper_id", "household_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "village_id") SELECT old_values."ends_on", old_values."helper_id", old_values."household_id", old_values."id", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."starts_on", old_values."village_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b81669c206815d0442751a1c1d91961ff64e7248', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_6d36c', referencing='REFERENCING OLD TABLE AS old_values ', table='assistance_pairing', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pairingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0deff3964a57cd917da1d0d5167d854b4d2eb3b7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_28ba6', table='assistance_pairingevent', when='BEFORE')),
        ),
    ]
