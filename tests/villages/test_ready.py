"""Querysets put together once for everybody with the same roles give each what ``visible_to`` gives him."""

from datetime import timedelta

import pytest
from django.db.models import Count, F
from django.utils import timezone

from households.models import Flip, Household
from tests import factories as make
from villages.models import Posting
from villages.rights import Role
from villages.rights.ready import ReadyFor

pytestmark = pytest.mark.django_db
VILLAGES = (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_VILLAGE)


@pytest.fixture
def register():
    """A household in each of three villages, one of them in another county."""
    return {code: make.household(code) for code in VILLAGES}


@pytest.fixture
def ready():
    """The households somebody sees, with the number of the village's."""
    return ReadyFor(lambda user: Household.objects.visible_to(user).annotate(number=F("household_no")).order_by("pk"))


@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.HELPER, Role.ACCOUNTS_ADMIN])
@pytest.mark.parametrize("code", [*VILLAGES, make.TOWNSHIP, make.COUNTY])
def test_everybody_is_shown_the_rows_of_his_own_places(register, ready, role, code):
    for other in (make.NEXT_VILLAGE, make.VILLAGE):
        ready(make.posted(Role.VILLAGE_CADRE, other))
    person = make.posted(role, code)
    assert ready(person) == list(Household.objects.visible_to(person).order_by("pk"))
    assert all(row.number == row.household_no for row in ready(person))


def test_people_alike_share_what_was_put_together_and_nothing_else(register, ready):
    for code in VILLAGES:
        assert ready(make.posted(Role.VILLAGE_CADRE, code)) == [register[code]]
    assert len(ready._ready) == 1
    several = make.posted(Role.VILLAGE_CADRE)
    Posting.objects.create(user=several, role=Role.VILLAGE_CADRE, place_id=make.OTHER_VILLAGE)
    assert ready(several) == [register[make.VILLAGE], register[make.OTHER_VILLAGE]]
    assert len(ready._ready) == 2


def test_above_a_village_and_below_a_place_it_is_asked_each_time(register, ready):
    ready(make.posted(Role.COUNTY_OFFICER, make.COUNTY))
    ready(make.posted(Role.HELPER, make.VILLAGE))
    assert ready(make.user()) == []
    assert ready._ready == {}


def test_numbers_and_moments_stand_in_it_and_what_is_fixed_shapes_it(register):
    now = timezone.now()
    make.flip(register[make.VILLAGE], at=now)

    def flips(user, year, since, *, order):
        rows = Flip.objects.visible_to(user).filter(year=year, at__gte=since).order_by(order)
        return rows.values("household").annotate(n=Count("pk")).values_list("household", "n")

    asked, cadre = ReadyFor(flips, int, type(now)), make.posted(Role.VILLAGE_CADRE)
    wanted = [(register[make.VILLAGE].pk, 1)]
    assert asked(cadre, make.YEAR, now - timedelta(days=1), order="household") == wanted
    assert asked(cadre, make.YEAR, now - timedelta(days=1), order="-household") == wanted
    assert asked(cadre, make.YEAR, now + timedelta(days=1), order="household") == []
    assert asked(cadre, make.YEAR - 1, now - timedelta(days=1), order="household") == []
    assert len(asked._ready) == 2
