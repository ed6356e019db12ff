"""Triggers kept by name: the same answers and refusals as the library's own registry."""

import pgtrigger
import pytest
from django.db import connection
from pgtrigger import registry

from households.models import Household, Member


def test_the_names_are_those_the_library_would_find():
    known = registry._registry
    assert known.by_db_table == registry._Registry.by_db_table.fget(known)
    assert known.pg_function_names == registry._Registry.pg_function_names.fget(known)
    assert len(known) > 400


def test_a_name_is_taken_once_and_free_again():
    first = pgtrigger.Trigger(name="twice", when=pgtrigger.Before, operation=pgtrigger.Delete, func="RETURN OLD;")
    other = pgtrigger.Trigger(name="twice", when=pgtrigger.After, operation=pgtrigger.Delete, func="RETURN OLD;")
    first.register(Household)
    try:
        with pytest.raises(KeyError, match="already"):
            other.register(Household)
        other.register(Member)
        other.unregister(Member)
    finally:
        first.unregister(Household)
    assert (Household._meta.db_table, "twice") not in registry._registry.by_db_table


BOTH_SIDES = """
SELECT DISTINCT p.proname, p.prosrc, coalesce(p.proconfig::text, '')
FROM pg_proc p JOIN pg_trigger t ON t.tgfoid = p.oid WHERE t.tgoldtable IS NOT NULL AND t.tgnewtable IS NOT NULL
"""


@pytest.mark.django_db
def test_no_statement_compares_each_of_its_rows_with_every_other():
    """The plan of a trigger is kept from its first time, mostly one row: joined by loops, an import of 33,000
    households took minutes. Rows before and after are joined by hash, or not joined."""
    with connection.cursor() as cursor:
        cursor.execute(BOTH_SIDES)
        found = cursor.fetchall()
    assert len(found) > 50
    looping = [
        name for name, source, config in found
        if "enable_nestloop=off" not in config and "FULL JOIN" not in source and "UNION" not in source
    ]  # fmt: skip
    assert looping == []
