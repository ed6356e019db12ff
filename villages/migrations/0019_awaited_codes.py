from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("villages", "0018_volunteers")]

    operations = [
        migrations.AlterField(
            model_name="signinattempt",
            name="outcome",
            field=models.CharField(
                choices=[("ok", "已登录"), ("code", "密码正确，等待验证码"), ("refused", "未通过")],
                max_length=8,
                verbose_name="结果",
            ),
        )
    ]
