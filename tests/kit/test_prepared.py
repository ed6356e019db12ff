"""Statements planned once a connection give what their querysets give, whatever became of the connection meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from povreg.kit.prepared import Ready, Statement
from tests import factories as make
from villages.models import Place, Posting, User
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cadre():
    return make.posted(Role.VILLAGE_CADRE)


def test_rows_are_those_of_the_queryset_with_what_it_joins(cadre, django_assert_num_queries):
    ready = Ready(lambda user: Posting.objects.filter(user=user).select_related("place__parent"), int)
    assert ready(cadre.pk) == list(cadre.postings.all())
    with django_assert_num_queries(1):
        (posting,) = ready(cadre.pk)
        assert posting.place.parent.code == make.TOWNSHIP
    assert ready(0) == [] and ready.first(0) is None


def test_values_come_as_tuples_and_days_and_texts_stand_in_conditions(cadre):
    posting = cadre.postings.get()
    ready = Ready(
        lambda day, role: Posting.objects.filter(starts_on__lte=day, role=role).values_list("user_id", "place_id"),
        date, str,
    )  # fmt: skip
    assert ready(posting.starts_on, Role.VILLAGE_CADRE) == [(cadre.pk, make.VILLAGE)]
    assert ready(date(1999, 1, 1), Role.VILLAGE_CADRE) == []
    assert ready(posting.starts_on, "' OR true --") == []


def test_switched_off_it_asks_as_always(cadre, settings):
    settings.PREPARE_STATEMENTS = False
    assert Ready(lambda pk: User.objects.filter(pk=pk), int).first(cadre.pk) == cadre


def test_named_values_may_stand_twice_and_percent_signs_stay():
    statement = Statement("SELECT %(a)s::int + %(a)s::int, %(b)s::text LIKE 'x%%'")
    for _ in range(2):
        with connection.cursor() as cursor:
            statement.execute(cursor, {"a": 2, "b": "xy", "unused": 1})
            assert cursor.fetchone() == (4, True)


def test_a_first_run_that_fails_does_no_harm():
    statement = Statement("SELECT 1 / %s::int")
    for divisor, wanted in ((0, None), (0, None), (1, 1), (0, None), (1, 1)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                statement.execute(cursor, [divisor])
                assert cursor.fetchone() == (wanted,)
        except DatabaseError:
            assert wanted is None


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_plans_anew():
    make.place()
    ready = Ready(lambda pk: Place.objects.filter(pk=pk), str)
    assert ready.first(make.VILLAGE).pk == make.VILLAGE
    connection.close()
    assert ready.first(make.VILLAGE).pk == make.VILLAGE


@pytest.mark.django_db(transaction=True)
def test_threads_in_turn_plan_once_each():
    make.place()
    ready = Ready(lambda pk: Place.objects.filter(pk=pk), str)
    said: list[str] = []

    def note(execute, sql, params, many, context):
        said.append(sql.partition(" ")[0])
        return execute(sql, params, many, context)

    def ask() -> None:
        with connection.execute_wrapper(note):
            assert ready.first(make.VILLAGE).pk == make.VILLAGE

    with ThreadPoolExecutor(1) as other:
        for _ in range(3):
            ask()
            other.submit(ask).result()
        other.submit(lambda: connection.close()).result()  # noqa: PLW0108  the thread's own
    assert said == ["PREPARE", "PREPARE", "EXECUTE", "EXECUTE", "EXECUTE", "EXECUTE"]
