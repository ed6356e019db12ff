"""What our pages are compared with: Django's own admin over the same rows, as a project would set it up.

``python -m bench.admin_pages FILE ADDRESS...`` visits each address and writes the milliseconds of every visit.
"""

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.admin_settings"
    django.setup()

from django.contrib import admin
from django.test import Client
from django.urls import path

from bench.pages import visits
from households.models import Household, Member
from povreg.kit.reach import EVERYWHERE, reaching
from villages.models import User


class Anybody:
    """No rights are asked: the admin's own cost only."""

    def has_module_permission(self, request: object) -> bool:
        return True

    def has_view_permission(self, request: object, obj: object = None) -> bool:
        return True

    has_change_permission = has_view_permission


class Site(admin.AdminSite):
    def has_permission(self, request: object) -> bool:
        return True


class People(Anybody, admin.TabularInline):
    model = Member
    fields = ("name", "relation", "sex", "birth_date", "education", "health", "labour", "left_on")
    extra = 0


class Households(Anybody, admin.ModelAdmin):
    """As many columns and rows as our list has, narrowed by the same attribute."""

    list_display = (
        "household_no",
        "village",
        "group_name",
        "household_type",
        "main_cause",
        "exit_status",
        "updated_at",
    )
    list_filter = ("main_cause",)
    list_select_related = ("village__parent",)
    list_per_page = 50
    ordering = ("village_id", "household_no")
    inlines = (People,)
    raw_id_fields = ("village",)


site = Site(name="admin")
site.register(Household, Households)
urlpatterns = [path("admin/", site.urls)]


User.add_to_class("has_perm", lambda *_: True)  # the change page asks the account itself; ours know no such thing


def main(kept: str, *addresses: str) -> None:
    """The admin knows no places: all rows are within its reach."""
    client = Client(headers={"host": "localhost"})
    with reaching(EVERYWHERE):
        client.force_login(User.objects.get(username="xian"))
        Path(kept).write_text(json.dumps({address: visits(client, [address] * 20) for address in addresses}))


if __name__ == "__main__":
    main(*sys.argv[1:])
