"""Querysets put together once for everybody with the same roles give each what ``visible_to`` gives him."""

from datetime import timedelta

import pytest
from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone

from households.models import Flip, Household
from povreg.kit.prepared import summed
from povreg.kit.scopes import county_of, within
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


def test_levels_have_texts_of_their_own_and_who_sees_less_than_his_place_is_asked_each_time(register, ready):
    other = next(code for code in VILLAGES if not code.startswith(make.COUNTY))
    assert ready(make.posted(Role.COUNTY_OFFICER, make.COUNTY)) == [
        row for code, row in register.items() if code.startswith(make.COUNTY)
    ]
    assert ready(make.posted(Role.COUNTY_OFFICER, other[:6])) == [register[other]]
    assert {shape.digits: shape.alike for shape in ready._ready} == {(6,): False}
    assert ready(make.posted(Role.VILLAGE_CADRE, other)) == [register[other]]
    assert {shape.digits: shape.alike for shape in ready._ready} == {(6,): False, (12,): True}
    ready(make.posted(Role.HELPER, make.VILLAGE))
    assert ready(make.user()) == []
    assert len(ready._ready) == 2


def test_rows_are_counted(register, ready):
    for code, number in ((make.VILLAGE, 1), (make.COUNTY, 2), (make.OTHER_VILLAGE, 1)):
        role = Role.VILLAGE_CADRE if len(code) > len(make.COUNTY) else Role.COUNTY_OFFICER
        assert ready.count(make.posted(role, code)) == number
    assert ready.count(make.posted(Role.HELPER, make.VILLAGE)) == 0
    assert ready.count(make.user()) == 0


@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.COUNTY_OFFICER, Role.HELPER, Role.ACCOUNTS_ADMIN])
def test_sums_are_those_of_aggregate(register, role):
    asked = {"n": Count("pk"), "last": Max("pk"), "none": Sum("pk", filter=Q(pk=0))}
    sums = ReadyFor(lambda user: summed(Household.objects.visible_to(user), **asked))
    for code in (make.OTHER_VILLAGE, make.VILLAGE):
        person = make.posted(role, code if role == Role.VILLAGE_CADRE else code[:6])
        assert sums.sums(person) == Household.objects.visible_to(person).aggregate(**asked)
    assert sums.sums(make.user()) == {"n": 0, "last": None, "none": None}


def held(user):
    return user.postings_today()[0][1]


def test_what_is_made_of_a_code_follows_it(register):
    """A condition on the county of one's place is of that county, not of the stand-in's."""
    homes = ReadyFor(lambda user: Household.objects.filter(within("village_id", county_of(held(user)))))
    for code in (make.VILLAGE, make.OTHER_VILLAGE):
        found = homes(make.posted(Role.VILLAGE_CADRE, code))
        assert {row.village_id[:6] for row in found} == {code[:6]}


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
