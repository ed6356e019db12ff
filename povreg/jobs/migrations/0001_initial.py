import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('villages', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40, verbose_name='类型')),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('place_code', models.CharField(blank=True, db_collation='C', max_length=15, verbose_name='范围')),
                ('params', models.JSONField(default=dict, verbose_name='参数')),
                ('status', models.CharField(choices=[('queued', '排队中'), ('running', '进行中'), ('done', '已完成'), ('failed', '失败'), ('cancelled', '已取消')], default='queued', max_length=10, verbose_name='状态')),
                ('expected', models.PositiveIntegerField(default=0, verbose_name='应处理')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已处理')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='有变化')),
                ('message', models.CharField(blank=True, max_length=200, verbose_name='进展')),
                ('error', models.TextField(blank=True, verbose_name='失败原因')),
                ('report', models.JSONField(default=dict, verbose_name='结果')),
                ('result_file', models.FileField(blank=True, upload_to='jobs/%Y/%m/', verbose_name='结果文件')),
                ('result_name', models.CharField(blank=True, max_length=120, verbose_name='结果文件名')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='提交时间')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='开始时间')),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True, verbose_name='最近进展')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL, verbose_name='发起人')),
            ],
            options={
                'verbose_name': '后台任务',
                'verbose_name_plural': '后台任务',
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['status', 'heartbeat_at'], name='job_lost_idx'), models.Index(fields=['owner', '-created_at'], name='job_owner_idx')],
            },
        ),
        migrations.CreateModel(
            name='JobPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_collation='C', max_length=40, verbose_name='分片')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已处理')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='有变化')),
                ('report', models.JSONField(default=dict, verbose_name='结果')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='jobs.job', verbose_name='任务')),
            ],
            options={
                'verbose_name': '任务分片',
                'verbose_name_plural': '任务分片',
                'constraints': [models.UniqueConstraint(fields=('job', 'key'), name='job_part_once')],
            },
        ),
    ]
