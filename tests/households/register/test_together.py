"""Two cadres at once: numbers are given once, the later save of one form is told, nobody is registered twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from households.models import Household, Member
from households.register import services
from households.register.errors import FormErrors
from households.register.fields import MemberRow
from povreg.kit.stale import Conflict
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*work):
    """Run the functions side by side, each with a connection of its own; returns results or refusals."""

    def run(function):
        try:
            return function()
        except (Conflict, FormErrors) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, each) for each in work]]


@pytest.fixture
def cadre():
    return make.posted(Role.VILLAGE_CADRE)


def test_every_new_household_gets_its_own_number(cadre):
    def enter(number):
        head = {"name": "王明海", "id_no": number}
        return services.register_household(by=cadre, village=make.VILLAGE, facts={}, head=head)

    numbers = [make.id_number(date(1980, 1, 2)) for _each in range(6)]
    at_once(*[lambda number=number: enter(number) for number in numbers])
    given = list(Household.objects.order_by("household_no").values_list("household_no", flat=True))
    assert given == [f"{make.VILLAGE}{number:04}" for number in range(1, 7)]


def test_of_two_saves_of_one_form_the_second_is_told(cadre):
    house = make.household(members=1)

    def save(note):
        return services.edit_household(by=cadre, household=house, version=2, facts={"note": note})

    outcomes = at_once(lambda: save("甲"), lambda: save("乙"))
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "Household"]
    house.refresh_from_db()
    assert house.version == 3


def test_one_person_entered_twice_at_once_is_registered_once(cadre):
    houses = [make.household(members=1), make.household(members=1)]
    number = make.id_number(date(1978, 3, 4), "2")

    def add(house):
        row = MemberRow("n", facts={"name": "陈秀兰", "relation": "02", "id_no": number})
        return services.edit_members(by=cadre, household=house, year=2020, rows=[row])

    outcomes = at_once(lambda: add(houses[0]), lambda: add(houses[1]))
    assert Member.objects.filter(name="陈秀兰").count() == 1
    assert any(isinstance(each, FormErrors) for each in outcomes)
