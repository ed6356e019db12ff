"""Who left, and which households ended: a search tells of them, too, and read everybody of the county for it."""

from django.db import migrations, models

from povreg.kit.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("households", "0035_presence_in_one_go")]
    operations = [
        AddIndexOnline(
            model_name="household",
            index=models.Index(
                condition=models.Q(("removed_on__isnull", False)), fields=["village"], name="household_ended_idx"
            ),
        ),
        AddIndexOnline(
            model_name="member",
            index=models.Index(
                condition=models.Q(("left_on__isnull", False)), fields=["village", "left_on"], name="member_left_idx"
            ),
        ),
    ]
