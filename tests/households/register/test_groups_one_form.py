"""Groups that were stored before entry brought them to one form: rows before the migration, and after."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from households.models import Household
from tests import factories
from tests.owner import owner

pytestmark = pytest.mark.django_db
BEFORE_AND_AFTER = (
    ("第二组", "2组"),
    ("２组", "2组"),
    (" 2 组", "2组"),
    ("十二村民小组", "12组"),
    ("一百零三组", "103组"),
    ("2组", "2组"),
    ("河 坝", "河坝"),
    ("老屋基", "老屋基"),
    ("", ""),
)


def test_rows_before_and_after():
    homes = [factories.household(members=1) for _ in BEFORE_AND_AFTER]
    migration = import_module("households.migrations.0031_groups_one_form")
    with owner():
        for home, (before, _after) in zip(homes, BEFORE_AND_AFTER, strict=True):
            Household._base_manager.filter(pk=home.pk).update(group_name=before)
        kept = [home.history.count() for home in homes]
        migration.one_form(apps, connection.schema_editor())
        told = [home.history.count() - before for home, before in zip(homes, kept, strict=True)]
    found = [Household._base_manager.get(pk=home.pk).group_name for home in homes]
    assert found == [after for _before, after in BEFORE_AND_AFTER]
    assert told == [int(before != after) for before, after in BEFORE_AND_AFTER]
