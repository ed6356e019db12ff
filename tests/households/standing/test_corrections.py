"""Correction orders: by two people, with a paper; the database lets nothing else through."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from households.models import Episode, Spell
from households.standing.corrections import approve_correction, order_correction, refuse_correction
from tests import factories, standings
from villages.rights import Role

pytestmark = pytest.mark.django_db


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def two():
    return factories.posted(Role.COUNTY_OFFICER), factories.posted(Role.COUNTY_OFFICER)


@pytest.fixture
def row():
    found = factories.household(exit_status="0", identified_on=date(2014, 1, 1))
    check_now()
    standings.close()
    return found


def asked(by, row, **facts):
    wanted = {"document": "更正1号", "reason": "录入有误", "klass": "out", "since": date(2018, 12, 31)}
    return order_correction(by=by, household=row, spell=row.spells.first(), **wanted | facts)


def test_another_person_approves_and_the_standing_is_right(two, row):
    order = asked(two[0], row)
    row.refresh_from_db()
    assert row.exit_status == "0"
    made = approve_correction(by=two[1], order=order)
    check_now()
    row.refresh_from_db()
    assert (made.klass_id, made.correction_id, row.exit_status, row.exit_year) == ("out", order.pk, "1", 2018)


def test_nobody_approves_his_own_order(two, row):
    order = asked(two[0], row)
    with pytest.raises(PermissionDenied):
        approve_correction(by=two[0], order=order)
    row.refresh_from_db()
    assert row.exit_status == "0"


def test_the_whole_of_a_spell_may_be_put_right_to_its_end(two, row):
    order = asked(two[0], row, since=date(2014, 1, 1), until=date(2016, 1, 1))
    approve_correction(by=two[1], order=order)
    check_now()
    assert [(each.klass_id, each.since, each.until) for each in row.spells.all()] == [
        ("out", date(2014, 1, 1), date(2016, 1, 1))
    ]


def test_the_right_class_may_end_too(two, row):
    order = asked(two[0], row, until=date(2020, 1, 1))
    approve_correction(by=two[1], order=order)
    check_now()
    row.refresh_from_db()
    assert row.spells.count() == 2
    assert not row.in_register


def test_a_class_that_never_was_is_struck_out(two, row):
    order = asked(two[0], row, klass="", since=None)
    assert approve_correction(by=two[1], order=order) is None
    check_now()
    row.refresh_from_db()
    assert not row.in_register
    assert not Spell.objects.filter(household=row).exists()


def test_an_episode_that_was_forgotten_is_written(two, row):
    order = order_correction(by=two[0], household=row, document="更正2号", reason="漏登", klass="sudden",
                             since=date(2021, 5, 1))  # fmt: skip
    approve_correction(by=two[1], order=order)
    check_now()
    row.refresh_from_db()
    assert row.monitor_type == "3"
    assert Episode.objects.filter(spell__household=row).count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"document": " "}, "document"),
        ({"reason": ""}, "reason"),
        ({"klass": "nobody"}, "klass"),
        ({"klass": "dibao"}, "klass"),
        ({"since": None}, "since"),
        ({"since": timezone.localdate() + timedelta(days=1)}, "since"),
        ({"until": date(2018, 12, 31)}, "until"),
        ({"until": timezone.localdate() + timedelta(days=1)}, "until"),
        ({"klass": ""}, "since"),
        ({"klass": "", "since": None, "spell": None}, "klass"),
    ],
)
def test_what_an_order_lacks_is_said_beside_its_field(two, row, facts, field):
    wanted = {"document": "更正1号", "reason": "录入有误", "klass": "out", "since": date(2018, 12, 31)}
    with pytest.raises(ValidationError) as refused:
        order_correction(by=two[0], household=row, **{"spell": row.spells.first(), **wanted, **facts})
    assert list(refused.value.message_dict) == [field]


def test_a_class_beside_another_of_the_same_axis_is_refused(two, row):
    order = asked(two[0], row, klass="out", since=date(2018, 12, 31))
    order.spell = None
    order.save()
    with pytest.raises(ValidationError, match="已有“贫困户”身份"):
        approve_correction(by=two[1], order=order)


def test_a_refused_order_is_over(two, row):
    order = asked(two[0], row)
    with pytest.raises(ValidationError, match="请写明"):
        refuse_correction(by=two[1], order=order, reason=" ")
    refuse_correction(by=two[1], order=order, reason="文件不符")
    with pytest.raises(ValidationError, match="重新提出"):
        approve_correction(by=two[1], order=order)


def test_the_village_orders_nothing(row):
    with pytest.raises(PermissionDenied):
        asked(factories.posted(Role.VILLAGE_CADRE), row)
