"""Triggers kept by name: the same answers and refusals as the library's own registry."""

import pgtrigger
import pytest
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
