"""Opens the cadres' accounts in the product's database: ``python -m bench.load.accounts COUNT FILE``.

Each is posted to a village of its own, those with the most households first; all share the demonstration's password.
"""

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402

from households.models import Household  # noqa: E402
from povreg.kit.history import act, declare_verbs  # noqa: E402
from povreg.kit.reach import EVERYWHERE, reaching  # noqa: E402
from villages.models import Posting, User  # noqa: E402
from villages.rights import Role  # noqa: E402


def main(count: int, kept: Path) -> None:
    rows = Household.objects.registered().order_by().values_list("village_id")
    villages = rows.annotate(size=Count("pk")).order_by("-size", "village_id").values_list("village_id", flat=True)
    password = make_password(settings.DEMO_PASSWORD)
    declare_verbs({"load_test": "压力测试"})
    with reaching(EVERYWHERE), act(by=None, verb="load_test"):
        accounts = [open_account(number, village, password) for number, village in enumerate(villages[:count], 1)]
    kept.touch(0o600)
    kept.write_text(json.dumps([{"username": name, "password": settings.DEMO_PASSWORD} for name in accounts]))
    if len(accounts) < count:
        sys.exit(f"only {len(accounts)} villages hold households: ask for fewer cadres or more households")


def open_account(number: int, village: str, password: str) -> str:
    """In a home that is kept the account may be there from the last time."""
    username = f"load{number}"
    if User.objects.filter(username=username).exists():
        return username
    user = User(username=username, name="测试人员", password=password, must_change_password=False)
    user.place_id, user.password_changed_at = village, timezone.now()
    user.save()
    Posting.objects.create(user=user, role=Role.VILLAGE_CADRE, place_id=village)
    return user.username


if __name__ == "__main__":
    os.umask(0o077)
    main(int(sys.argv[1]), Path(sys.argv[2]))
