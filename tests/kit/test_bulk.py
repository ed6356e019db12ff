"""Bulk inserts: values arrive as the ORM would have written them, and leave a trace of who acted."""

import contextlib
from datetime import date
from decimal import Decimal, InvalidOperation

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from povreg.kit.bulk import _converter, copy_text, insert_rows, refresh_statistics
from povreg.kit.history import act
from villages.models import Cadre, Place, PovertyLine

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\\N"),
        (True, "t"),
        (Decimal("1.50"), "1.50"),
        (date(2020, 9, 30), "2020-09-30"),
        ("a\tb\nc\\", "a\\tb\\nc\\\\"),
        (["01", "02"], '{"01","02"}'),
    ],
)
def test_copy_text(value, text):
    assert copy_text(value) == text


@pytest.fixture
def county():
    return Place.objects.create(code="990101", name="测试县", short_name="测试县", level=Place.Level.COUNTY)


def test_rows_are_inserted_with_defaults_and_history(county):
    with act(by=None, verb="load_test", reason="试"):
        count = insert_rows(
            PovertyLine, ("kind", "year", "place", "amount", "source"), [("exit", 2031, "990101", 1, "x")]
        )
    line = PovertyLine.objects.get(year=2031)
    assert (count, line.amount, line.note) == (1, Decimal(1), "")
    assert line.history.get().pgh_context.metadata["verb"] == "load_test"


def test_sealed_values_are_sealed_and_awkward_characters_survive(county):
    with act(by=None, verb="load_test"):
        insert_rows(Cadre, ("name", "place", "phone", "post"), [("测\t试", "990101", "13800001234", "a\\b")])
    cadre = Cadre.objects.get()
    assert (cadre.name, cadre.phone, cadre.post) == ("测\t试", "13800001234", "a\\b")
    assert "1380000" not in Cadre.objects.extra(select={"raw": "phone"}).values_list("raw", flat=True)[0]


@pytest.mark.parametrize("model", [Cadre, PovertyLine, Place])
def test_values_are_those_that_the_orm_writes(model):
    values = ["", "1", "990101", 7, "2031", date(2031, 2, 3), None, True, Decimal("1.5")]
    for field in model._meta.concrete_fields:
        for value in values:
            with contextlib.suppress(ValueError, TypeError, ValidationError, InvalidOperation):
                assert _converter(field)(value) == field.get_db_prep_save(value, connection), (field, value)


def test_the_planner_learns_what_a_table_and_its_history_hold(county):
    rows = (("exit", 2000 + year, "990101", 1, "x") for year in range(20, 60))
    with act(by=None, verb="load_test"):
        insert_rows(PovertyLine, ("kind", "year", "place", "amount", "source"), rows)
        refresh_statistics(PovertyLine)
    tables = [PovertyLine._meta.db_table, PovertyLine.history.rel.related_model._meta.db_table]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reltuples FROM pg_class WHERE relname = ANY(%s)", [tables])
        known = dict(cursor.fetchall())
    assert all(known[table] >= 40 for table in tables)
