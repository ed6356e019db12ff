"""What a dashboard asks is put together once: to each it says what it says to who is asked anew."""

from contextlib import ExitStack
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistance.models import AssistanceTally
from assistance.situation.tallies import SUMS
from povreg.kit.prepared import Ready
from povreg.overview.dashboard.helping import LISTS, Lists
from povreg.overview.dashboard.tallies import Counts
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR, OTHER_YEAR = make.YEAR, make.YEAR - 1
PLACES = {
    Role.COUNTY_OFFICER: (make.COUNTY, make.OTHER_VILLAGE[:6]),
    Role.TOWNSHIP_OFFICER: (make.TOWNSHIP, make.OTHER_VILLAGE[:9]),
    Role.VILLAGE_CADRE: (make.VILLAGE, make.OTHER_VILLAGE),
}
CALL, COUNT = Ready.__call__, Ready.count


def anew():
    """Nothing is put together beforehand: each selector is called with the values themselves."""
    changed = ExitStack()
    for name, ask in (("__call__", CALL), ("count", COUNT)):
        asked = lambda ready, *values, ask=ask: ask(Ready(lambda: ready.make(*values), alike=False))  # noqa: E731
        changed.enter_context(patch.object(Ready, name, asked))
    return changed


@pytest.fixture
def counted():
    """Two counties with figures of two years, one year closed in each, and what runs there."""
    for number, village in enumerate((make.VILLAGE, make.OTHER_VILLAGE)):
        home = make.household(village)
        make.job(place_code=village[:6], params={"year": YEAR}, status="running")
        for code in (village, village[:9], village[:6]):
            for year in (YEAR, OTHER_YEAR):
                make.tally(code, year, households=3 + number)
                make.tally(code, year, measure="total", bucket="all", households=9 + number, people=30)
                make.tally(code, year, measure="failed", bucket="housing", households=2)
        AssistanceTally.objects.create(
            place_id=village, year=YEAR, as_of=make.timezone.now(), **dict.fromkeys(SUMS, 1 + number)
        )
        make.late_fact(home, YEAR - number)
        make.closing(village[:6], YEAR - number)


def asked(client, place, year):
    with CaptureQueriesContext(connection) as told:
        answer = client.get(f"/dashboard/{place}/?year={year}")
    assert answer.status_code == 200
    return answer.context["cards"], answer.context["helping"], [each["sql"] for each in told.captured_queries]


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("role", PLACES)
def test_nothing_stays_of_the_place_or_the_year_that_was_asked_before(role, client, settings):
    settings.PREPARE_STATEMENTS = False
    here, elsewhere = PLACES[role]
    client.force_login(make.posted(role, elsewhere))
    for year in (OTHER_YEAR, YEAR):
        asked(client, elsewhere, year)
    client.force_login(make.posted(role, here))
    asked(client, here, YEAR)  # what a process keeps for a minute is kept
    with anew():
        wanted = asked(client, here, YEAR)
    assert asked(client, here, YEAR) == wanted


SIDES = {True: (3, 10, Decimal("4.50")), False: (2, 7, None)}


@pytest.mark.parametrize("held", [(True, False), (True,), (False,), ()])
def test_both_sides_together_are_the_sum_of_each(held):
    counts = Counts({("net_income", "all", poor): SIDES[poor] for poor in held})
    for ask in (counts.households, counts.people, counts.amount):
        assert ask("net_income") == sum(ask("net_income", poor=poor) for poor in (True, False))
    assert counts.households("net_income") == sum(SIDES[poor][0] for poor in held)


def test_lists_behind_assistance_are_those_that_the_rights_at_the_place_open():
    user = make.posted(Role.COUNTY_OFFICER)
    lists = Lists(user, YEAR)
    found = lists.of(make.VILLAGE)
    assert found.keys() == {name for name, (_, right, _) in LISTS.items() if user.can(right, make.VILLAGE)} != set()
    assert found["measures"] == f"/measures/?place={make.VILLAGE}&year={YEAR}"
    assert lists.of(make.OTHER_VILLAGE) == {}
